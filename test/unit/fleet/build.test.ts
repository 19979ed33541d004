import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { build, buildFleet, completeConfig } from '../../../generators/index.ts';
import { built, fleetOf } from '../../support/fleet.ts';
import { catalogue } from '../../support/generate.ts';
import { blocks } from '../../support/markdown.ts';

const problemsOf = (given: object): string => {
  try {
    fleetOf(given);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('mistakes in the settings and in the shape of a fleet are said at once', () => {
  expect(problemsOf({ flaws: {}, clusters: { 'a/b': {} }, fleet: { share: [] } })).toMatch(
    /^fleet\.yaml: 3 problems\n {2}flaws: .*\n {2}clusters: got "a\/b".*\n {2}fleet\.share: /,
  );
});

/** Ways in which clusters differ, most of them in one setting that few parts read. */
const CHANGES: Readonly<Record<string, object | null>> = {
  plain: null,
  threshold: { alerts: { PPSAllowanceExceeded: { threshold: 7 } } },
  off: { alerts: { TrafficLost: false } },
  labels: { rules: { labels: { team: 'net', app: 'x' } } },
  window: { rules: { window: '10m' } },
  source: { flows: { source: 'cilium-hubble' } },
  version: { retina: { version: 'v1.1.3' } },
  workload: { routing: { workloads: [{ namespace: 'n', kind: 'Deployment', name: 'w', labels: { app: 'w' } }] } },
  named: { cluster: { name: 'another' } },
  unbilled: { cloud: { provider: 'none' } },
};

describe('the files of a cluster', () => {
  const common = {
    targets: ['prometheus', 'helm-values', 'manifests', 'grafana'],
    ethtool: { daemonSet: { enabled: true } },
  };
  const files = built({ ...common, clusters: CHANGES });

  test.each(Object.entries(CHANGES))('%s: are those of a build of it alone', (name, changes) => {
    const alone = completeConfig('alone', { ...common, cluster: { name }, ...changes }, catalogue);
    const expected = build(alone, catalogue, []).artifacts.filter(({ path }) =>
      /^(rules|helm-values|manifests)\//.test(path),
    );
    const found = [...files].filter(([path]) => path.startsWith(`clusters/${name}/`));
    expect(Object.fromEntries(found.map(([path, text]) => [path.replace(`clusters/${name}/`, ''), text]))).toEqual(
      Object.fromEntries(expected.map(({ path, text }) => [path, text])),
    );
    expect(found.length).toBeGreaterThan(4);
  });

  test('that all share are those of the settings beside clusters, once', () => {
    const expected = build(completeConfig('alone', common, catalogue), catalogue, []).artifacts;
    const dashboards = expected.filter(({ path }) => path.startsWith('dashboards/'));
    expect(Object.fromEntries([...files].filter(([path]) => path.startsWith('shared/')))).toEqual(
      Object.fromEntries(dashboards.map(({ path, text }) => [`shared/${path}`, text])),
    );
    const others = [...files.keys()].filter((path) => !/^(clusters|shared)\//.test(path));
    expect(others).toEqual(['azimuth.schema.json', 'artifacts.lock.json']);
  });
});

test('rules that are shared are in no values', () => {
  const targets = ['prometheus', 'prometheus-operator', 'kube-prometheus-stack'];
  const files = built({ targets, fleet: { shared: ['prometheus', 'prometheus-operator'] }, clusters: { a: null } });
  const values = files.get('clusters/a/helm-values/kube-prometheus-stack.yaml') ?? '';
  expect(values).toContain('kube-state-metrics');
  expect(values).not.toContain('record:');
});

describe('warnings', () => {
  const warningsOf = (given: object) =>
    buildFleet(fleetOf(given), catalogue, []).warnings.map(({ settings, reason }) => [settings, reason]);
  test.each([
    [
      { clusters: { a: { dashboards: { 'zone-traffic': { refresh: '5m' } } } } },
      [['clusters.a.dashboards.zone-traffic.refresh'], 'grafana is shared, and built of the settings beside clusters'],
    ],
    [{ clusters: { a: { obi: { app: 'x' } } } }, [['clusters.a.obi.app'], 'no file of this cluster depends on it']],
  ])('%j', (given, warning) => {
    expect(warningsOf(given)).toEqual([warning]);
  });
  test('none for what a cluster changes in its own files', () => {
    expect(warningsOf({ clusters: { a: { retina: { version: 'v1.1.3' }, alerts: { TrafficLost: false } } } })).toEqual(
      [],
    );
  });
});

test.each([
  [
    { clusters: {} },
    'clusters: got {}, expected a mapping of at least one cluster, such as { production: { cloud: { region: eu-west-1 } } }',
  ],
  [{ clusters: ['a'] }, 'clusters: got ["a"], expected a mapping of at least one cluster'],
  [
    { clusters: { 'a/b': {} } },
    'clusters: got "a/b", expected a name of letters, digits, dots, dashes and underscores',
  ],
  [{ clusters: { '..': {} } }, 'clusters: got "..", expected a name of letters'],
  [
    { clusters: { a: {}, A: {} } },
    'clusters: got "A", expected a name that differs from a by more than upper and lower case',
  ],
  [{ clusters: { a: 3 } }, 'clusters.a: got 3, expected a mapping of the settings that differ for this cluster'],
  [{ fleet: { shared: [] } }, 'fleet: goes with clusters, and there are none'],
  [{ clusters: { a: {} }, fleet: { share: [] } }, 'fleet.share: unknown setting, did you mean shared?'],
  [
    { clusters: { a: {} }, fleet: { shared: ['manifests'] } },
    'fleet.shared.0: got "manifests", expected an output that clusters can share: ',
  ],
  [{ clusters: { a: { flows: { sauce: 'obi' } } } }, 'clusters.a.flows.sauce: unknown setting, did you mean source?'],
  [{ flows: { sauce: 'obi' }, clusters: { a: {} } }, '  flows.sauce: unknown setting, did you mean source?'],
  [{ clusters: { a: { clusters: { b: {} } } } }, 'clusters.a.clusters: unknown setting'],
  [
    { cluster: { label: null }, clusters: { a: {}, b: {} } },
    'cluster.label: got null, expected a label: without one, the series of clusters',
  ],
  [
    { clusters: { a: {}, b: { cluster: { name: 'a' } } } },
    'clusters.b.cluster.name: got "a", which is that of a too; expected a name of its own',
  ],
  [
    { clusters: { a: { cluster: { label: 'k8s' } } } },
    'clusters.a.cluster.label: got "k8s", expected "cluster" as in all clusters',
  ],
  [
    { clusters: { a: { targets: ['helm-values'] } } },
    'clusters.a.targets: got ["helm-values"], expected the shared outputs of all clusters among them (grafana)',
  ],
  [
    { targets: ['amp'], amp: { workspaceId: 'ws-1' }, clusters: { a: { amp: { workspaceId: 'ws-2' } } } },
    'clusters.a.amp.workspaceId: is set for one cluster, and fleet.shared has amp, which has one workspace for all',
  ],
  [
    { targets: ['amp'], amp: { workspaceId: 'ws-1' }, fleet: { shared: [] }, clusters: { a: {}, b: {} } },
    'fleet.shared: has no amp, and a and b have one workspace',
  ],
  [
    {
      targets: ['prometheus', 'kube-prometheus-stack'],
      fleet: { shared: ['prometheus'] },
      clusters: { a: {}, b: { targets: ['prometheus', 'helm-values'] } },
    },
    'fleet.shared: has prometheus, and the values of kube-prometheus-stack bring the same rules to a: add prometheus-operator to targets and to fleet.shared',
  ],
])('%j is refused', (given, message) => {
  const found = problemsOf(given);
  expect(found).toMatch(/^fleet\.yaml: 1 problem\n/);
  expect(found).toContain(message);
});

describe('docs/fleets.md', () => {
  const guide = readFileSync('docs/fleets.md', 'utf8');
  const [first = '', second = '', rule = '', ...others] = blocks(guide, 'yaml');

  test('names files that the fleet beside writes', () => {
    const files = built(load(first) as object);
    const named = (blocks(guide, 'text')[0] ?? '').split('\n').filter((line) => /\w/.test(line));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !files.has(path))).toEqual([]);
    expect(others).toEqual([]);
  });

  test('shows a rule as it is written', () => {
    const text = built(load(second) as object).get('shared/rules/prometheus/ena-allowances.rules.yaml') ?? '';
    const lines = text.split('\n').map((line) => line.trim());
    for (const line of rule.trim().split('\n')) expect(lines).toContain(line.trim());
  });
});
