import { jest, test } from '@jest/globals';
import { testRules } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { only, record } from './ends-input.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

const NAME = 'cluster:identity:info';
const OWN = { namespace: 'monitoring', pod: 'kube-state-metrics' };

/** What kube-state-metrics, which runs in a pod of its own, describes of a cluster, and how the series of nodes name that pod. */
const CASES: readonly { name: string; pods: readonly Labels[]; target: Labels; isDescribed: boolean }[] = [
  { name: 'nobody', pods: [], target: OWN, isDescribed: false },
  { name: 'itself', pods: [OWN], target: OWN, isDescribed: false },
  { name: 'another too', pods: [OWN, { ...OWN, pod: 'web' }], target: OWN, isDescribed: true },
  { name: 'one of its name', pods: [{ ...OWN, namespace: 'shop' }], target: OWN, isDescribed: true },
  { name: 'without its pod', pods: [OWN], target: { namespace: OWN.namespace }, isDescribed: true },
  ...['exported_namespace', 'exported_pod', 'exported_node'].map((label) => ({
    name: `nodes with ${label}`,
    pods: [OWN],
    target: { ...OWN, [label]: 'x' },
    isDescribed: true,
  })),
];

test('a cluster is described where kube-state-metrics knows other pods than its own', async () => {
  await testRules(
    [only('cilium-hubble', [NAME])],
    [
      {
        name: 'clusters',
        interval: '30s',
        input_series: CASES.flatMap(({ name: cluster, pods, target }) => [
          ...pods.map((pod) => record('cluster_namespace_pod:identity:info', { cluster, node: 'n', ...pod }, '_x40 1')),
          // Seen last nine and a half minutes ago.
          record('kube_node_info', { cluster, node: 'n', ...target }, '_x21 1'),
        ]),
        promql_expr_test: [
          {
            expr: NAME,
            eval_time: '20m',
            exp_samples: CASES.flatMap(({ name: cluster, isDescribed }) =>
              isDescribed ? [sample({ __name__: NAME, cluster }, 1)] : [],
            ),
          },
        ],
      },
    ],
    '20m',
  );
});
