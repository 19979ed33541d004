import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText } from '../support/rule-test.ts';
import { expectAnswers, type Labels } from './allowances-input.ts';

const flows = generate({ flows: { source: 'retina-hubble' } });
const bytes = generate({ flows: { source: 'retina-standard', units: ['bytes'] } });

interface Choice {
  readonly namespace?: string;
  readonly locality?: string;
  readonly workload?: string;
  readonly cluster?: string;
}

/** A query of a panel as Grafana sends it. */
function query(uid: string, key: string, choice: Choice = {}, of = flows, index = 0): string {
  const panels = of.bundle.dashboards.find((one) => one.uid === uid)?.sections.flatMap((section) => section.panels);
  const text = panels?.find((panel) => panel.key === key)?.panel.targets[index]?.expr.text;
  if (text === undefined) throw new Error(`no query ${index} of ${uid}/${key}`);
  const values: Readonly<Record<string, string>> = {
    cluster: '.*',
    namespace: '.*',
    locality: 'cross_zone',
    ...choice,
  };
  return text.replaceAll(/\$([a-z]\w*)/g, (token, name: string) => values[name] ?? token);
}

const answer = (expr: string, ...samples: readonly (readonly [Labels, number])[]): ExpressionTest => ({
  expr,
  eval_time: '3m',
  exp_samples: samples.map(([labels, value]) => ({ labels: seriesText('', labels), value })),
});

const expectShown = async (series: readonly InputSeries[], tests: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers('groups: []', '1m', series, tests);

type End = readonly [namespace: string, workload: string, zone: string, type?: string];

const ends = (source: End, destination: End, locality?: string): Labels => {
  const end = (side: string, [namespace, workload, zone, type = 'Deployment']: End): Labels => ({
    [`${side}_namespace`]: namespace,
    [`${side}_workload`]: workload,
    [`${side}_workload_type`]: type,
    [`${side}_zone`]: zone,
  });
  const found =
    source[2] === 'unknown' || destination[2] === 'unknown'
      ? 'unknown'
      : source[2] === destination[2]
        ? 'same_zone'
        : 'cross_zone';
  return { ...end('source', source), ...end('destination', destination), locality: locality ?? found };
};

const record = (name: string, labels: Labels, value: number, cluster = 'one'): InputSeries => ({
  series: seriesText(name, { cluster, ...labels }),
  values: `${value}x5`,
});

const pair = (source: End, destination: End, value: number, unit = 'network_flows', cluster = 'one'): InputSeries =>
  record(`workload_pair:${unit}:rate5m`, ends(source, destination), value, cluster);

const ofCluster = (locality: string, value: number, cluster = 'one'): InputSeries =>
  record('cluster:network_flows:rate5m', { locality }, value, cluster);

const CART: End = ['shop', 'cart', 'a'];
const LEDGER: End = ['payments', 'ledger', 'b'];
const INDEX: End = ['search', 'index', 'a'];

/** Traffic between two namespaces, of one of them with a third, within it, and with nobody knows whom. */
const WORLD: readonly InputSeries[] = [
  pair(CART, LEDGER, 10),
  pair(LEDGER, CART, 4),
  // The same workload as a StatefulSet: no column tells them apart.
  pair(['shop', 'cart', 'a', 'StatefulSet'], LEDGER, 1),
  pair(CART, INDEX, 30),
  pair(['shop', 'cart', 'b'], ['shop', 'cart', 'a'], 2),
  pair(CART, ['unknown', 'unknown', 'unknown'], 5),
  // Of the cluster, some has no workload.
  ofCluster('cross_zone', 100),
  ofCluster('same_zone', 50),
  ofCluster('unknown', 10),
  // Another cluster.
  pair(CART, LEDGER, 1000, 'network_flows', 'two'),
  ofCluster('cross_zone', 1000, 'two'),
  ofCluster('same_zone', 0, 'two'),
  ofCluster('unknown', 0, 'two'),
];

describe('the namespace picker filters the numbers', () => {
  const shown = (key: string, choice: Choice, ...samples: readonly (readonly [Labels, number])[]) =>
    answer(query('zone-traffic', key, { cluster: 'one', ...choice }), ...samples);

  test('All is the record of the cluster, which also counts what has no workload; else a pair counts once', async () => {
    await expectShown(WORLD, [
      shown('cross-zone', {}, [{}, 100]),
      shown('total', {}, [{}, 160]),
      shown('unknown-share', {}, [{}, 10 / 160]),
      // One namespace: 10 + 4 + 1 + 2 of 17 + 30 + 5.
      shown('cross-zone', { namespace: 'shop' }, [{}, 17]),
      shown('total', { namespace: 'shop' }, [{}, 52]),
      shown('cross-zone-share', { namespace: 'shop' }, [{}, 17 / 52]),
      shown('cross-zone', { namespace: 'payments' }, [{}, 15]),
      // With both ends chosen, the same as with one of them.
      shown('cross-zone', { namespace: '(shop|payments)' }, [{}, 17]),
      shown('total', { namespace: '(shop|payments)' }, [{}, 52]),
      // Traffic, and none of it crosses zones: 0, not "no data".
      shown('cross-zone', { namespace: 'search' }, [{}, 0]),
      shown('cross-zone-share', { namespace: 'search' }, [{}, 0]),
      // A namespace that does not exist, and one whose name is the start of another's.
      shown('cross-zone', { namespace: 'sho' }),
      shown('total', { namespace: 'nothing' }),
    ]);
  });

  test('clusters add up, and one can be chosen', async () => {
    await expectShown(WORLD, [
      shown('cross-zone', { cluster: '.*' }, [{}, 1100]),
      shown('cross-zone', { cluster: '.*', namespace: 'payments' }, [{}, 1015]),
      shown('cross-zone', { cluster: 'two', namespace: 'payments' }, [{}, 1000]),
    ]);
  });

  test('where figures are withheld, it says so whatever is chosen', async () => {
    const withheld = [record('cluster:network_flows_identity:usable', {}, 0)];
    await expectShown(withheld, [shown('cross-zone', {}, [{}, -1]), shown('total', { namespace: 'shop' }, [{}, -1])]);
  });
});

describe('a pair of workloads is one row', () => {
  const row = (end: End, peer: End, way: string, cluster = 'one'): Labels => ({
    cluster,
    end_namespace: end[0],
    end_workload: end[1],
    end_zone: end[2],
    peer_namespace: peer[0],
    peer_workload: peer[1],
    peer_zone: peer[2],
    way,
  });
  const shown = (choice: Choice, ...samples: readonly (readonly [Labels, number])[]) =>
    answer(query('zone-traffic', 'workload-pairs', { cluster: 'one', ...choice }), ...samples);

  test('with what its first end sends and receives, equal rates too; traffic with itself is sent', async () => {
    const [a, b]: readonly [End, End] = [
      ['shop', 'cart', 'a'],
      ['shop', 'cart', 'b'],
    ];
    await expectShown(WORLD, [
      shown({}, [row(LEDGER, CART, 'received'), 11], [row(LEDGER, CART, 'sent'), 4], [row(a, b, 'received'), 2]),
      shown({ namespace: 'search', locality: '(same_zone|unknown)' }, [row(INDEX, CART, 'received'), 30]),
      shown({ namespace: 'shop', locality: 'unknown' }, [row(CART, ['unknown', 'unknown', 'unknown'], 'sent'), 5]),
    ]);
    const alone: readonly InputSeries[] = [
      pair(CART, CART, 7),
      pair(CART, ['shop', 'cart-db', 'a'], 3),
      pair(['shop', 'cart-db', 'a'], CART, 3),
    ];
    await expectShown(alone, [
      shown(
        { locality: 'same_zone' },
        [row(CART, CART, 'sent'), 7],
        [row(['shop', 'cart-db', 'a'], CART, 'sent'), 3],
        [row(['shop', 'cart-db', 'a'], CART, 'received'), 3],
      ),
    ]);
  });

  test('names that are equal for long stay two rows, and nothing is lost or doubled', async () => {
    const long = 'x'.repeat(60);
    const [first, second]: readonly [End, End] = [
      ['shop', `${long}1`, 'a'],
      ['shop', `${long}2`, 'b'],
    ];
    await expectShown(
      [pair(first, second, 8), pair(second, first, 3)],
      [shown({}, [row(first, second, 'sent'), 8], [row(second, first, 'sent'), 3])],
    );
  });

  test('the way back of a large direction is there, however small', async () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      pair(['shop', `w${String(index).padStart(2, '0')}`, 'a'], LEDGER, 100 + index),
    );
    const query50 = query('zone-traffic', 'workload-pairs', { cluster: 'one' });
    await expectShown(
      [...many, pair(LEDGER, ['shop', 'w59', 'a'], 0.5), pair(LEDGER, ['shop', 'w00', 'a'], 0.25)],
      [
        answer(`count(${query50})`, [{}, 51]),
        answer(`${query50} < 1`, [row(LEDGER, ['shop', 'w59', 'a'], 'sent'), 0.5]),
        answer(`min(${query50} > 1)`, [{}, 110]),
      ],
    );
  });

  test('has its cost for a month beside it, both directions together', async () => {
    const cost = (source: End, destination: End, value: number) =>
      record('workload_pair:network_cost:rate5m', ends(source, destination), value);
    const series = [
      pair(CART, LEDGER, 1e6, 'network_bytes'),
      pair(LEDGER, CART, 2e6, 'network_bytes'),
      cost(CART, LEDGER, 1e-3),
      cost(LEDGER, CART, 2e-3),
    ];
    const asked = query('zone-traffic', 'workload-pairs', { cluster: 'one', namespace: '(shop|payments)' }, bytes);
    const { way: _way, ...labels } = row(LEDGER, CART, '');
    await expectShown(series, [
      answer(
        asked,
        [{ ...labels, way: 'received' }, 1e6],
        [{ ...labels, way: 'sent' }, 2e6],
        [{ ...labels, way: 'cost' }, 3e-3 * 730 * 3600],
      ),
      answer(query('zone-traffic', 'cost', { namespace: '(shop|payments)' }, bytes), [{}, 3e-3 * 730 * 3600]),
    ]);
  });
});

test('the matrix has the internet and unknown last, whatever zones are called, and a whole diagonal', async () => {
  const zones = (from: string, to: string, value: number) =>
    record('zone_pair:network_flows:rate5m', { source_zone: from, destination_zone: to }, value);
  const cell = (from: string, to: string, order: string, value: number): readonly [Labels, number] => [
    { source_zone: from, destination_zone: to, order },
    value,
  ];
  await expectShown(
    [zones('zz-1', 'zz-1', 5), zones('zz-1', 'unknown', 2), zones('us-a', 'zz-1', 3), zones('us-a', 'internet', 4)],
    [
      answer(
        query('zone-traffic', 'matrix'),
        cell('zz-1', 'zz-1', 'azz-1', 5),
        cell('us-a', 'us-a', 'aus-a', 0),
        cell('internet', 'internet', 'binternet', 0),
        cell('unknown', 'unknown', 'c', 0),
        cell('zz-1', 'unknown', '', 2),
        cell('us-a', 'zz-1', '', 3),
        cell('us-a', 'internet', '', 4),
      ),
    ],
  );
  const text = flows.file('dashboards/grafana/zone-traffic.json');
  expect(text).toContain('"field": "order"');
});

describe('the figures of trust', () => {
  const shown = (key: string, ...samples: readonly (readonly [Labels, number])[]) =>
    answer(query('zone-traffic', key), ...samples);
  const node = (name: string, instance = 'ksm-0'): InputSeries => record('kube_node_info', { node: name, instance }, 1);
  const seen = (instance: string): InputSeries =>
    record('cluster_instance:flow_events_seen:rate5m', { instance, source: 'retina-hubble' }, 5);

  test('silent nodes: two replicas of kube-state-metrics count once, other sources do not speak for this one', async () => {
    const other = record('cluster_instance:flow_events_seen:rate5m', { instance: 'b', source: 'netobserv' }, 5);
    await expectShown([node('a'), node('a', 'ksm-1'), node('b'), seen('a')], [shown('silent', [{}, 1])]);
    await expectShown([node('a'), node('b'), seen('a'), other], [shown('silent', [{}, 1])]);
    await expectShown([node('a'), node('b')], [shown('silent', [{}, 2])]);
    // More agents than nodes, as while a node is replaced, is not less than none.
    await expectShown([node('a'), seen('a'), seen('gone')], [shown('silent', [{}, 0])]);
    await expectShown([seen('a')], [shown('silent')]);
    // Of the chosen cluster only.
    const elsewhere = record('kube_node_info', { node: 'z' }, 1, 'two');
    await expectShown(
      [node('a'), seen('a'), elsewhere],
      [shown('silent', [{}, 1]), answer(query('zone-traffic', 'silent', { cluster: 'one' }), [{}, 0])],
    );
  });

  test('counted twice is the worse of both directions, in the cluster that is worse', async () => {
    const ratio = (value: number, cluster: string) =>
      record('cluster:network_flows_initiator_over_receiver:ratio_rate5m', {}, value, cluster);
    await expectShown([ratio(0.5, 'one'), ratio(1.1, 'two')], [shown('counted-twice', [{}, 2])]);
    await expectShown([ratio(0.95, 'one'), ratio(1.5, 'two')], [shown('counted-twice', [{}, 1.5])]);
  });

  test('lost by rules is the largest share of a cluster, whatever its sign', async () => {
    const lost = (value: number, cluster: string) => record('cluster:network_flows_lost:rate5m', {}, value, cluster);
    await expectShown([...WORLD, lost(-16, 'one'), lost(1, 'two')], [shown('lost', [{}, 0.1])]);
    await expectShown(WORLD, [shown('lost')]);
  });

  test('reasons are weighed by the traffic of their clusters', async () => {
    const share = (reason: string, value: number, cluster: string) =>
      record('cluster:network_flows_unattributed:ratio_rate5m', { reason }, value, cluster);
    await expectShown(
      [...WORLD, share('outside', 0.5, 'one'), share('outside', 0, 'two'), share('gone', 0, 'one')],
      [shown('unattributed', [{ reason: 'outside' }, 80 / 1160])],
    );
  });

  test('firing alerts are those of traffic, or "none" where there is traffic', async () => {
    const alert = (alertname: string): InputSeries =>
      record('ALERTS', { alertname, alertstate: 'firing', severity: 'warning' }, 1);
    const none = query('zone-traffic', 'firing-alerts', {}, flows, 1);
    await expectShown(
      [...WORLD, alert('TrafficLost')],
      [answer(`count(${query('zone-traffic', 'firing-alerts')})`, [{}, 1]), answer(none)],
    );
    await expectShown(
      [...WORLD, alert('PPSAllowanceExceeded')],
      [answer(query('zone-traffic', 'firing-alerts')), answer(none, [{ alertname: 'none' }, 1])],
    );
    await expectShown([], [answer(none)]);
  });
});

describe('zone-workload', () => {
  const choice = { cluster: 'one', namespace: 'shop', workload: 'cart' };
  const shown = (key: string, of: Choice, ...samples: readonly (readonly [Labels, number])[]) =>
    answer(query('zone-workload', key, { ...choice, ...of }), ...samples);
  const peer = (zone: string, [namespace, workload, at]: End, locality: string, way: string): Labels => ({
    cluster: 'one',
    end_zone: zone,
    peer_namespace: namespace,
    peer_workload: workload,
    peer_zone: at,
    locality,
    way,
  });

  test('traffic of the workload with itself counts once', async () => {
    await expectShown(WORLD, [
      shown('cross-zone', {}, [{}, 17]),
      shown('cross-zone-share', {}, [{}, 17 / 52]),
      shown('sent', {}, [{}, 48]),
      shown('received', {}, [{}, 6]),
      shown(
        'peers',
        {},
        [peer('a', LEDGER, 'cross_zone', 'sent'), 11],
        [peer('a', LEDGER, 'cross_zone', 'received'), 4],
        [peer('a', INDEX, 'same_zone', 'sent'), 30],
        [peer('b', CART, 'cross_zone', 'sent'), 2],
        [peer('a', ['unknown', 'unknown', 'unknown'], 'unknown', 'sent'), 5],
      ),
      // Another workload whose name begins alike, and one without traffic across zones.
      shown('cross-zone', { workload: 'car' }),
      shown('cross-zone', { namespace: 'search', workload: 'index' }, [{}, 0]),
    ]);
  });

  test('pods are those that run, by zone; several rows of a phase count once', async () => {
    const pod = (name: string, zone: string): InputSeries =>
      record(
        'cluster_namespace_pod:identity:info',
        { namespace: 'shop', pod: name, node: `n-${zone}`, zone, workload: 'cart', workload_type: 'Deployment' },
        1,
      );
    const phase = (name: string, value: number, instance = 'ksm-0'): InputSeries =>
      record('kube_pod_status_phase', { namespace: 'shop', pod: name, phase: 'Running', instance }, value);
    const sent = (name: string, value: number): InputSeries =>
      record('source_endpoint:network_flows:rate5m', { namespace: 'shop', pod: name }, value);
    const series = [
      ...['cart-1', 'cart-2'].map((name) => pod(name, 'a')),
      pod('cart-3', 'b'),
      pod('cart-4', 'b'),
      ...['cart-1', 'cart-2', 'cart-3'].map((name) => phase(name, 1)),
      phase('cart-1', 1, 'ksm-1'),
      phase('cart-4', 0),
      sent('cart-1', 3),
      sent('cart-9', 100),
    ];
    const row = (name: string, zone: string, way: string): Labels => ({
      cluster: 'one',
      pod: name,
      node: `n-${zone}`,
      zone,
      way,
    });
    await expectShown(series, [
      shown('zones', {}, [{}, 2]),
      shown('spread', {}, [{ zone: 'a' }, 2], [{ zone: 'b' }, 1]),
      shown(
        'pods',
        {},
        [row('cart-1', 'a', 'running'), 1],
        [row('cart-2', 'a', 'running'), 1],
        [row('cart-3', 'b', 'running'), 1],
        [row('cart-1', 'a', 'sent'), 3],
      ),
    ]);
  });

  test('what would change it: nothing avoidable is 0, and the saving is of both directions', async () => {
    const of = (name: string, source: End, destination: End, value: number) =>
      record(name, ends(source, destination), value);
    const series = [
      pair(CART, LEDGER, 10, 'network_bytes'),
      pair(LEDGER, CART, 4, 'network_bytes'),
      pair(['shop', 'cart', 'b'], INDEX, 6, 'network_bytes'),
      of('workload_pair:network_bytes_avoidable:rate5m', CART, LEDGER, 10),
      of('workload_pair:network_bytes_avoidable:rate5m', LEDGER, CART, 4),
      of('workload_pair:network_cost_avoidable:rate5m', CART, LEDGER, 0.5),
      of('workload_pair:network_cost_avoidable:rate5m', LEDGER, CART, 0.25),
    ];
    const row = ([namespace, workload]: End, way: string): Labels => ({
      cluster: 'one',
      peer_namespace: namespace,
      peer_workload: workload,
      way,
    });
    await expectShown(series, [
      answer(
        query('zone-workload', 'changes', choice, bytes),
        [row(LEDGER, 'crossing'), 14],
        [row(INDEX, 'crossing'), 6],
        [row(LEDGER, 'avoidable'), 14],
        [row(INDEX, 'avoidable'), 0],
        [row(LEDGER, 'saved'), 0.75 * 730 * 3600],
        [row(INDEX, 'saved'), 0],
      ),
      answer(query('zone-workload', 'avoidable', choice, bytes), [{}, 0.7]),
    ]);
  });
});

describe('the graphs', () => {
  test('have a node for every end of an edge, and a workload in two zones is two nodes', async () => {
    const nodes = query('zone-traffic', 'workload-topology', { cluster: 'one' });
    const edges = query('zone-traffic', 'workload-topology', { cluster: 'one' }, flows, 1);
    const ids = (side: string) => `group by (id) (label_replace(${edges}, "id", "$1", "${side}", "(.*)"))`;
    await expectShown(WORLD, [
      answer(`count((${ids('source')} or ${ids('target')}) unless on (id) ${nodes})`),
      answer(`count(${nodes})`, [{}, 3]),
      answer(`max(${edges} and on () vector(1))`, [{}, 11]),
    ]);
  });
});
