import { expect, jest, test } from '@jest/globals';
import { type RuleTest, testRules } from '../support/rule-test.ts';
import { nodesOfPods, owners, podCidrs, podsByCidr } from './address-truth.ts';
import { only } from './ends-input.ts';
import { sample } from './scenario.ts';
import { randomState } from './state-input.ts';
import { isRefused, METRICS, NOW, type Refusal, REFUSALS, seriesOfState, type Told } from './state-series.ts';
import { type Row, Tie, type Truth, truthOf } from './state-truth.ts';

jest.setTimeout(60_000);

const info = (labels: Row['labels']): Row => ({ labels, value: 1 });

/** The series of each record of one cluster. */
const RECORDS: Readonly<Record<string, (truth: Truth) => readonly Row[]>> = {
  'cluster_node:zone:info': ({ places }) => [...places].map(([node, { zone }]) => info({ node, zone })),
  'cluster_node:refused_zone:info': ({ places }) =>
    [...places].flatMap(([node, { zone, refused }]) =>
      refused === undefined ? [] : [info({ node, zone, reason: 'invalid_zone', refused_zone: refused })],
    ),
  'cluster_namespace_controller:workload:info': ({ controllers }) => controllers.map(info),
  'cluster_namespace_pod_uid:identity:created': ({ incarnations }) =>
    incarnations.map(({ created, ...labels }) => ({ labels, value: created })),
  'cluster_namespace_pod:identity:info': ({ pods }) =>
    pods.map(({ created: _created, uid: _uid, host_network: _host, ...labels }) => info(labels)),
  'cluster_node:identity:created': ({ nodesCreated }) =>
    [...nodesCreated].map(([node, value]) => ({ labels: { node }, value })),
  'cluster_node_pod_cidr:pods:count': (truth) => [...podsByCidr(truth).values()],
  'cluster_pod_cidr:node:info': (truth) => podCidrs(truth).map(info),
  'cluster_ip:identity:info': (truth) => owners(truth).map(info),
  'cluster_namespace_pod_ip:node:info': (truth) => nodesOfPods(truth).map(info),
  'cluster:identity:info': ({ isDescribed }) => (isDescribed ? [info({})] : []),
};

/** Clusters in one case: promtool reads at most 10,000 samples for a query. */
const AT_ONCE = 24;

/** The series of each record of what is told, but for a metric; undefined where two would be equally right. */
function answersOf(told: readonly Told[], refused?: Omit<Refusal, 'label'>): readonly (readonly Row[])[] | undefined {
  try {
    const truth = truthOf(told.filter((one) => !isRefused(refused, one)));
    return Object.values(RECORDS).map((rowsOf) => rowsOf(truth));
  } catch (error) {
    if (error instanceof Tie) return undefined;
    throw error;
  }
}

interface World {
  readonly told: readonly Told[];
  readonly rows: readonly (readonly Row[])[];
  /** The records that would be others if a metric were there. */
  readonly differing: ReadonlySet<number>;
}

/** What is told in the clusters of these seeds, where there is one answer to it. */
const states = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => randomState(first + index)).flatMap((told) => {
    const all = answersOf(told)?.map((rows) => JSON.stringify(rows));
    return all === undefined ? [] : [{ told, all }];
  });

/** The same without a metric. */
const worlds = (known: ReturnType<typeof states>, refused?: Omit<Refusal, 'label'>): readonly World[] =>
  known.flatMap(({ told, all }) => {
    const rows = answersOf(told, refused);
    if (rows === undefined) return [];
    const differing = rows.flatMap((one, at) => (JSON.stringify(one) === all[at] ? [] : [at]));
    return [{ told, rows, differing: new Set(differing) }];
  });

/** Takes worlds from a list until each record that any of them has otherwise is otherwise in one of those. */
function covering(left: World[]): readonly World[] {
  const taken: World[] = [];
  const open = new Set(left.flatMap(({ differing }) => [...differing]));
  while (open.size > 0) {
    const gain = ({ differing }: World) => [...differing].filter((at) => open.has(at)).length;
    const best = left.reduce((most, one) => (gain(one) > gain(most) ? one : most));
    taken.push(best);
    left.splice(left.indexOf(best), 1);
    for (const at of best.differing) open.delete(at);
  }
  return taken;
}

/** Clusters in which a metric is missing or not honoured, for each that it would change, and some in which all is well. */
const CLUSTERS = [
  ...METRICS.flatMap((metric, index) => {
    const known = states(100 * index, 36);
    return [true, false].flatMap((isWhole) => {
      const left = [...worlds(known, { metric, isWhole })];
      return REFUSALS.flatMap((label) =>
        covering(left).map((world) => ({ ...world, refusal: { metric, label, isWhole } })),
      );
    });
  }),
  ...worlds(states(10_000, 50)).map((world) => ({ ...world, refusal: undefined })),
].map(({ told, rows, refusal }, index) => {
  const cluster = `cluster-${index}`;
  return { cluster, rows, series: seriesOfState(cluster, told, refusal) };
});

test('nodes, pods, controllers and addresses are told apart, by what is known and what was said last', async () => {
  const cases = Array.from({ length: Math.ceil(CLUSTERS.length / AT_ONCE) }, (_, part): RuleTest => {
    const clusters = CLUSTERS.slice(part * AT_ONCE, (part + 1) * AT_ONCE);
    return {
      name: `clusters ${part}`,
      interval: '5s',
      input_series: clusters.flatMap(({ series }) => series),
      promql_expr_test: Object.keys(RECORDS).map((name, record) => ({
        expr: name,
        eval_time: `${NOW}s`,
        exp_samples: clusters.flatMap(({ cluster, rows }) =>
          (rows[record] ?? []).map(({ labels, value }) => sample({ __name__: name, cluster, ...labels }, value)),
        ),
      })),
    };
  });
  for (const record of Object.keys(RECORDS).keys())
    expect(CLUSTERS.filter(({ rows }) => (rows[record] ?? []).length > 0).length).toBeGreaterThan(20);
  await testRules([only('cilium-hubble', Object.keys(RECORDS))], cases, `${NOW}s`);
});
