import { expect, jest, test } from '@jest/globals';
import { type RuleTest, testRules } from '../support/rule-test.ts';
import { nodesOfPods, owners, podCidrs, podsByCidr } from './address-truth.ts';
import { only } from './ends-input.ts';
import { sample } from './scenario.ts';
import { isRefused, NOW, randomState, type Refusal, REFUSALS, seriesOfState } from './state-input.ts';
import { type Row, type Truth, truthOf } from './state-truth.ts';

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

/** A cluster for each metric that is missing or not honoured, and as many in which all is well. */
const CLUSTERS = [...REFUSALS, ...REFUSALS.map(() => undefined)].map((refusal: Refusal | undefined, index) => {
  const told = randomState(index);
  return {
    cluster: `cluster-${index}`,
    series: seriesOfState(`cluster-${index}`, told, refusal),
    truth: truthOf(told.filter((one) => refusal === undefined || !isRefused(refusal, one, told))),
  };
});

test('nodes, pods, controllers and addresses are told apart, by what is known and what was said last', async () => {
  const cases = Array.from({ length: Math.ceil(CLUSTERS.length / AT_ONCE) }, (_, part): RuleTest => {
    const clusters = CLUSTERS.slice(part * AT_ONCE, (part + 1) * AT_ONCE);
    return {
      name: `clusters ${part}`,
      interval: '10s',
      input_series: clusters.flatMap(({ series }) => series),
      promql_expr_test: Object.entries(RECORDS).map(([name, rowsOf]) => ({
        expr: name,
        eval_time: `${NOW}s`,
        exp_samples: clusters.flatMap(({ cluster, truth }) =>
          rowsOf(truth).map(({ labels, value }) => sample({ __name__: name, cluster, ...labels }, value)),
        ),
      })),
    };
  });
  // Each record has something to say in each case.
  for (const { promql_expr_test = [] } of cases)
    for (const { exp_samples } of promql_expr_test) expect(exp_samples.length).toBeGreaterThan(3);
  await testRules([only('cilium-hubble', Object.keys(RECORDS))], cases, `${NOW}s`);
});
