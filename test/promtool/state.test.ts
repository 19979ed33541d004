import { expect, jest, test } from '@jest/globals';
import { type RuleTest, testRules } from '../support/rule-test.ts';
import { nodesOfPods, owners, podCidrs, podsByCidr } from './address-truth.ts';
import { only } from './ends-input.ts';
import { sample } from './scenario.ts';
import { NOW, randomState, REFUSALS, seriesOfState, type Told } from './state-input.ts';
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
function answersOf(told: readonly Told[], refused?: string): readonly (readonly Row[])[] | undefined {
  try {
    const truth = truthOf(told.filter(({ metric }) => metric !== refused));
    return Object.values(RECORDS).map((rowsOf) => rowsOf(truth));
  } catch (error) {
    if (error instanceof Tie) return undefined;
    throw error;
  }
}

/** The worlds in which a metric makes the most difference. */
function worldsFor(metric: string | undefined, first: number, count: number) {
  const all = Array.from({ length: metric === undefined ? 4 * count : 12 }, (_, index) => {
    const told = randomState(first + index);
    const [answers, without] = [answersOf(told), answersOf(told, metric)].map((one) =>
      one?.map((rows) => JSON.stringify(rows)),
    );
    const differences = answers?.filter((rows, at) => rows !== without?.[at]).length ?? 0;
    return { told, rows: answersOf(told, metric), differences };
  });
  return all
    .toSorted((one, other) => other.differences - one.differences)
    .flatMap(({ told, rows }) => (rows === undefined ? [] : [{ told, rows }]))
    .slice(0, count);
}

/** Two clusters for each metric that is missing or not honoured, and some in which all is well. */
const CLUSTERS = [
  ...REFUSALS.flatMap((refusal, index) =>
    worldsFor(refusal.metric, 100 * index, 2).map((world) => ({ ...world, refusal })),
  ),
  ...worldsFor(undefined, 10_000, 24).map((world) => ({ ...world, refusal: undefined })),
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
  // Each record has something to say in each case.
  for (const { promql_expr_test = [] } of cases)
    for (const { exp_samples } of promql_expr_test) expect(exp_samples.length).toBeGreaterThan(3);
  await testRules([only('cilium-hubble', Object.keys(RECORDS))], cases, `${NOW}s`);
});
