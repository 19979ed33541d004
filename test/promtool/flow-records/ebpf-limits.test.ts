import { jest, test } from '@jest/globals';
import type { InputSeries } from '../../support/rule-test.ts';
import { expectRecords, holds, holdsRoughly, info, jump, type Labels, rulesOf, type Side, SIDES } from './world.ts';

jest.setTimeout(60_000);

const SHORT = { source: 'src', destination: 'dst' } as const;
const METRIC = 'obi_network_flow_bytes_total';
const HALF_NAMED = 'agent_endpoint_pair:network_bytes_half_named:rate5m';
const UNNAMED = 'endpoint_pair:network_bytes_unnamed:rate5m';
const OF_NODES = 'endpoint_pair:network_bytes_of_nodes:rate5m';

/** The labels of an end with a name. */
const end = (side: Side, name: string, type: 'Pod' | 'Node' = 'Pod'): Labels => ({
  cluster: 'one',
  [`k8s_${SHORT[side]}_name`]: name,
  [`k8s_${SHORT[side]}_type`]: type,
});

/** Half a byte in five minutes is rounding, and all below it; the others differ from it by less than a hundredth. */
const [LESS, LEAST, MORE] = [0.498, 0.5, 0.502];
const perSecond = (within: number): number => within * (1 / 300);

test.each(SIDES)('%s: what half a byte is left of is rounding', async (side) => {
  const series = [LESS, LEAST, MORE].map((bytes) =>
    jump(METRIC, { ...end(side, `pod-${bytes}`), obi_ip: '10.0.0.1' }, bytes),
  );
  await expectRecords('rest', rulesOf('obi'), series, [
    holds(UNNAMED, [{ labels: end(side, `pod-${MORE}`), value: perSecond(MORE) }]),
  ]);
});

test.each(SIDES)('%s: what half a byte of a node is left of is rounding', async (side) => {
  const [short, unit] = [SHORT[side], 'network_bytes'];
  const other = side === 'source' ? 'destination' : 'source';
  const [own, kind] = [`k8s_${short}_name`, `k8s_${short}_type`];
  const rest = [LESS, LEAST, MORE].map((bytes) => ({ node: end(side, `node-${bytes}`, 'Node'), bytes }));
  const identity = (of: Side, labels: Labels): InputSeries =>
    info(`${of}_endpoint:${unit}_identity:info`, { cluster: 'one', ...labels, [`${of}_zone`]: 'a' });
  const series: readonly InputSeries[] = [
    ...rest.flatMap(({ node, bytes }) => [
      info(UNNAMED, node, 9),
      info(OF_NODES, node, perSecond(bytes)),
      info(`${side}_endpoint:${unit}_reported:rate5m`, node, 9),
      identity(side, { [own]: node[own] ?? '', [kind]: 'Node' }),
    ]),
    info(`${other}_endpoint:${unit}_reported:rate5m`, { cluster: 'one' }, 9),
    identity(other, {}),
    info(`cluster:${unit}_identity:usable`, { cluster: 'one' }),
  ];
  const given = /_(?:unnamed|of_nodes|reported|paired|half_named):/;
  const zones = { cluster: 'one', source_zone: 'a', destination_zone: 'a' };
  const value = perSecond(MORE);
  await expectRecords('rest of nodes', rulesOf('obi', given), series, [
    holds(`${side}_endpoint:${unit}:rate5m`, [
      { labels: { cluster: 'one', pod: `node-${MORE}`, kind: 'Node' }, value },
    ]),
    holds(`${other}_endpoint:${unit}:rate5m`, [{ labels: { cluster: 'one' }, value }]),
    holds(`workload_pair:${unit}_unclassified:rate5m`, [{ labels: zones, value }]),
  ]);
});

/** What an agent reports between an end and the outside, in bytes per second. */
interface Outside {
  readonly agent: string;
  readonly name: string;
  readonly type: 'Pod' | 'Node';
  readonly rate: number;
}

test.each(SIDES)(
  '%s: nodes that masquerade have less than their pods by five in a hundred, and no more',
  async (side) => {
    const of = (agent: string, type: Outside['type'], rate: number, name = `${type}-${agent}`): Outside => ({
      agent,
      name,
      type,
      rate,
    });
    const reports = [
      of('slack', 'Node', 100),
      of('slack', 'Pod', 105),
      of('more', 'Node', 200),
      of('more', 'Pod', 211),
      of('half', 'Node', 1),
      of('half', 'Pod', 0.5),
      of('own', 'Node', 7),
      of('half', 'Node', 0, 'Node-own'),
    ];
    const series = reports.map(({ agent, name, type, rate }) =>
      jump(METRIC, { ...end(side, name, type), obi_ip: agent }, 300 * rate),
    );
    const node = (name: string, value: number) => ({ labels: end(side, `Node-${name}`, 'Node'), value });
    await expectRecords('share', rulesOf('obi'), series, [
      holdsRoughly(
        HALF_NAMED,
        reports.map(({ agent, name, type, rate }) => ({
          labels: { ...end(side, name, type), obi_ip: agent },
          value: rate,
        })),
      ),
      holdsRoughly(OF_NODES, [node('slack', 0), node('half', 0.5)]),
    ]);
  },
);
