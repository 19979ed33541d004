import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { ENS5, expectAnswers, type Labels, NODE } from './allowances-input.ts';

const generated = generate();
const panels = generated.bundle.dashboards
  .find(({ uid }) => uid === 'node-allowances')
  ?.sections.flatMap((section) => section.panels);

/** The queries of a panel, for all clusters and the chosen nodes. */
const queries = (key: string, nodes: string): readonly string[] =>
  (panels?.find((placed) => placed.key === key)?.panel.targets ?? []).map(({ expr }) =>
    expr.text.replaceAll('$cluster', '.*').replaceAll('$node', nodes),
  );

const record = (perSecond: number, labels: Labels = ENS5, allowance = 'pps'): InputSeries => ({
  series: seriesText(`metric:${allowance}_allowance_exceeded`, labels),
  values: `${perSecond}x5`,
});
const alert = (alertname: string, labels: Labels): InputSeries => ({
  series: seriesText('ALERTS', { alertname, alertstate: 'firing', severity: 'warning', ...labels }),
  values: '1x5',
});

const OTHER: Labels = { ...ENS5, instance: 'b', node: 'b' };

describe.each([
  { key: 'worst-interfaces', label: 'instance', problem: [record(3)] },
  { key: 'firing-alerts', label: 'alertname', problem: [record(3), alert('PPSAllowanceExceeded', ENS5)] },
])('the table $key', ({ key, label, problem }) => {
  /** Expects how many rows the panel has, the row "none" apart. */
  const expectRows = async (series: readonly InputSeries[], count: number, none: boolean, nodes = '.*') => {
    const all = queries(key, nodes);
    const [rows, noneRow] = [all.slice(0, -1), all.at(-1)];
    await expectAnswers('groups: []', '1m', series, [
      {
        expr: `count(${rows.map((query) => `(${query})`).join(' or ')})`,
        eval_time: '3m',
        exp_samples: count === 0 ? [] : [{ labels: '{}', value: count }],
      },
      {
        expr: noneRow ?? '',
        eval_time: '3m',
        exp_samples: none ? [{ labels: seriesText('', { [label]: 'none' }), value: 1 }] : [],
      },
    ]);
  };

  test('says "none" where there are counters and no problem', async () => {
    await expectRows([record(0), record(0, OTHER, 'bw_in')], 0, true);
  });

  test('has the problem alone where there is one', async () => {
    await expectRows([...problem, record(0, OTHER)], 1, false);
  });

  test('is about the chosen nodes', async () => {
    await expectRows([...problem, record(0, OTHER)], 0, true, 'b');
    await expectRows(problem, 0, false, 'b');
  });

  test('says nothing where there are no counters, so that Grafana writes "no data"', async () => {
    await expectRows([], 0, false);
    const text = generated.file('dashboards/grafana/node-allowances.json');
    expect(text).not.toContain('"noValue": "none"');
    expect(text.match(/"noValue": "no data"/g)).toHaveLength(6);
  });
});

test('the alert on the source is shown, whatever nodes are chosen', async () => {
  const [query = ''] = queries('firing-alerts', 'b');
  const silent = { alertname: 'AllowanceSourceSilent', cluster: 'production' };
  await expectAnswers(
    'groups: []',
    '1m',
    [alert('AllowanceSourceSilent', { cluster: 'production' }), alert('PPSAllowanceExceeded', ENS5)],
    [{ expr: query, eval_time: '3m', exp_samples: [{ labels: seriesText('', silent), value: 2 }] }],
  );
});

const ROW: Labels = { cluster: 'production', instance: NODE['instance'] ?? '' };
const row = (instance: string): Labels => ({ cluster: 'production', instance });
const samples = (...all: readonly (readonly [Labels, number])[]) =>
  all.map(([labels, value]) => ({ labels: seriesText('', labels), value }));

describe('one row for each node', () => {
  const critical = { ...alert('PPSAllowanceExceeded', { ...ENS5, severity: 'critical' }) };
  const expectColumns = (
    series: readonly InputSeries[],
    expected: Readonly<Record<number, ReturnType<typeof samples>>>,
    nodes = '.*',
  ) =>
    expectAnswers(
      'groups: []',
      '1m',
      series,
      Object.entries(expected).map(([index, exp_samples]) => ({
        expr: queries('limited-nodes', nodes)[Number(index)] ?? '',
        eval_time: '3m',
        exp_samples,
      })),
    );

  test('folds warning and critical, interfaces and limits; the worst counts', async () => {
    const series = [
      record(3),
      record(2, { ...ENS5, device: 'ens6' }),
      record(1, ENS5, 'bw_in'),
      alert('PPSAllowanceExceeded', ENS5),
      critical,
      record(0, OTHER),
      alert('ConntrackAllowanceLow', { cluster: 'production', instance: 'b', node: 'b' }),
    ];
    // Worst, then connection tracking, link-local, packet rate, bandwidth in and out.
    await expectColumns(series, {
      0: samples([ROW, 3], [row('b'), 2]),
      1: samples([row('b'), 2]),
      2: [],
      3: samples([ROW, 3]),
      4: samples([ROW, 1]),
      5: [],
    });
  });

  test('shows a node over a limit without an alert, and not one whose alert is pending or of another dashboard', async () => {
    const pending = {
      series: seriesText('ALERTS', {
        alertname: 'PPSAllowanceExceeded',
        alertstate: 'pending',
        severity: 'warning',
        ...OTHER,
      }),
      values: '1x5',
    };
    await expectColumns([record(0.001), record(0, OTHER), pending, alert('KubeNodeNotReady', OTHER)], {
      0: samples([ROW, 1]),
    });
  });

  test('is about the chosen nodes and keeps clusters apart', async () => {
    const twin: Labels = { ...ENS5, cluster: 'staging' };
    await expectColumns([record(3), record(3, twin)], { 0: samples([ROW, 1], [{ ...ROW, cluster: 'staging' }, 1]) });
    await expectColumns([record(3), record(0, OTHER)], { 0: [] }, 'b');
  });

  test('names the interface with the most packets, the instance type and the zone', async () => {
    const labels = { job: 'kube-state-metrics', cluster: 'production', node: NODE['node'] ?? '' };
    await expectColumns(
      [
        record(3),
        record(2, ENS5, 'bw_in'),
        record(4, { ...ENS5, device: 'ens6' }),
        {
          series: seriesText('kube_node_labels', { ...labels, label_node_kubernetes_io_instance_type: 'm6i.large' }),
          values: '1x5',
        },
        {
          series: seriesText('kube_node_labels', {
            ...labels,
            node: 'idle',
            label_node_kubernetes_io_instance_type: 'c7i.large',
          }),
          values: '1x5',
        },
        {
          series: seriesText('cluster_node:zone:info', { cluster: 'production', node: labels.node, zone: 'eu-1a' }),
          values: '1x5',
        },
      ],
      {
        8: samples([{ ...ROW, device: 'ens5' }, 5]),
        9: samples([{ ...ROW, label_node_kubernetes_io_instance_type: 'm6i.large' }, 1]),
        10: samples([{ ...ROW, zone: 'eu-1a' }, 1]),
      },
    );
  });
});

describe('the tiles', () => {
  const expectTile = (key: string, series: readonly InputSeries[], value: number | undefined) =>
    expectAnswers('groups: []', '1m', series, [
      {
        expr: queries(key, '.*')[0] ?? '',
        eval_time: '3m',
        exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
      },
    ]);
  const described = (node: string, providerId = 'aws:///eu-1a/i-1'): InputSeries => ({
    series: seriesText('kube_node_info', { cluster: 'production', node, provider_id: providerId }),
    values: '1x5',
  });

  test('count nodes, not interfaces: 0 where none is over a limit, nothing where nothing is known', async () => {
    const second = record(3, { ...ENS5, device: 'ens6' });
    await expectTile('limited', [record(1), second, record(1, ENS5, 'bw_in'), record(0, OTHER)], 1);
    await expectTile('pps', [record(1), second, record(2, OTHER)], 2);
    await expectTile('limited', [record(0), record(0, OTHER)], 0);
    await expectTile('pps', [record(0)], 0);
    await expectTile('limited', [], undefined);
    await expectTile('pps', [record(1, ENS5, 'bw_in')], undefined);
  });

  test('count the EC2 nodes without counters, and say 0 where no exporter reports', async () => {
    const all = [described(NODE['node'] ?? ''), described('b'), described('c', 'eks-hybrid:///x/y')];
    await expectTile('silent', [record(0), ...all], 1);
    await expectTile('silent', [record(0), record(0, OTHER), ...all], 0);
    await expectTile('silent', all, 2);
    await expectTile('silent', [record(0)], undefined);
    await expectTile(
      'reporting',
      [{ series: 'metric:allowance_nodes:count{cluster="production"}', values: '7x5' }, ...all],
      7,
    );
    await expectTile('reporting', all, 0);
    await expectTile('reporting', [], undefined);
  });
});

test('the pods with the most traffic are those of limited nodes, by flows and by bytes', async () => {
  const pod = (name: string, node: string) => ({ cluster: 'production', namespace: 'shop', pod: name, node });
  const on = (node: string, names: readonly string[]) => names.map((name) => pod(name, node));
  const limited = NODE['node'] ?? '';
  const pods = [...on(limited, ['p1', 'p2', 'p3', 'p4', 'p5']), ...on('b', ['q1'])];
  const one = (name: string, labels: Labels, value: number): InputSeries => ({
    series: seriesText(name, labels),
    values: `${value}x5`,
  });
  const flows: Readonly<Record<string, number>> = { p1: 5, p2: 4, p3: 3, p4: 2, p5: 1, q1: 100 };
  const bytes: Readonly<Record<string, number>> = { p1: 1, p2: 2, p3: 3, p4: 4, p5: 50, q1: 1000 };
  const series = pods.flatMap((labels) => {
    const { cluster, namespace, pod: name } = labels;
    const owned = { ...labels, workload_type: 'Deployment', workload: 'w' };
    return [
      one('cluster_namespace_pod:identity:info', { ...owned, zone: 'eu-1a' }, 1),
      one('source_endpoint:network_flows:rate5m', { cluster, namespace, pod: name, ip: '10.0.0.1' }, flows[name] ?? 0),
      one(
        'destination_endpoint:network_flows:rate5m',
        { cluster, namespace, pod: name, ip: '10.0.0.1' },
        10 * (flows[name] ?? 0),
      ),
      one('pod:network_receive_bytes:rate5m', owned, bytes[name] ?? 0),
      one('pod:network_transmit_bytes:rate5m', owned, 2 * (bytes[name] ?? 0)),
    ];
  });
  const over = one('metric:allowance_exceeded:node', NODE, 3);
  const shown = (value: (name: string) => number) =>
    samples(
      ...pods
        .filter(({ node }) => node === limited)
        .map((labels): [Labels, number] => [{ ...labels, workload: 'w' }, value(labels.pod)]),
    );
  const [byFlows = '', received = '', sent = '', none = ''] = queries('talkers', '.*');
  // The first three by flows, the last three by bytes: all of five.
  await expectAnswers(
    'groups: []',
    '1m',
    [...series, over, record(3)],
    [
      { expr: byFlows, eval_time: '3m', exp_samples: shown((name) => 11 * (flows[name] ?? 0)) },
      { expr: received, eval_time: '3m', exp_samples: shown((name) => bytes[name] ?? 0) },
      { expr: sent, eval_time: '3m', exp_samples: shown((name) => 2 * (bytes[name] ?? 0)) },
      { expr: none, eval_time: '3m', exp_samples: [] },
    ],
  );
  await expectAnswers(
    'groups: []',
    '1m',
    [...series, record(0)],
    [
      { expr: byFlows, eval_time: '3m', exp_samples: [] },
      { expr: none, eval_time: '3m', exp_samples: samples([{ pod: 'none' }, 1]) },
    ],
  );
});
