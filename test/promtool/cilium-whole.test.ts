import { describe, expect, test } from '@jest/globals';
import { isRecording } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { truthOf } from './cilium-truth.ts';
import { MINUTES, seriesOf, worldOf } from './cilium-world.ts';
import { constant, counting, during, holding, type Turn } from './pipeline-input.ts';
import { holdAll } from './held.ts';

const AT = `${MINUTES}m`;
const given = (ipam: string) => ({
  flows: { source: 'retina-hubble' },
  cilium: { health: 'always', ipam, endpointSlices: true },
});

/** Records about agents that are gone or new, which have cases of their own below. */
const GONE = new Set([
  'cilium_node:agent:up',
  'cilium_node:agent:missing',
  'cilium:agents_restarting:count',
  'cilium:paths_broken:ratio',
]);

test.each(['cluster-pool', 'eni'])('every record holds what is true, with addresses of %s', async (ipam) => {
  const world = worldOf(3);
  const truth = truthOf(world, ipam === 'eni');
  const generated = generate(given(ipam));
  const records = generated.bundle.ruleFiles
    .filter(({ name }) => name === 'cilium')
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => (isRecording(rule) ? [rule.record] : []));
  expect(Object.keys(truth).toSorted()).toEqual(records.filter((name) => !GONE.has(name)).toSorted());
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  // Of the second configuration, only what differs.
  const held =
    ipam === 'eni' ? { 'cilium_node:addresses_used:ratio': truth['cilium_node:addresses_used:ratio'] ?? [] } : truth;
  const whole = { name: ipam, interval: INTERVAL, input_series: seriesOf(world), promql_expr_test: holdAll(held, AT) };
  await testRules([generated.file(RULES.cilium)], [whole], AT);
});

describe('agents that are gone, new, or never were', () => {
  const rules = generate(given('cluster-pool')).file(RULES.cilium);
  const LASTS = 40;
  const place = (cluster: string, node: string): Labels => ({ cluster, node });
  const up = (where: Labels, job: string, ...turns: readonly Turn[]) =>
    holding('up', { ...where, job, instance: where['node'] ?? '' }, during(...turns));
  const node = (where: Labels, instance: string, minutes = LASTS) =>
    holding('kube_node_info', { ...where, instance }, during([minutes, 1], [LASTS - minutes + 1, 'stale']));
  const started = (where: Labels, minute: number, job = 'cilium-agent') =>
    constant('cilium_process_start_time_seconds', { ...where, job, instance: job }, 60 * minute, LASTS);
  const missed = (where: Labels, nodes: number) => constant('cilium_unreachable_nodes', where, nodes, LASTS);
  const [a, b, c, d, e, f] = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => place('one', name)) as [
    Labels,
    Labels,
    Labels,
    Labels,
    Labels,
    Labels,
  ];
  const other = place('two', 'a');
  const series = [
    // a answers one of its targets; b is silent; the pod of c is gone; d leaves with its node. Fargate never had one.
    up(a, 'cilium-agent', [LASTS, 1]),
    up(a, 'other', [LASTS, 0]),
    holding('up', { ...a, job: 'cilium-agent', instance: 'again' }, during([LASTS, 0])),
    up(b, 'cilium-agent', [10, 1], [LASTS, 0]),
    up(c, 'cilium-agent', [10, 1], [1, 'stale']),
    up(d, 'cilium-agent', [10, 1], [1, 'stale']),
    // e went, and so did its node later; Kubernetes does not know f, whose agent just began and does not answer yet.
    up(e, 'cilium-agent', [10, 1], [1, 'stale']),
    up(f, 'cilium-agent', [LASTS, 0]),
    up(place('one', ''), 'cilium-agent', [10, 1], [1, 'stale']),
    up(other, 'cilium-agent', [LASTS, 1]),
    ...['x', 'y'].flatMap((replica) => [node(a, replica), node(b, replica), node(c, replica), node(other, replica)]),
    node(d, 'x', 10),
    node(place('two', 'd'), 'x'),
    // Ten minutes before minute 35.
    node(e, 'x', 26),
    node(place('one', ''), 'x'),
    node(place('one', 'fargate'), 'x'),
    // a began in minute 30, and is scraped twice.
    started(a, 30),
    started(a, 30, 'other'),
    // What was there before a restart is remembered for a while.
    started(a, 5, 'before'),
    started(f, 30 + 0.5 / 60),
    started(other, 0),
    missed(a, 6),
    missed(b, 6),
    missed(f, 4),
    missed(other, 1),
  ];
  const at = (minute: number, truth: Parameters<typeof holdAll>[0]) => holdAll(truth, `${minute}m`);

  test('are told apart, and their paths are not called broken', async () => {
    await testRules(
      [rules],
      [
        {
          name: 'agents',
          interval: INTERVAL,
          input_series: series,
          promql_expr_test: [
            ...at(35, {
              'cilium_node:agent:up': [
                [a, 1],
                [b, 0],
                [f, 0],
                [other, 1],
              ],
              'cilium_node:agent:missing': [
                [b, 1],
                [c, 1],
                [e, 1],
              ],
              // b, c and e, which do not answer, and a and f, which are new.
              'cilium:agents_restarting:count': [
                [{ cluster: 'one' }, 5],
                [{ cluster: 'two' }, 0],
              ],
              // a and b miss one more than that each, of the pairs of three agents that are known; in the other cluster, one of one.
              'cilium:paths_broken:ratio': [
                [{ cluster: 'one', kind: 'node' }, 1 / 3],
                [{ cluster: 'two', kind: 'node' }, 1],
              ],
            }),
            // Ten minutes after its start, a is no longer new; f began half a second later.
            ...at(39, {
              'cilium:agents_restarting:count': [
                [{ cluster: 'one' }, 4],
                [{ cluster: 'two' }, 0],
              ],
            }),
            ...at(40, {
              'cilium:agents_restarting:count': [
                [{ cluster: 'one' }, 3],
                [{ cluster: 'two' }, 0],
              ],
            }),
            ...at(41, {
              'cilium:agents_restarting:count': [
                [{ cluster: 'one' }, 2],
                [{ cluster: 'two' }, 0],
              ],
            }),
          ],
        },
      ],
    );
  });
});

test.each(['cluster-pool', 'eni'])('nothing is told of what does not happen, with addresses of %s', async (ipam) => {
  const LASTS = 40;
  const [one, two]: readonly [Labels, Labels] = [
    { cluster: 'one', node: 'n1' },
    { cluster: 'one', node: 'n2' },
  ];
  const other = { cluster: 'two', node: 'n1' };
  const call = { api_call: 'endpoint-create' };
  const always = (name: string, labels: Labels, value: number) => constant(name, labels, value, LASTS);
  /** Grows in each minute, or not once the first of the window of minute 35 is over. */
  const grows = (name: string, labels: Labels, by: number, until = LASTS) =>
    counting(name, labels, during([until, by], [LASTS - until, 0]));
  const wait = 'cilium_k8s_client_rate_limiter_duration_seconds';
  const series = [
    ...[one, two, other].map((where) =>
      always('cilium_api_limiter_wait_duration_seconds', { ...where, ...call, value: 'mean' }, 3),
    ),
    // Calls are few on two of the nodes, and ended on the other.
    grows('cilium_api_limiter_processed_requests_total', { ...one, ...call }, 6, 20),
    grows('cilium_api_limiter_processed_requests_total', { ...two, ...call }, 6, 32),
    grows('cilium_api_limiter_processed_requests_total', { ...other, ...call }, 6),
    ...[one, two].flatMap((where, index) => [
      grows(`${wait}_sum`, where, 12 * index),
      grows(`${wait}_count`, where, 6 * index),
    ]),
    ...[one, two].flatMap((where, index) => [
      always('cilium_ip_addresses', { ...where, family: 'ipv4' }, index),
      always('cilium_ipam_capacity', { ...where, family: 'ipv4' }, 4 * index),
      always('cilium_operator_ipam_used_ips', { cluster: 'one', target_node: where['node'] ?? '' }, index),
      always('cilium_operator_ipam_available_ips', { cluster: 'one', target_node: where['node'] ?? '' }, 2 * index),
    ]),
  ];
  const truth = {
    'cilium_node:api_limiter_wait_seconds:mean': [two, other].map((where) => [{ ...where, ...call }, 3] as const),
    'cilium_node:k8s_client_wait_seconds:mean_rate5m': [[two, 2] as const],
    'cilium_node:addresses_used:ratio': [[{ ...two, family: 'ipv4' }, ipam === 'eni' ? 1 / 2 : 1 / 4] as const],
  };
  await testRules(
    [generate(given(ipam)).file(RULES.cilium)],
    [{ name: ipam, interval: INTERVAL, input_series: series, promql_expr_test: holdAll(truth, '35m') }],
  );
});
