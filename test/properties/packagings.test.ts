import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { ADDED, deployedConfig } from '../support/arbitrary-cluster.ts';
import { generate } from '../support/generate.ts';

type Groups = { readonly groups: readonly unknown[] };

test('any valid configuration is packaged in every form, and every form holds the same rules', () => {
  fc.assert(
    fc.property(deployedConfig, (given) => {
      const generated = generate(given);
      const { artifacts, bundle } = generated;
      // Of two outputs that load the rules, a configuration has one.
      const operator = generate({ ...given, targets: ['prometheus-operator', 'manifests', 'helm-values'] });
      for (const { path, text } of artifacts)
        expect([path, typeof (path.endsWith('.json') ? JSON.parse(text) : load(text))]).toEqual([path, 'object']);
      for (const { name } of bundle.ruleFiles) {
        const plain = load(generated.file(`rules/prometheus/${name}.rules.yaml`));
        expect((load(operator.file(`rules/prometheus-operator/${name}.yaml`)) as { spec: Groups }).spec).toEqual(plain);
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

test('most of what is added to a configuration fits it', () => {
  const sample = fc.sample(deployedConfig, 60);
  const used = ADDED.map((key) => [key, sample.filter((given) => key in given).length > 10] as const);
  expect(used.filter(([, often]) => !often)).toEqual([]);
  const profiles = new Set(sample.map(({ cilium }) => (cilium as { profile?: string } | undefined)?.profile));
  expect(profiles.size).toBeGreaterThan(2);
});
