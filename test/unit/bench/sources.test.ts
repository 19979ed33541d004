import { describe, expect, test } from '@jest/globals';
import type { Connection } from '../../../bench/model.ts';
import { SIMULATORS, SOURCE_IDS, type SourceId, type SourceOptions } from '../../../bench/sources/index.ts';
import type { Party, Traffic } from '../../../bench/truth.ts';
import {
  BEHIND,
  both,
  CASES,
  crossing,
  DB,
  EXPECTED,
  GONE_POD,
  NEAR,
  NODE_B,
  same,
  SENT,
  vague,
  WEB,
} from '../../support/expected-traffic.ts';
import { clusterWith, connect, end, GONE, NODES, onNode, PODS, SERVICE } from '../../support/handmade-cluster.ts';

const seen = ({ namespace, type, workload, zone, reason }: Party) =>
  `${namespace}/${type}/${workload}@${zone}${reason && `!${reason}`}`;

/** What a source counts of these connections, in its last unit (bytes where it has them), as short texts. */
function counts(id: SourceId, connections: readonly Connection[], options: SourceOptions = {}): string[] {
  const source = SIMULATORS[id];
  const unit = source.units.at(-1) ?? 'network_bytes';
  const traffic: readonly Traffic[] = source.observed(clusterWith(connections), options)[unit] ?? [];
  return traffic.map((item) => `${seen(item.source)} > ${seen(item.destination)} ${item.rate} ${item.locality}`);
}

describe.each(SOURCE_IDS)('what %s counts once', (id) => {
  const expected = id === 'beyla' ? EXPECTED.obi : EXPECTED[id];

  test.each(Object.entries(CASES))('%s', (name, connection) => {
    expect(counts(id, [connection])).toEqual(expected[name]);
  });
});

describe('two nodes that talk to each other', () => {
  const nodes = [connect(onNode(NODES.a), onNode(NODES.b), 1, 2)];
  const pair = [crossing('_nodes_/Node/nodes@az-a', NODE_B, 10), crossing(NODE_B, '_nodes_/Node/nodes@az-a', 200)];

  test.each([
    ['retina-hubble', []],
    ['retina-standard', []],
    ['obi', pair],
    ['netobserv', pair],
    ['kubezonnet', [crossing('_nodes_/Node/nodes@az-a', SENT, 10), crossing(NODE_B, SENT, 200)]],
  ] as const)('are seen by %s', (id, expected) => {
    expect(counts(id, nodes)).toEqual(expected);
  });
});

describe('other selections and settings', () => {
  test("see a Service from its client's side", () => {
    const via = [connect(end(PODS.web), end(PODS.db), 1, 2, { via: SERVICE })];
    const hubble = [vague(WEB, BEHIND, 1), vague(BEHIND, WEB, 2)];
    expect(counts('retina-hubble', via, { select: 'client-side' })).toEqual(hubble);
    const bytes = [vague(WEB, BEHIND, 10), vague(BEHIND, WEB, 200)];
    expect(counts('retina-standard', via, { select: 'egress' })).toEqual(bytes);
    expect(counts('netobserv', via, { select: 'egress' })).toEqual([crossing(WEB, DB, 10), crossing(DB, WEB, 200)]);
  });

  test('see on the client side what servers do not, and what stays on one node twice', () => {
    const { sameNode, toHost } = CASES;
    const ends = [sameNode, toHost].flatMap((connection) => connection ?? []);
    expect(counts('retina-hubble', ends, { select: 'client-side' })).toEqual([
      same(WEB, NEAR, 2),
      same(NEAR, WEB, 4),
      crossing(WEB, NODE_B, 1),
      crossing(NODE_B, WEB, 2),
    ]);
  });

  test('count a share of the packets with high aggregation', () => {
    const plain = [connect(end(PODS.web), end(PODS.db), 1, 2)];
    const high = { aggregation: 'high', eventsPerPacket: 0.5 } as const;
    expect(counts('retina-hubble', plain, high)).toEqual([crossing(WEB, DB, 0.5), crossing(DB, WEB, 1)]);
  });

  test('fall back to the join without native zones, where there is one', () => {
    const plain = [connect(end(PODS.web), end(PODS.db), 1, 2)];
    for (const id of ['retina-standard', 'obi'] as const) expect(counts(id, plain, { zones: false })).toEqual(both);
    expect(counts('netobserv', plain, { zones: false })[0]).toMatch(/web@unknown!no_zone_label .* unknown$/);
    expect(counts('retina-standard', [connect(end(GONE), end(PODS.db), 1, 2)], { zones: false })[0]).toBe(
      vague(GONE_POD, DB, 10),
    );
  });
});
