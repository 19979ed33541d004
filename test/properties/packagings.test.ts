import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { TARGETS } from '../../generators/config/schema-packaging.ts';
import { validConfig } from '../support/arbitrary-config.ts';
import { generate } from '../support/generate.ts';

/** Everything of the cluster that can be asked for beside a valid configuration. */
const cluster = fc.record({
  kubernetes: fc.constantFrom('1.27', '1.30', '1.31', '1.33', '1.34', '1.35').map((version) => ({ version })),
  monitors: fc.record({ enabled: fc.boolean() }),
  descheduler: fc.record({ enabled: fc.boolean() }),
  kubeBurner: fc.record({ enabled: fc.boolean() }),
  nodeLocalDns: fc.record({ scrape: fc.boolean() }),
  routing: fc.record({
    services: fc.subarray([
      { namespace: 'shop', name: 'cart' },
      { namespace: 'payments', name: 'ledger' },
    ]),
    workloads: fc.subarray([{ namespace: 'shop', kind: 'Deployment', name: 'cart', labels: { app: 'cart' } }]),
  }),
});

type Groups = { readonly groups: readonly unknown[] };

test('any valid configuration is packaged in every form, and every form holds the same rules', () => {
  fc.assert(
    fc.property(validConfig, cluster, (given, more) => {
      // Short intervals are refused for AMP by a quota, which is no business of this test.
      const amp = { workspaceId: 'ws-12345678-abcd-1234-abcd-123456789012', quotas: { interval: '1ms' } };
      const generated = generate({ ...given, ...more, amp, targets: [...TARGETS] });
      const { artifacts, bundle } = generated;
      for (const { path, text } of artifacts)
        expect([path, typeof (path.endsWith('.json') ? JSON.parse(text) : load(text))]).toEqual([path, 'object']);
      for (const { name } of bundle.ruleFiles) {
        const plain = load(generated.file(`rules/prometheus/${name}.rules.yaml`));
        expect((load(generated.file(`rules/prometheus-operator/${name}.yaml`)) as { spec: Groups }).spec).toEqual(
          plain,
        );
        const { configuration } = (
          load(generated.file(`rules/amp/${name}.yaml`)) as { spec: { configuration: string } }
        ).spec;
        expect(load(configuration)).toEqual(plain);
      }
      for (const { uid } of bundle.dashboards) {
        const { data } = load(generated.file(`dashboards/configmaps/${uid}.yaml`)) as { data: Record<string, string> };
        expect(JSON.parse(data[`${uid}.json`] ?? '')).toEqual(
          JSON.parse(generated.file(`dashboards/grafana/${uid}.json`)),
        );
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
