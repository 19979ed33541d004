import { describe, expect, test } from '@jest/globals';
import type { Dashboard } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';
import { testRules } from '../../support/rule-test.ts';

interface PanelJson {
  readonly title: string;
  readonly fieldConfig: {
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

const dashboardOf = (given: object): Dashboard => {
  const found = generate(given).bundle.dashboards.find(({ uid }) => uid === 'zone-routing');
  if (found === undefined) throw new Error('no zone-routing');
  return found;
};

/** The address that a cell of a column links to; undefined where it links nowhere. */
function linkOf(given: object, panel: string, column: string): string | undefined {
  const { panels } = JSON.parse(generate(given).file('dashboards/grafana/zone-routing.json')) as {
    panels: readonly PanelJson[];
  };
  const links = panels
    .find(({ title }) => title === panel)
    ?.fieldConfig.overrides.filter(({ matcher }) => matcher.options === column)
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === 'links')?.value as readonly { readonly url: string }[] | undefined;
  return links?.[0]?.url;
}

const queriesOf = ({ sections }: Dashboard, key: string): readonly string[] =>
  sections
    .flatMap(({ panels }) => panels)
    .find((one) => one.key === key)
    ?.panel.targets.map(({ expr }) => expr.text) ?? [];

const SERVICES = [
  { namespace: 'shop', name: 'cart' },
  { namespace: 'shop', name: 'web.api' },
  { namespace: 'pay', name: 'ledger' },
].map((one) => ({ ...one, name: one.name.replace('.', '-') }));

describe('each row of a Service leads to the patch that mends it', () => {
  const REPOSITORY = 'https://github.com/you/repo/blob/main/manifests';

  test('by the file, where its address is known', () => {
    expect(linkOf({ routing: { patchesUrl: `${REPOSITORY}/` } }, 'Services', 'Patch')).toBe(
      `${REPOSITORY}/\${__data.fields.Patch}`,
    );
  });

  test('by the runbook, where that is a URL; a path would be an address of Grafana', () => {
    const rules = { runbookBaseUrl: 'https://example.com/runbooks/' };
    expect(linkOf({ rules }, 'Services', 'Patch')).toBe('https://example.com/runbooks/ServiceWithoutZoneHints.md');
    expect(linkOf({ rules }, 'Spread of workloads with hints', 'Workload')).toBe(
      'https://example.com/runbooks/WorkloadZoneSkew.md',
    );
    expect(linkOf({}, 'Services', 'Patch')).toBeUndefined();
  });

  test.each([
    ['', 'list it in routing.services'],
    [REPOSITORY, ''],
  ])('names the files of the listed Services, with patchesUrl "%s"', async (patchesUrl, otherwise) => {
    const given = { routing: { services: SERVICES, patchesUrl } };
    const [query = ''] = queriesOf(dashboardOf({ ...given, flows: { source: 'none' } }), 'services');
    const files = generate(given).bundle.manifests.map(({ name }) => name);
    const patches = {
      'shop/cart': 'routing/shop/service-cart.yaml',
      'shop/web-api': 'routing/shop/service-web-api.yaml',
      'pay/ledger': 'routing/pay/service-ledger.yaml',
      // The same names elsewhere, and names that only contain one of them.
      'pay/cart': otherwise,
      'shop/cart-2': otherwise,
      'shop/webxapi': otherwise,
    };
    for (const { namespace, name } of SERVICES) {
      expect(files.map((file) => `${file}.yaml`)).toContain(patches[`${namespace}/${name}` as keyof typeof patches]);
    }
    const labels = (path: string, more: Readonly<Record<string, string>> = {}) => {
      const [namespace = '', service = ''] = path.split('/');
      return Object.entries({ cluster: 'c1', namespace, service, ...more })
        .filter(([, value]) => value !== '')
        .map(([label, value]) => `${label}="${value}"`)
        .join(',');
    };
    await testRules(
      [JSON.stringify({ groups: [] })],
      [
        {
          name: 'patches',
          interval: '1m',
          input_series: Object.keys(patches).flatMap((path) => [
            { series: `service:routing:info{${labels(path, { routing: 'none' })}}`, values: '1x5' },
            { series: `service:endpoints:count{${labels(path)}}`, values: '3x5' },
          ]),
          promql_expr_test: [
            {
              expr: query.replaceAll(/\$(?:cluster|namespace|service)\b/g, '.*'),
              eval_time: '2m',
              exp_samples: Object.entries(patches).map(([path, patch]) => ({
                labels: `{${labels(path, { routing: 'none', patch })}}`,
                value: 3,
              })),
            },
          ],
        },
      ],
    );
  });
});

test('the last change of each Service stands beside the share before and now', async () => {
  const queries = queriesOf(dashboardOf({}), 'effect').map((query) =>
    query.replaceAll('$__range', '1h').replaceAll(/\$(?:cluster|namespace|service)\b/g, '.*'),
  );
  const of = (service: string) => `cluster="c1", namespace="shop", service="${service}"`;
  const unit = 'network_flows';
  await testRules(
    [JSON.stringify({ groups: [] })],
    [
      {
        name: 'effect',
        interval: '1m',
        input_series: [
          {
            series: `service:routing_changed:timestamp_seconds{${of('cart')}, change="hints_vanished"}`,
            values: '_x4 300 stale',
          },
          {
            series: `service:routing_changed:timestamp_seconds{${of('cart')}, change="hints_appeared"}`,
            values: '_x9 600 stale',
          },
          {
            series: `service:${unit}_cross_zone_before_change:ratio_rate1h{${of('cart')}}`,
            values: '_x4 0.1 stale _x3 0.6 stale',
          },
          { series: `service:${unit}_inbound:rate5m{${of('cart')}}`, values: '10x30' },
          { series: `service:${unit}_inbound_cross_zone:rate5m{${of('cart')}}`, values: '2x30' },
          // Never changed.
          { series: `service:${unit}_inbound:rate5m{${of('web')}}`, values: '10x30' },
          { series: `service:${unit}_inbound_cross_zone:rate5m{${of('web')}}`, values: '9x30' },
        ],
        promql_expr_test: [600_000, 0.6, 0.2].map((value, index) => ({
          expr: queries[index] ?? '',
          eval_time: '20m',
          exp_samples: [{ labels: `{${of('cart')}, change="hints_appeared"}`, value }],
        })),
      },
    ],
  );
});

describe('what a configuration cannot show is left out, with the reason', () => {
  const skipped = (given: object) =>
    generate(given).bundle.skipped.flatMap((one) =>
      'panel' in one && one.dashboard === 'zone-routing' ? [[one.panel, one.reason]] : [],
    );

  test.each([
    [{}, 'descheduler.enabled is false'],
    [{ descheduler: { enabled: true, kind: 'CronJob' } }, 'descheduler.kind is CronJob, which exposes no metrics'],
    [{ descheduler: { enabled: true, metrics: false } }, 'descheduler.metrics is false'],
  ])('evictions, %j', (given, reason) => {
    expect(skipped(given)).toEqual([
      ['evictions', reason],
      ['evictions-by-namespace', reason],
    ]);
  });

  test('evictions are there where the descheduler is scraped', () => {
    expect(skipped({ descheduler: { enabled: true } })).toEqual([]);
  });

  test('traffic of Services, without a source that names both ends', () => {
    const reasons = (given: object) =>
      new Set(skipped({ descheduler: { enabled: true }, ...given }).map(([, one]) => one));
    expect(reasons({ flows: { source: 'none' } })).toEqual(new Set(['flows.source is none']));
    expect(reasons({ flows: { source: 'kubezonnet' } })).toEqual(
      new Set(['kubezonnet does not name the other end of traffic']),
    );
  });

  test('all of it, where nobody knows the zones of pods or nobody asks', () => {
    const whole = (given: object) =>
      generate(given).bundle.skipped.find(
        (one) => 'dashboard' in one && one.dashboard === 'zone-routing' && !('panel' in one),
      )?.reason;
    expect(whole({ routing: { records: false } })).toBe('routing.records is false');
    expect(whole({ flows: { source: 'none' }, workloads: { resources: false } })).toBe(
      'flows.source is none and workloads.resources is false, so nobody knows the zones of pods',
    );
  });
});
