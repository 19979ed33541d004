import { describe, expect, test } from '@jest/globals';
import { isRecording } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { truthOf } from './cilium-truth.ts';
import { MINUTES, seriesOf, worldOf } from './cilium-world.ts';
import { constant, during, holding, type Turn } from './pipeline-input.ts';
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
    constant('cilium_process_start_time_seconds', { ...where, job }, 60 * minute, LASTS);
  const missed = (where: Labels, nodes: number) => constant('cilium_unreachable_nodes', where, nodes, LASTS);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => place('one', name)) as [Labels, Labels, Labels, Labels];
  const other = place('two', 'a');
  const series = [
    // a answers one of its two jobs; b is silent; the pod of c is gone; d leaves with its node. Fargate never had one.
    up(a, 'cilium-agent', [LASTS, 1]),
    up(a, 'other', [LASTS, 0]),
    up(b, 'cilium-agent', [10, 1], [LASTS, 0]),
    up(c, 'cilium-agent', [10, 1], [1, 'stale']),
    up(d, 'cilium-agent', [10, 1], [1, 'stale']),
    up(place('one', ''), 'cilium-agent', [10, 1], [1, 'stale']),
    up(other, 'cilium-agent', [LASTS, 1]),
    ...['x', 'y'].flatMap((replica) => [node(a, replica), node(b, replica), node(c, replica), node(other, replica)]),
    node(d, 'x', 10),
    node(place('one', 'fargate'), 'x'),
    // a began in minute 30, and is scraped twice.
    started(a, 30),
    started(a, 30, 'other'),
    started(other, 0),
    missed(a, 4),
    missed(b, 3),
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
                [other, 1],
              ],
              'cilium_node:agent:missing': [
                [b, 1],
                [c, 1],
              ],
              // b and c, which do not answer, and a, which is new.
              'cilium:agents_restarting:count': [
                [{ cluster: 'one' }, 3],
                [{ cluster: 'two' }, 0],
              ],
              // a misses one more than that of the pairs of two agents that are known; in the other cluster, one of one.
              'cilium:paths_broken:ratio': [
                [{ cluster: 'one', kind: 'node' }, 1 / 2],
                [{ cluster: 'two', kind: 'node' }, 1],
              ],
            }),
            // Ten minutes after its start, a is no longer new.
            ...at(39, {
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
