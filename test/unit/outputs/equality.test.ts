import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import { documentIn, inFolder, objectsIn, packaged } from '../../support/packagings.ts';
import { generate, type Generated } from '../../support/generate.ts';

jest.setTimeout(60_000);

const CONFIGURATIONS: readonly (readonly [string, object])[] = [
  ['the defaults', {}],
  ['bytes', { flows: { source: 'obi' } }],
  ['two sources', { flows: { source: ['retina-hubble', 'obi'] } }],
  ['allowances only', { flows: { source: 'none' } }],
  ['traffic only, without a cluster label', { ethtool: { exporter: 'none' }, cluster: { label: null } }],
  [
    'text that is hard to quote',
    {
      cluster: { name: `a "b" 'c' {{ d }} # e: f` },
      rules: { labels: { team: '`x` { }', note: 'yes', day: '2026-11-20' } },
      dashboards: { 'zone-traffic': { title: '%: - "Zones" {{ x }} $y' } },
    },
  ],
];

type Named = Readonly<Record<string, unknown>>;

const mapped = (from: Named, change: (value: unknown) => unknown): Named =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));

const groupsIn = (data: unknown): unknown => (data as { readonly groups: unknown }).groups;

/** The rule groups of each rule file, read back from every packaging. */
function groupsOf(generated: Generated, withoutOperator: Generated): Readonly<Record<string, Named>> {
  const { artifacts } = generated;
  const stack = load(withoutOperator.file('helm-values/kube-prometheus-stack.yaml')) as {
    additionalPrometheusRulesMap: Named;
  };
  const carried = Object.entries(stack.additionalPrometheusRulesMap);
  return {
    prometheus: mapped(inFolder(artifacts, 'rules/prometheus'), (text) => groupsIn(documentIn(text))),
    stack: Object.fromEntries(carried.map(([name, data]) => [name.replace(/^azimuth-/, ''), groupsIn(data)])),
    operator: mapped(objectsIn(artifacts, 'rules/prometheus-operator'), (object) =>
      groupsIn((object as { readonly spec: unknown }).spec),
    ),
    amp: mapped(objectsIn(artifacts, 'rules/amp'), (object) =>
      groupsIn(documentIn((object as { readonly spec: { readonly configuration: unknown } }).spec.configuration)),
    ),
  };
}

const withoutVersion = (text: unknown): unknown => {
  const { version, ...dashboard } = (typeof text === 'string' ? JSON.parse(text) : text) as { version: unknown };
  expect(version).toBe(1);
  return dashboard;
};

/** The dashboards, read back from every packaging, without their versions. */
const dashboardsOf = ({ artifacts }: Generated): Readonly<Record<string, Named>> => ({
  grafana: mapped(inFolder(artifacts, 'dashboards/grafana'), withoutVersion),
  sidecar: Object.fromEntries(
    Object.values(objectsIn(artifacts, 'dashboards/configmaps')).flatMap(({ data = {} }) =>
      Object.entries(data).map(([key, text]) => [key.replace(/\.json$/, ''), withoutVersion(text)]),
    ),
  ),
  operator: mapped(objectsIn(artifacts, 'dashboards/grafana-operator'), (object) =>
    withoutVersion((object as { readonly spec: { readonly json: unknown } }).spec.json),
  ),
  gitSync: mapped(objectsIn(artifacts, 'dashboards/git-sync'), (object) =>
    withoutVersion((object as { readonly spec: unknown }).spec),
  ),
});

describe.each(CONFIGURATIONS)('every packaging carries the same: %s', (_name, given) => {
  const generated = packaged(given);

  test('rule groups', () => {
    const { prometheus, ...others } = groupsOf(
      generated,
      // Beside PrometheusRule objects the values carry no rules.
      generate({ ...given, targets: ['kube-prometheus-stack'] }),
    );
    expect(Object.keys(prometheus ?? {}).toSorted()).toEqual(
      generated.bundle.ruleFiles.map(({ name }) => name).toSorted(),
    );
    for (const [target, groups] of Object.entries(others)) expect([target, groups]).toEqual([target, prometheus]);
  });

  test('dashboards', () => {
    const { grafana, ...others } = dashboardsOf(generated);
    expect(Object.keys(grafana ?? {}).toSorted()).toEqual(generated.bundle.dashboards.map(({ uid }) => uid).toSorted());
    for (const [target, dashboards] of Object.entries(others)) {
      expect([target, dashboards]).toEqual([target, grafana]);
    }
  });

  test('the plain rule file to the letter, where it is carried as text', () => {
    const { artifacts } = generated;
    const plain = inFolder(artifacts, 'rules/prometheus');
    const carried = mapped(objectsIn(artifacts, 'rules/amp'), (object) => {
      const { spec } = object as { readonly spec: { readonly configuration: unknown } };
      return spec.configuration;
    });
    expect(carried).toEqual(plain);
  });

  test('as literal blocks, which people can read', () => {
    for (const text of Object.values(inFolder(generated.artifacts, 'rules/amp'))) {
      expect(text).toMatch(/^ {2}configuration: \|$/m);
    }
    for (const text of Object.values(inFolder(generated.artifacts, 'dashboards/grafana-operator'))) {
      expect(text).toMatch(/^ {2}json: \|$/m);
    }
    for (const [uid, text] of Object.entries(inFolder(generated.artifacts, 'dashboards/configmaps'))) {
      expect(text).toContain(`\n  ${uid}.json: |\n`);
    }
  });
});
