import { expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { INTERVAL } from './allowances-input.ts';
import { holdAll } from './held.ts';
import { FILE } from './workloads-records.ts';
import { seriesOf } from './workloads-series.ts';
import { truthOf } from './workloads-truth.ts';
import { MINUTES, podsOf } from './workloads-world.ts';

/** With a reason why zones are unknown, which identities have then. */
const rules = generate({ flows: { source: 'none' }, zones: { valid: 'z.*' } }).file(FILE);

test('every record holds what is true of every pod, and nothing else', async () => {
  const pods = podsOf(1);
  const truth = truthOf(pods);
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  const world = { name: 'world', interval: INTERVAL, input_series: seriesOf(pods) };
  const at = `${MINUTES}m`;
  await testRules([rules], [{ ...world, promql_expr_test: holdAll(truth, at) }], at);
});

test('a pod that nobody described when the rules looked for such pods is described since', async () => {
  const undescribed = (cluster: string, namespace: string, pod: string) => ({ cluster, namespace, pod });
  const place = { node: 'n1', workload_type: 'Deployment', workload: 'web', host_network: 'false' };
  const nobody = { workload_type: 'unknown', workload: 'unknown', host_network: 'unknown' };
  const since = undescribed('c1', 'a', 'p');
  // Each differs in one label from it.
  const others = [undescribed('c2', 'a', 'p'), undescribed('c1', 'b', 'p'), undescribed('c1', 'a', 'q')];
  const truth = {
    'cluster_namespace_pod:workload:info': [
      [{ ...since, ...place }, 1],
      ...others.map((labels) => [{ ...labels, ...nobody }, 1] as const),
    ],
  } as const;
  const input_series = [
    ...[since, ...others].map((labels) => seriesText('cluster_namespace_pod:undescribed:info', labels)),
    seriesText('cluster_namespace_pod_uid:identity:created', { ...since, ...place, uid: 'one', zone: 'z1' }),
  ].map((series) => ({ series, values: '1' }));
  await testRules(
    [rules],
    [{ name: 'since', interval: INTERVAL, input_series, promql_expr_test: holdAll(truth, '0m') }],
  );
});
