import { readFileSync } from 'node:fs';
import { describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { publishedPanels, publishedRules } from '../../bench/scale/published.ts';
import { generate, RULES } from '../support/generate.ts';
import { blocks, inlineCode, tableRows } from '../support/markdown.ts';
import { seriesText, testRules, type ExpressionTest, type InputSeries, type RuleTest } from '../support/rule-test.ts';
import { publishedAllowances, publishedBytes, publishedCpu, publishedOwners } from './migration-published.ts';
import { BYTE_CASES, byteInput, FLOW_CASES, flowInput, together, type Case } from './migration-traffic.ts';
import { kubeStateMetrics, owners, sample, values } from './scenario.ts';

jest.setTimeout(120_000);

/** The tables of the guide are what is expected here. */
const guide = readFileSync('docs/migration.md', 'utf8');

const FLOWS = 'Topology-aware routing, Retina with Hubble metrics';
const STANDARD = "Retina's standard mode";
const EKS = 'EKS network performance';
const OWNERS = 'Metrics by workload owner';

/** What both sides of a join must be unique for. */
const AMBIGUOUS = /many-to-many matching not allowed|duplicate series|multiple matches for labels/;

/** The figures of a cell. */
const figures = (cell = ''): number[] => cell.split(', ').map(Number);

/** A query that must answer one figure; rounded, as releases of Prometheus differ in the last bits, and 0 where there is no series. */
const answers = (query: string, value: number, eval_time = '20m'): ExpressionTest => ({
  expr: `round(sum(${query}) or vector(0), 0.000001)`,
  eval_time,
  exp_samples: [{ labels: '{}', value }],
});

const all = (queries: readonly string[], cell: string | undefined): ExpressionTest[] => {
  const expected = figures(cell);
  expect(expected).toHaveLength(queries.length);
  return queries.map((query, index) => answers(query, expected[index] ?? Number.NaN));
};

const caseTest = (name: string, input_series: readonly InputSeries[], tests: readonly ExpressionTest[]): RuleTest => ({
  name,
  interval: '30s',
  input_series,
  promql_expr_test: tests,
});

/** The case of a row. @throws Error when the guide has a row that nothing stands behind. */
function caseOf(cases: Readonly<Record<string, Case>>, row: string): Case {
  const found = cases[row];
  if (found === undefined) throw new Error(`no case for the row "${row}"`);
  return found;
}

const groupsFile = (groups: readonly object[]): string => dump({ groups });

describe(`the section ${FLOWS}`, () => {
  const rows = tableRows(guide, FLOWS, 'traffic');
  const records = generate({ rules: { compatibilityRecords: true } });
  const theirs = groupsFile([{ name: 'inter_az_traffic_analysis.rules', interval: '1m', rules: publishedRules }]);
  const ours = [records.file(RULES.compatibility), records.file(RULES.zoneTraffic)];

  const panels = publishedPanels.slice(0, 3).map(({ query }) => query);
  /** The same panels as they are without the recorded rules. */
  const raw = panels.map((panel) =>
    publishedRules.reduce((query, { record, expr }) => query.replaceAll(record, `(${expr})`), panel),
  );
  /** The guide's queries, by the panel that they take the place of. */
  const instead = new Map(
    tableRows(guide, FLOWS, 'panel').map(([panel = '', cell = '']) => [panel, inlineCode(cell)[0] ?? '']),
  );
  const byLocality = ['Same AZ', 'Cross AZ'].map((panel) => instead.get(panel) ?? '');
  const unknown = 'cluster:network_flows:rate5m{locality="unknown"}';

  test('every case has its row', () => {
    expect(rows.map(([row = '']) => row).toSorted()).toEqual(Object.keys(FLOW_CASES).toSorted());
    expect(raw.every((query) => query.includes('kube_pod_info') && !query.includes('_mapping'))).toBe(true);
  });

  test('the published panels answer what the guide says, with their recorded rules and without', async () => {
    const tests = rows
      .filter(([, cell]) => cell !== 'error')
      .map(([row = '', cell]) =>
        caseTest(row, flowInput(caseOf(FLOW_CASES, row)), [...all(panels, cell), ...all(raw, cell)]),
      );
    expect(tests.length).toBeGreaterThan(10);
    await testRules([theirs], tests);
  });

  test.each(rows.filter(([, cell]) => cell === 'error').map(([row = '']) => row))('%s: they fail', async (row) => {
    const input = flowInput(caseOf(FLOW_CASES, row));
    for (const query of [...panels, ...raw]) {
      await expect(testRules([theirs], [caseTest(row, input, [answers(query, 0)])])).rejects.toThrow(AMBIGUOUS);
    }
  });

  test('they answer the same on our compatibility records, and our records what the guide says', async () => {
    const tests = rows.map(([row = '', , compatible, own]) => {
      const [same = 0, cross = 0] = figures(own);
      return caseTest(row, flowInput(caseOf(FLOW_CASES, row)), [
        ...all(panels, compatible),
        ...all([...byLocality, unknown], own),
        answers(instead.get('Total Traffic AZ') ?? '', same + cross),
      ]);
    });
    await testRules(ours, tests);
  });

  test('all rows at once: the published panels fail, and the other columns add up', async () => {
    const shared = rows.filter(([row = '']) => caseOf(FLOW_CASES, row).until === undefined);
    expect(shared.length).toBe(rows.length - 1);
    const input = together(shared.map(([row = '']) => caseOf(FLOW_CASES, row)));
    const sums = (column: number): string =>
      shared
        .map((cells) => figures(cells[column]))
        .reduce((one, other) => one.map((figure, index) => figure + (other[index] ?? Number.NaN)))
        .join(', ');
    for (const panel of panels) {
      await expect(testRules([theirs], [caseTest('published', input, [answers(panel, 0)])])).rejects.toThrow(AMBIGUOUS);
    }
    await testRules(ours, [
      caseTest('ours', input, [...all(panels, sums(2)), ...all([...byLocality, unknown], sums(3))]),
    ]);
  });

  test('what nobody can place is in none of the queries by zone and by pair, and in the published ones is a zone', async () => {
    const both = ["two zones, to the pod's address", 'between two nodes without a zone'];
    const input = flowInput({ traffic: both.flatMap((row) => caseOf(FLOW_CASES, row).traffic) });
    const zones = (
      query: string,
      expected: readonly (readonly [source: string, destination: string, rate: number])[],
    ) => ({
      expr: `sum by (source_zone, destination_zone) (${query})`,
      eval_time: '20m',
      exp_samples: expected.map(([source_zone, destination_zone, rate]) =>
        sample({ __name__: '', source_zone, destination_zone }, rate),
      ),
    });
    const published = publishedPanels.at(3)?.query ?? '';
    await testRules(
      [theirs],
      [
        caseTest('published', input, [
          zones(published, [
            ['zone-a', 'zone-b', 2],
            ['', '', 1],
          ]),
        ]),
      ],
    );
    await testRules(ours, [
      caseTest('ours', input, [
        zones(published, [
          ['zone-a', 'zone-b', 1],
          ['unknown', 'unknown', 1],
        ]),
        ...['Traffic per AZ', 'Traffic per AZ (Pod)'].map((panel) =>
          zones(instead.get(panel) ?? '', [['zone-a', 'zone-b', 1]]),
        ),
      ]),
    ]);
  });

  test('the published records have another rate in their names than the panels, which show 0', async () => {
    const asPrinted = groupsFile([
      {
        name: 'inter_az_traffic_analysis.rules',
        rules: publishedRules.map(({ record, expr }) => ({
          record: record.replace(':rate5m', ':irate5m'),
          expr: expr.replace(/^rate/, 'irate'),
        })),
      },
    ]);
    const input = flowInput(caseOf(FLOW_CASES, 'two zones, by a Service'));
    await testRules([asPrinted], [caseTest('as printed', input, all(panels, '0, 0, 0'))]);
  });

  test('the selection compatibility counts as the published panels do', async () => {
    const selected = generate({ rules: { compatibilityRecords: true }, flows: { select: 'compatibility' } });
    const cells: Record<string, string> = {
      "two zones, to the pod's address": '2, 0, 2',
      'two zones, by a Service': '1, 0, 1',
      'one node, by a Service': '0, 0, 0',
    };
    await testRules(
      [selected.file(RULES.compatibility)],
      Object.entries(cells).map(([row, cell]) => {
        expect(rows.find(([name]) => name === row)?.[1]).toBe(cell);
        return caseTest(row, flowInput(caseOf(FLOW_CASES, row)), all(panels, cell));
      }),
    );
  });

  test('a selection by the published direction finds nothing', async () => {
    const record = 'traffic:hubble_flows_processed_total:rate5m';
    await testRules(ours, [
      caseTest('direction', flowInput(caseOf(FLOW_CASES, "two zones, to the pod's address")), [
        answers(`${record}{traffic_direction="egress"}`, 0),
        answers(`${record}{traffic_direction="ingress"}`, 1),
      ]),
    ]);
  });
});

describe(`the section ${STANDARD}`, () => {
  const rows = tableRows(guide, STANDARD, 'traffic');
  const records = generate({ flows: { source: 'retina-standard', units: ['bytes'] } }).file(RULES.zoneTraffic);
  const published = [publishedBytes.total, publishedBytes.same];
  const panel = blocks(guide, 'promql').find((block) => block.includes('app-client')) ?? '';
  const ofLocality = (locality: string): string =>
    `sum by (locality) (cluster:network_bytes:rate5m{locality="${locality}"})`;

  test('every case has its row', () => {
    expect(rows.map(([row = '']) => row).toSorted()).toEqual(Object.keys(BYTE_CASES).toSorted());
    expect(panel).not.toBe('');
  });

  test('the published query answers what the guide says', async () => {
    const tests = rows
      .filter(([, cell]) => cell !== 'error')
      .map(([row = '', cell]) => caseTest(row, byteInput(caseOf(BYTE_CASES, row)), all(published, cell)));
    expect(tests.length).toBeGreaterThan(6);
    await testRules([], tests);
  });

  test.each(rows.filter(([, cell]) => cell === 'error').map(([row = '']) => row))('%s: it fails', async (row) => {
    const input = byteInput(caseOf(BYTE_CASES, row));
    await expect(testRules([], [caseTest(row, input, [answers(publishedBytes.same, 0)])])).rejects.toThrow(AMBIGUOUS);
  });

  test('our records answer what the guide says, and so does its query for one client and one server', async () => {
    const localities = ['same_zone', 'cross_zone', 'unknown'].map(ofLocality);
    const tests = rows.map(([row = '', , cell]) => {
      const [same = 0, cross = 0] = figures(cell);
      return caseTest(row, byteInput(caseOf(BYTE_CASES, row)), [
        ...all(localities, cell),
        {
          expr: panel,
          eval_time: '20m',
          exp_samples: [
            ...(same === 0 ? [] : [sample({ __name__: '', locality: 'same_zone' }, same)]),
            ...(cross === 0 ? [] : [sample({ __name__: '', locality: 'cross_zone' }, cross)]),
          ],
        },
      ]);
    });
    await testRules([records], tests);
  });
});

/** Values every 5 seconds: a counter that is scraped `every` seconds from `first` on, with what it has at a second. */
const scraped = (seconds: number, first: number, every: number, at: (second: number) => number): string =>
  Array.from({ length: seconds / 5 }, (_, step) => step * 5)
    .map((second) => (second % every === first ? String(at(second)) : '_'))
    .join(' ');

describe(`the section ${EKS}`, () => {
  const rows = tableRows(guide, EKS, 'excess');
  const ours = generate().file(RULES.allowances);
  const theirs = groupsFile(publishedAllowances);
  const GROUPS = {
    published: ['PPS', 'BWIN', 'BWOut', 'Conntrack', 'LinkLocal'],
    ours: [['PPS', 'BWIN', 'BWOut'], ['Conntrack'], ['LinkLocal']],
  };

  /** What a row says: the interface, packets and the time they take, and how far scrapes are apart. */
  function parsed(row: string): { eval_time: string; input: InputSeries[] } {
    const [, device = '', packets = '', rest = ''] = /^`(\w+)`, (\d+) (.*)$/.exec(row) ?? [];
    const [, every = ''] = /every (\d+) s$/.exec(rest) ?? [];
    const [, minutes = '14'] = /for (\d+) minutes/.exec(rest) ?? [];
    const [, per = '1'] = /in (\d+) seconds/.exec(rest) ?? [];
    const isJump = rest.startsWith('at once');
    // Scrapes and evaluations do not coincide, and a minute's evaluation is not the one that a jump falls into.
    const first = Number(every) === 15 ? 5 : 10;
    const counter = (second: number): number =>
      isJump ? (second > 12 * 60 + 50 ? Number(packets) : 0) : (Number(packets) / Number(per)) * second;
    const seconds = Number(minutes) * 60;
    const input = ['pps', 'bw_in', 'bw_out', 'conntrack', 'linklocal'].map((allowance) => ({
      series: `node_net_ethtool{cluster="one", instance="n", node="n", job="j", device="${device}", type="${allowance}_allowance_exceeded"}`,
      values: scraped(seconds + 5, first, Number(every), counter),
    }));
    return { eval_time: `${minutes}m`, input };
  }

  const firing = (alerts: readonly string[], cell: string | undefined, eval_time: string): ExpressionTest => ({
    expr:
      'group by (alertname, severity) (ALERTS{alertstate="firing", alertname=~"(' +
      alerts.join('|') +
      ')AllowanceExceeded"})',
    eval_time,
    exp_samples: (cell === 'none' ? [] : (cell ?? '').split(', ')).flatMap((severity) =>
      alerts.map((alert) => sample({ __name__: '', alertname: `${alert}AllowanceExceeded`, severity }, 1)),
    ),
  });

  test('the published alerts fire as the guide says', async () => {
    await testRules(
      [theirs],
      rows.map(([row = '', cell]) => {
        const { input, eval_time } = parsed(row);
        return { ...caseTest(row, input, [firing(GROUPS.published, cell, eval_time)]), interval: '5s' };
      }),
    );
  });

  test('and ours', async () => {
    expect(rows.length).toBeGreaterThan(4);
    await testRules(
      [ours],
      rows.map(([row = '', , ...cells]) => {
        const { input, eval_time } = parsed(row);
        const tests = GROUPS.ours.map((alerts, index) => firing(alerts, cells[index], eval_time));
        return { ...caseTest(row, input, tests), interval: '5s' };
      }),
    );
  });

  test("the guide's setting gives LinkLocal the published severity", async () => {
    const change = inlineCode(guide).find((code) => code.startsWith('alerts: { LinkLocal')) ?? '';
    const changed = generate(load(change) as object).file(RULES.allowances);
    const [row = ''] = rows.find(([, published, , , own]) => published === 'critical' && own === 'warning') ?? [];
    const { input, eval_time } = parsed(row);
    await testRules(
      [changed],
      [{ ...caseTest(row, input, [firing(['LinkLocal'], 'critical', eval_time)]), interval: '5s' }],
    );
  });

  test('records have other labels, and a selection by the published ones finds nothing', async () => {
    const { input, eval_time } = parsed(rows[0]?.[0] ?? '');
    const record = 'metric:pps_allowance_exceeded';
    for (const [rules, found] of [
      [theirs, 1],
      [ours, 0],
    ] as const) {
      await testRules(
        [rules],
        [
          {
            ...caseTest('labels', input, [
              answers(record, 1, eval_time),
              answers(`${record}{type="pps_allowance_exceeded", job="j"}`, found, eval_time),
            ]),
            interval: '5s',
          },
        ],
      );
    }
  });
});

describe(`the section ${OWNERS}`, () => {
  const rows = tableRows(guide, OWNERS, 'pod');
  const records = generate().file(RULES.zoneTraffic);
  const query = blocks(guide, 'promql').find((block) => block.includes('container_cpu_usage')) ?? '';
  const POD = { cluster: 'one', namespace: 'shop', pod: 'p' };

  const constant = (metric: string, labels: Readonly<Record<string, string>>): InputSeries => ({
    series: seriesText(metric, labels),
    values: values(() => 1),
  });

  /** A pod that a controller owns, what kube-state-metrics says of its owners, and its CPU as the kubelet has it. */
  function input(kind: string, name: string, more: readonly InputSeries[]): InputSeries[] {
    const cores = { app: 1, POD: 0.25, '': 1.25 };
    return [
      ...kubeStateMetrics(
        [{ name: 'n', label: 'zone-a' }],
        [{ namespace: 'shop', name: 'p', node: 'n', controller: [kind, name] }],
      ),
      constant('kube_pod_owner', { ...POD, owner_kind: kind, owner_name: name, owner_is_controller: 'true' }),
      ...more,
      ...Object.entries(cores).map(([container, used]) => ({
        series: seriesText('container_cpu_usage_seconds_total', { ...POD, container }),
        values: values((minute) => used * 60 * minute),
      })),
    ];
  }

  /** By the first words of a row: the series, and the owner that the published dashboard's variables select. */
  const PODS: Readonly<Record<string, { readonly series: readonly InputSeries[]; readonly owner: string }>> = {
    'of a Deployment': {
      series: input('ReplicaSet', 'cart-1', [
        ...owners('kube_replicaset_owner', [['shop', 'cart-1', 'Deployment', 'cart']]),
      ]),
      owner: 'owner_kind="Deployment", owner_name="cart"',
    },
    'of a DaemonSet': { series: input('DaemonSet', 'agent', []), owner: 'owner_kind="DaemonSet", owner_name="agent"' },
    "of a CronJob's Job": {
      series: input('Job', 'report-1', [...owners('kube_job_owner', [['shop', 'report-1', 'CronJob', 'report']])]),
      owner: 'owner_kind="Job", owner_name="report-1"',
    },
  };

  test.each(rows)('%s', async (row = '', published, own) => {
    const [name = '', as = ''] = row.split(', ');
    const { series, owner } = PODS[name] ?? { series: [], owner: '' };
    const label = as === 'queries as published' ? 'pod_name' : 'pod';
    await testRules(
      [records],
      [
        caseTest(row, series, [
          ...all([`count(${publishedOwners('shop')})`, publishedCpu('shop', owner, label)], published),
          ...all(['count(cluster_namespace_pod:identity:info)', query], own),
        ]),
      ],
    );
  });

  test('owners are those that the guide names', async () => {
    const named: Record<string, readonly [string, string]> = {
      'of a Deployment': ['Deployment', 'cart'],
      'of a DaemonSet': ['DaemonSet', 'agent'],
      "of a CronJob's Job": ['CronJob', 'report'],
    };
    await testRules(
      [records],
      Object.entries(named).map(([name, [workload_type, workload]]) =>
        caseTest(name, PODS[name]?.series ?? [], [
          {
            expr: query,
            eval_time: '20m',
            exp_samples: [sample({ __name__: '', cluster: 'one', namespace: 'shop', workload_type, workload }, 1)],
          },
        ]),
      ),
    );
  });
});
