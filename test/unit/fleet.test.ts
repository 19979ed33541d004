import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import {
  build,
  buildFleet,
  completeConfig,
  completeFleet,
  type Fleet,
  isFleet,
  isRecording,
  type RuleFile,
} from '../../generators/index.ts';
import { sharedRules, unsharedRecords } from '../../generators/fleet/rules.ts';
import { matches, promql, selector, within } from '../../generators/promql/index.ts';
import { plainRuleFile } from '../../generators/outputs/rule-groups.ts';
import { promtool } from '../../bench/process/prometheus.ts';
import { catalogue, generate } from '../support/generate.ts';
import { blocks } from '../support/markdown.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { run } from '../support/run-main.ts';
import { inTempDir, treeOf } from '../support/temp-dir.ts';

const fleetOf = (given: object): Fleet => {
  const fleet = completeFleet('fleet.yaml', given, catalogue);
  if (!isFleet(fleet)) throw new Error('no fleet');
  return fleet;
};

const built = (given: object): ReadonlyMap<string, string> =>
  new Map(buildFleet(fleetOf(given), catalogue, []).artifacts.map(({ path, text }) => [path, text]));

const problemsOf = (given: object): string => {
  try {
    fleetOf(given);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

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

describe('more conditions in a query', () => {
  const matchers = { cluster: matches('a|b') };
  test.each([
    [promql`up`, 'up{cluster=~"a|b"}'],
    [promql`${selector('up', {})} offset 5m`, 'up{cluster=~"a|b"} offset 5m'],
    [selector('up', { job: '},{' }), 'up{job="},{", cluster=~"a|b"}'],
    [
      promql`sum by (x) (rate(a:b[5m])) / on (x) c > 3`,
      'sum by (x) (rate(a:b{cluster=~"a|b"}[5m])) / on (x) c{cluster=~"a|b"} > 3',
    ],
    [promql`absent(up)`, 'absent(up{cluster=~"a|b"})'],
    [promql`max_over_time((a - b)[1h:1m])`, 'max_over_time((a{cluster=~"a|b"} - b{cluster=~"a|b"})[1h:1m])'],
    [promql`vector(1)`, 'vector(1)'],
  ])('%p', (query, text) => {
    expect(within(query, matchers).text).toBe(text);
  });

  test.each(['up{}', 'up{job="x",}', '{__name__="up" , }', '{__name__=~"a.+"}'])('%s stays a query', (text) => {
    const { text: changed } = within(
      promql`${new (promql`up`.constructor as new (text: string) => ReturnType<typeof selector>)(text)}`,
      matchers,
    );
    expect(changed).toMatch(/(^|[^,]), cluster=~"a\|b" ?\}$|\{cluster=~"a\|b"\}$/);
  });
});

const ALERTS = ['PPSAllowanceExceeded', 'BWINAllowanceExceeded'] as const;
const METRICS = {
  PPSAllowanceExceeded: 'metric:pps_allowance_exceeded',
  BWINAllowanceExceeded: 'metric:bw_in_allowance_exceeded',
};

describe('rules for one ruler', () => {
  const clusters: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    plain: {},
    'low.er': { PPSAllowanceExceeded: { threshold: 10, escalation: { threshold: 20 } } },
    off: { PPSAllowanceExceeded: false },
    info: { BWINAllowanceExceeded: { severity: 'info' } },
    quick: { PPSAllowanceExceeded: { for: '0s' } },
  };
  const common = {
    flows: { source: 'none' },
    targets: ['prometheus', 'helm-values'],
    fleet: { shared: ['prometheus'] },
  };
  const files = built({
    ...common,
    clusters: Object.fromEntries(Object.entries(clusters).map(([name, alerts]) => [name, { alerts }])),
  });
  const rules = [...files].filter(([path]) => path.startsWith('shared/rules/')).map(([, text]) => text);

  test('stand once, and nowhere else', () => {
    expect([...files.keys()].filter((path) => path.includes('rules/') && !path.startsWith('shared/'))).toEqual([]);
    expect(rules.length).toBeGreaterThan(2);
  });

  test('fire in each cluster when those of the cluster alone would', async () => {
    // Packets in the window of 5 minutes, a little above and below every threshold; a cluster that the fleet does not know has the common ones.
    const levels = [5, 15, 25, 90, 150, 900, 1500];
    const series = [...Object.keys(clusters), 'stranger', 'xlowxer'].flatMap((cluster) =>
      levels.flatMap((level) =>
        ALERTS.map((alert) => ({
          series: seriesText(METRICS[alert], { cluster, node: `n${level}`, device: 'ens5' }),
          values: `${level / 300}x60`,
        })),
      ),
    );
    const fires = (
      alerts: Readonly<Record<string, unknown>>,
      alert: string,
      cluster: string,
      level: number,
    ): readonly string[] => {
      const change = (alerts[alert] ?? {}) as
        { threshold?: number; escalation?: { threshold: number }; severity?: string } | false;
      if (change === false) return [];
      return [
        ...(level > (change.threshold ?? 100) ? [change.severity ?? 'warning'] : []),
        ...(level > (change.escalation?.threshold ?? 1000) ? ['critical'] : []),
      ].map((severity) => `${cluster} ${severity} n${level}`);
    };
    const all = { ...clusters, stranger: {}, xlowxer: {} };
    await testRules(rules, [
      {
        name: 'clusters',
        interval: '1m',
        input_series: series,
        promql_expr_test: ALERTS.flatMap((alert) =>
          ['warning', 'critical', 'info'].map((severity) => {
            const expected = Object.entries(all).flatMap(([cluster, alerts]) =>
              levels.flatMap((level) =>
                fires(alerts, alert, cluster, level).filter((text) => text.includes(` ${severity} `)),
              ),
            );
            const firing = `ALERTS{alertname="${alert}", alertstate="firing", severity="${severity}"}`;
            return {
              expr: `count by (who) (label_join(${firing}, "who", " ", "cluster", "severity", "node"))`,
              eval_time: '55m',
              exp_samples: expected.map((who) => ({ labels: `{who="${who}"}`, value: 1 })),
            };
          }),
        ),
      },
    ]);
  });

  test('have names that Prometheus and its linter take', async () => {
    await inTempDir(async (dir) => {
      for (const [index, text] of rules.entries()) {
        const path = join(dir, `${index}.yaml`);
        await writeFile(path, text);
        expect(await promtool(['check', 'rules', '--lint=all', '--lint-fatal', path])).toMatchObject({ code: 0 });
      }
    });
  });

  test('are many groups where many clusters differ, none of them too long', () => {
    const rulesOf = (alerts: object): readonly RuleFile[] =>
      generate({ flows: { source: 'none' }, alerts }).bundle.ruleFiles;
    const usual = rulesOf({});
    const many = Array.from({ length: 60 }, (_, index) => ({
      cluster: `c${index}`,
      ruleFiles: rulesOf({ PPSAllowanceExceeded: { for: `${index + 31}m` } }),
    }));
    const groups = sharedRules('cluster', usual, many).flatMap((file) => file.groups);
    expect(Math.max(...groups.map(({ rules: all }) => all.length))).toBeLessThanOrEqual(20);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    expect(
      groups
        .flatMap((group) => group.rules)
        .filter((rule) => !isRecording(rule) && rule.alert === 'PPSAllowanceExceeded'),
    ).toHaveLength(62);
  });

  test('hold an alert that is on in one cluster alone', () => {
    const rulesOf = (alerts: boolean) => generate({ controlPlane: { alerts } }).bundle.ruleFiles;
    const texts = sharedRules('cluster', rulesOf(false), [
      { cluster: 'a', ruleFiles: rulesOf(false) },
      { cluster: 'b', ruleFiles: rulesOf(true) },
    ]).map(plainRuleFile);
    expect(texts.join('').match(/alert: APIServerLatencyHigh[^]*?cluster: b/g)).toHaveLength(2);
  });

  test('must record what the alerts of every cluster read', () => {
    const rulesOf = (window: string) => generate({ rules: { window } }).bundle.ruleFiles;
    expect(unsharedRecords(rulesOf('5m'), rulesOf('10m')).missing.length).toBeGreaterThan(10);
    const given = { ...common, clusters: { slow: { rules: { window: '10m' } } } };
    expect(() => built(given)).toThrow(
      /^fleet\.yaml: 1 problem\n {2}clusters\.slow: its settings record \S+10m and \d+ more, which shared rules do not: /,
    );
  });
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
])('%j is refused', (given, message) => {
  const found = problemsOf(given);
  expect(found).toMatch(/^fleet\.yaml: 1 problem\n/);
  expect(found).toContain(message);
});

/** Runs commands in a folder with these files. */
const inFolder = (files: Readonly<Record<string, string>>, use: (dir: string) => Promise<void>): Promise<void> =>
  inTempDir(async (dir) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(dir, path, '..'), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    await use(dir);
  });

describe('commands', () => {
  const FLEET =
    'targets: [prometheus, helm-values, grafana]\nclusters: { production: , staging: { flows: { source: obi } } }\n';

  test('build, check and list a fleet, and one of its clusters', async () => {
    await inFolder({ 'azimuth.yaml': FLEET }, async (dir) => {
      const first = await run(dir, 'build');
      expect(first.code).toBe(0);
      expect(first.stdout).toContain('  new: clusters/staging/helm-values/opentelemetry-ebpf-instrumentation.yaml\n');
      expect(await run(dir, 'check')).toMatchObject({ code: 0, stdout: '' });
      expect((await run(dir, 'build')).stdout).toContain('nothing changed');
      const lists = [await run(dir, 'list'), await run(dir, 'list', '--cluster', 'staging')].map(
        ({ stdout }) => stdout,
      );
      expect(lists[0]).toContain('shared/dashboards/grafana/zone-traffic.json');
      expect(lists[1]).toContain('helm-values/opentelemetry-ebpf-instrumentation.yaml');
      expect(lists[1]).not.toContain('clusters/');
      expect((await run(dir, 'list', '--cluster', 'stagin')).stderr).toBe(
        'azimuth.yaml: 1 problem\n  clusters: has no "stagin", as --cluster says; did you mean staging?\n',
      );
      await writeFile(join(dir, 'azimuth.yaml'), FLEET.replace('production: , ', ''));
      const last = await run(dir, 'build');
      expect(last.stdout).toContain('  removed: clusters/production/helm-values/retina-hubble.yaml\n');
      expect(Object.keys(await treeOf(dir)).filter((path) => path.includes('production'))).toEqual([]);
    });
  });

  test('a cluster that becomes a fleet moves, and the folder of another is refused', async () => {
    await inFolder({ 'azimuth.yaml': '', 'other.yaml': 'cluster: { name: elsewhere }\n' }, async (dir) => {
      expect((await run(dir, 'build')).code).toBe(0);
      const before = await treeOf(dir);
      const refused = await run(dir, 'build', '--config', 'other.yaml');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toBe(
        'artifacts.lock.json: 1 problem\n  clusters: these files are for production, and the configuration is for elsewhere: ' +
          'build into another folder with --out; if a cluster was renamed, rename it here as well\n',
      );
      expect(await treeOf(dir)).toEqual(before);
      expect((await run(dir, 'check', '--config', 'other.yaml')).stderr).toBe(refused.stderr);
      expect((await run(dir, 'validate', '--config', 'other.yaml')).code).toBe(0);
      expect((await run(dir, 'build', '--config', 'other.yaml', '--out', 'elsewhere')).code).toBe(0);
      await writeFile(join(dir, 'azimuth.yaml'), 'clusters: { production: , staging: }\n');
      expect((await run(dir, 'build')).code).toBe(0);
      const after = Object.keys(await treeOf(dir)).filter((path) => !path.startsWith('elsewhere/'));
      expect(after.filter((path) => /^(rules|helm-values|manifests|dashboards)\//.test(path))).toEqual([]);
    });
  });

  test('what is written stands beside the configuration, wherever the command runs', async () => {
    await inFolder({ 'envs/prod/azimuth.yaml': 'cluster: { name: prod }\n' }, async (dir) => {
      expect((await run(dir, 'build', '--config', 'envs/prod/azimuth.yaml')).stdout).toMatch(
        /^\d+ artifacts in envs\/prod /,
      );
      expect((await run(dir, 'check', '--config', 'envs/prod/azimuth.yaml')).code).toBe(0);
      expect(Object.keys(await treeOf(dir)).filter((path) => !path.startsWith('envs/prod/'))).toEqual([]);
    });
  });
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

describe('a configuration that extends another', () => {
  const BASE = 'flows: { source: obi, units: [bytes] }\nrules: { window: 10m, labels: { team: net } }\n';

  test('has its settings, but for what it changes', async () => {
    const files = {
      'base.yaml': BASE,
      'eu/middle.yaml': 'extends: ../base.yaml\nrules: { labels: { region: eu } }\n',
      'eu/azimuth.yaml': 'extends: middle.yaml\nrules: { window: 5m }\n',
      'same.yaml': 'flows: { source: obi, units: [bytes] }\nrules: { window: 5m, labels: { team: net, region: eu } }\n',
    };
    await inFolder(files, async (dir) => {
      const [one, other] = [
        await run(dir, 'print', '--config', 'eu/azimuth.yaml'),
        await run(dir, 'print', '--config', 'same.yaml'),
      ];
      expect(one.code).toBe(0);
      expect(one.stdout).toBe(other.stdout);
    });
  });

  test('can be a fleet of its own', async () => {
    await inFolder(
      { 'base.yaml': BASE, 'azimuth.yaml': 'extends: base.yaml\nclusters: { a: , b: { flows: { source: beyla } } }\n' },
      async (dir) => {
        expect((await run(dir, 'list')).stdout).toContain('clusters/b/helm-values/');
      },
    );
  });

  test.each([
    [
      'extends: 3\n',
      '',
      'azimuth.yaml: 1 problem\n  extends: got 3, expected the path of a configuration, from the folder of this file\n',
    ],
    [
      'extends: nowhere.yaml\n',
      '',
      'nowhere.yaml: 1 problem\n  not found in here; name an existing file with --config FILE\n',
    ],
    [
      'extends: base.yaml\n',
      'extends: azimuth.yaml\n',
      'base.yaml: 1 problem\n  extends: got "azimuth.yaml", which extends this file in turn\n',
    ],
    ['extends: base.yaml\n', '- a\n', 'base.yaml: 1 problem\n  got ["a"], expected a mapping of settings\n'],
    [
      'extends: base.yaml\n',
      'flows: { sauce: obi }\n',
      'azimuth.yaml: 1 problem\n  flows.sauce: unknown setting, did you mean source? (in base.yaml)\n',
    ],
    [
      'extends: base.yaml\nflows: { unit: [] }\n',
      '',
      'azimuth.yaml: 1 problem\n  flows.unit: unknown setting, did you mean units?\n',
    ],
  ])('%j over %j is refused', async (text, base, message) => {
    await inFolder({ 'azimuth.yaml': text, 'base.yaml': base }, async (dir) => {
      const { code, stderr } = await run(dir, 'validate');
      expect(code).toBe(1);
      expect(stderr.replace(dir, 'here')).toBe(message);
    });
  });
});
