import { describe, expect, jest, test } from '@jest/globals';
import { agentRestarted, podMoved } from '../../../bench/faults/index.ts';
import { type Cluster, type Connection, type Endpoint, nodeNameOf } from '../../../bench/model.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import type { SeenEnd } from '../../../bench/sources/seen.ts';
import type { SourceOptions } from '../../../bench/sources/source.ts';
import { generate, RULES } from '../../support/generate.ts';
import { connect, end, onNode, OUTSIDE } from '../../support/handmade-cluster.ts';
import { TIMEOUT_MS } from './cases.ts';
import {
  expectScenario,
  isKubeStateMetrics,
  scrapesFor,
  type Setup,
  STEADY,
  steadyScrapes,
  truthAt,
} from './harness.ts';
import { DB, HOSTILE, NODES, PODS } from './hostile-cluster.ts';
import { truthOver } from './over-time.ts';
import { only } from './steady.ts';

jest.setTimeout(TIMEOUT_MS);

type Masquerade = boolean | 'auto';
type Lacks = NonNullable<SourceOptions['lacks']>;

const { a, b } = NODES;
const OTHER: Endpoint = { kind: 'external', ip: '203.0.113.2' };

/** What nodes, and pods on their network, say to the outside themselves. */
const OWN = [
  connect(onNode(a), OUTSIDE, 5, 6),
  connect(end(PODS.hostOne), OUTSIDE, 11, 12),
  connect(onNode(b), OTHER, 9, 3),
] as const;

/** What their pods say to it. */
const BY_PODS = [
  connect(end(PODS.webA), OUTSIDE, 51, 52),
  connect(end(PODS.dbA), OTHER, 7, 8),
  connect(end(PODS.webB), OUTSIDE, 61, 62),
] as const;

/** The same as traffic of the nodes. */
const AGAIN_A = [connect(onNode(a), OUTSIDE, 51, 52), connect(onNode(a), OTHER, 7, 8)] as const;
const AGAIN_B = [connect(onNode(b), OUTSIDE, 61, 62)] as const;

/** Pods, nodes and Services among themselves: nothing of it is masqueraded. */
const INSIDE = [
  connect(end(PODS.webA), end(PODS.dbB), 2, 3, { via: DB }),
  connect(onNode(a), end(PODS.webA), 1, 9),
  connect(onNode(b), end(PODS.roll), 25, 26),
  connect(end(PODS.webB), end(PODS.hostOne), 32, 33),
  connect(onNode(a), onNode(b), 57, 58),
] as const;

/** A cluster whose nodes masquerade, but for what goes to these ranges. */
const masquerading = (connections: readonly Connection[], ...except: readonly string[]): Cluster => ({
  ...only(...connections),
  masquerade: { except },
});

const setupOf = (addresses: boolean, masquerade: Masquerade, lacks?: Lacks): Setup => {
  const id = addresses ? 'beyla' : 'obi';
  return {
    id,
    given: { flows: { masquerade }, [id]: { addresses } },
    options: { addresses, ...(lacks && { lacks }) },
  };
};

interface Case {
  readonly name: string;
  readonly cluster: Cluster;
  /** The values of the setting, and whether agents export addresses. */
  readonly with: readonly (readonly [masquerade: Masquerade, addresses: boolean])[];
  readonly lacks?: Lacks;
  /** The connections whose truth is counted; those of the cluster where nothing is wrong. */
  readonly counted?: readonly Connection[];
}

const NAMES: readonly (readonly [Masquerade, boolean])[] = [
  ['auto', false],
  [true, false],
];
const ADDRESSES: readonly (readonly [Masquerade, boolean])[] = [
  ['auto', true],
  [true, true],
];

const isOn = (of: SeenEnd, node: string) => of.kind !== 'service' && nodeNameOf(of) === node;
const isNode = (of: SeenEnd) => of.kind === 'node' || (of.kind === 'pod' && of.pod.hostNetwork);
const isPod = (of: SeenEnd, name: string) => of.kind === 'pod' && of.pod.name === name;

const ALL = [...OWN, ...BY_PODS, ...INSIDE];

const OWN_B = OWN[2];

/** More than the node says, to an address that is not masqueraded. */
const MUCH = connect(end(PODS.roll), OTHER, 130, 140);

const IPV6: Endpoint = { kind: 'external', ip: '2001:db8::1' };
const WITH_IPV6 = [
  ...ALL,
  connect(end(PODS.dbA, { ip: PODS.dbA.ipv6 ?? '' }), IPV6, 36, 37),
  connect({ kind: 'node', node: a, ip: a.internalIpv6 ?? '' }, IPV6, 3, 4),
];

const CASES: readonly Case[] = [
  {
    name: 'each packet counts once, as that of its pod',
    cluster: masquerading(ALL),
    with: [...NAMES, ...ADDRESSES],
  },
  {
    name: 'false counts both',
    cluster: masquerading(ALL),
    with: [
      [false, false],
      [false, true],
    ],
    counted: [...ALL, ...AGAIN_A, ...AGAIN_B],
  },
  {
    name: 'nothing is masqueraded, and pods say more than their nodes',
    cluster: only(...ALL),
    with: [
      ['auto', false],
      ['auto', true],
      [false, false],
      [false, true],
    ],
  },
  {
    name: 'nothing is masqueraded though the setting says so: what nodes say is lost, up to what pods say',
    cluster: only(...ALL),
    with: [[true, false]],
    counted: [...BY_PODS, ...INSIDE],
  },
  {
    name: 'the same with addresses: only what both say to one address is lost',
    cluster: only(...ALL),
    with: [[true, true]],
    counted: [...BY_PODS, ...INSIDE, OWN_B],
  },
  {
    name: 'nothing is masqueraded, and a node says more than its pods: auto takes theirs off, once',
    cluster: only(...INSIDE, connect(end(PODS.webA), OUTSIDE, 20, 10), connect(onNode(a), OUTSIDE, 30, 40)),
    with: [...NAMES, ...ADDRESSES],
    counted: [...INSIDE, connect(end(PODS.webA), OUTSIDE, 20, 10), connect(onNode(a), OUTSIDE, 10, 30)],
  },
  {
    name: 'the same to two addresses that are exported: nothing is taken off',
    cluster: only(...INSIDE, connect(end(PODS.webA), OUTSIDE, 20, 10), connect(onNode(a), OTHER, 30, 40)),
    with: ADDRESSES,
  },
  {
    name: 'some destinations are not masqueraded, to which pods say more than the node to any: auto counts both',
    cluster: masquerading([...ALL, MUCH], '203.0.113.2/32'),
    with: [['auto', false]],
    counted: [...ALL, MUCH, connect(onNode(a), OUTSIDE, 51, 52)],
  },
  {
    name: 'the same with true: what the node says itself is lost',
    cluster: masquerading([...ALL, MUCH], '203.0.113.2/32'),
    with: [[true, false]],
    counted: [...BY_PODS, MUCH, ...INSIDE, OWN_B],
  },
  {
    name: 'the same with addresses: nothing is wrong',
    cluster: masquerading([...ALL, MUCH], '203.0.113.2/32'),
    with: ADDRESSES,
  },
  {
    name: 'IPv4 and IPv6 are masqueraded',
    cluster: masquerading(WITH_IPV6),
    with: [...NAMES, ...ADDRESSES],
  },
  {
    name: 'IPv4 is masqueraded, IPv6 is not: with addresses, nothing is wrong',
    cluster: masquerading(WITH_IPV6, '::/0'),
    with: [['auto', true]],
  },
  {
    name: 'a node without traffic of its own has none left',
    cluster: masquerading([...BY_PODS, OWN_B, ...INSIDE]),
    with: [...NAMES, ...ADDRESSES],
  },
  {
    name: 'an agent lacks the names of all that is elsewhere',
    cluster: masquerading(ALL),
    with: [...NAMES, ...ADDRESSES],
    lacks: (agent, of) => (agent.name === b.name && of.kind !== 'service' && !isOn(of, b.name) ? 'name' : undefined),
  },
  {
    name: 'all agents lack zones',
    cluster: masquerading(ALL),
    with: [...NAMES, ...ADDRESSES],
    lacks: () => 'zone',
  },
  {
    name: 'an agent lacks the name of its own node: it counts again',
    cluster: masquerading([...OWN, ...BY_PODS]),
    with: [...NAMES, ...ADDRESSES],
    lacks: (agent, of) => (agent.name === a.name && isNode(of) && isOn(of, a.name) ? 'name' : undefined),
    counted: [...OWN, ...BY_PODS, ...AGAIN_A],
  },
  {
    name: 'an agent lacks the name of a pod of its own: that counts again',
    cluster: masquerading([...OWN, ...BY_PODS]),
    with: NAMES,
    lacks: (agent, of) => (agent.name === a.name && isPod(of, PODS.webA.name) ? 'name' : undefined),
    counted: [...OWN, ...BY_PODS, connect(onNode(a), OUTSIDE, 51, 52)],
  },
  {
    name: 'the same with addresses, while the node and another pod call that one: nothing is wrong',
    cluster: masquerading([
      ...ALL.filter(({ server }) => !isPod(server, PODS.webA.name)),
      connect(onNode(a), end(PODS.webA), 40, 41),
      connect(end(PODS.dbA), end(PODS.webA), 5, 6),
    ]),
    with: ADDRESSES,
    lacks: (agent, of) => (agent.name === a.name && isPod(of, PODS.webA.name) ? 'name' : undefined),
  },
  {
    name: 'an agent names nothing: what its pods say counts again',
    cluster: masquerading([...OWN, ...BY_PODS]),
    with: [...NAMES, ...ADDRESSES],
    lacks: (agent) => (agent.name === a.name ? 'name' : undefined),
    counted: [...OWN, ...BY_PODS, ...AGAIN_A],
  },
];

const RUNS = CASES.flatMap((one) =>
  one.with.map(
    ([masquerade, addresses]) =>
      [`${one.name} (${masquerade}${addresses ? ', addresses' : ''})`, one, masquerade, addresses] as const,
  ),
);

describe('traffic with the outside', () => {
  test.concurrent.each(RUNS)('%s', async (name, { cluster, lacks, counted }, masquerade, addresses) => {
    const setup = setupOf(addresses, masquerade, lacks);
    await expectScenario(name, setup, {
      scrapes: steadyScrapes(setup, cluster),
      checks: [truthAt(setup, STEADY, { ...cluster, connections: counted ?? cluster.connections })],
    });
  });

  test.concurrent.each([false, true])(
    'two clusters with the same addresses, of which one masquerades (addresses: %s)',
    async (addresses) => {
      const setup = setupOf(addresses, 'auto');
      const clusters = [masquerading(ALL), { ...only(...ALL), name: 'two' }];
      await expectScenario('two clusters', setup, {
        scrapes: steadyScrapes(setup, ...clusters),
        checks: [truthAt(setup, STEADY, ...clusters)],
      });
    },
  );

  test.concurrent.each([false, true])('agents restart (addresses: %s)', async (addresses) => {
    const setup = setupOf(addresses, 'auto');
    const cluster = masquerading(ALL);
    const { scrapes } = agentRestarted(steadyScrapes(setup, cluster), (one) => !isKubeStateMetrics(one), 360);
    await expectScenario('restart', setup, {
      scrapes,
      checks: [STEADY, 720].map((at) => truthAt(setup, at, cluster)),
    });
  });

  test.concurrent.each([false, true])('a pod moves to another node (addresses: %s)', async (addresses) => {
    const setup = setupOf(addresses, 'auto');
    const to = { node: b.name, ip: '10.1.0.50' };
    const { timeline } = podMoved(masquerading(ALL), { pod: PODS.webA, at: 360, overlap: 60, ...to });
    await expectScenario('moved', setup, {
      scrapes: scrapesFor(setup, timeline),
      checks: [STEADY, 780].map((at) => truthOver(setup, timeline, at)),
    });
  });

  test.concurrent.each(
    ['zone', 'workload', 'pod'].flatMap((granularity) => [
      [granularity, null, false] as const,
      [granularity, 'cluster', true] as const,
    ]),
  )('all that the hostile cluster has, by %s, label %s, addresses: %s', async (granularity, label, addresses) => {
    const base = setupOf(addresses, 'auto');
    const setup: Setup = {
      ...base,
      given: { ...base.given, flows: { granularity }, cluster: { label }, rules: { window: '10m' } },
    };
    const cluster: Cluster = { ...HOSTILE, masquerade: { except: [] } };
    const scrapes = steadyScrapes(setup, cluster).map((scrape) => {
      const { cluster: _none, ...labels } = scrape.labels;
      return label === null ? { ...scrape, labels } : scrape;
    });
    await expectScenario('hostile', setup, { scrapes, checks: [truthAt(setup, 660, cluster)] });
  });

  test.concurrent.each([
    ['auto', []],
    [false, [...AGAIN_A, ...AGAIN_B]],
  ] as const)('an address outside that has a zone, masquerade: %s', async (masquerade, again) => {
    const cluster: Cluster = {
      ...masquerading(ALL),
      places: [{ ip: '203.0.113.1', workload: 'orders-db', zone: 'zone-b' }],
    };
    const external = [{ name: 'orders-db', kind: 'database', zone: 'zone-b', cidrs: ['203.0.113.1/32'] }];
    const setup: Setup = {
      ...setupOf(true, masquerade),
      given: { flows: { masquerade, external }, beyla: { addresses: true } },
    };
    await expectScenario('a range', setup, {
      scrapes: steadyScrapes(setup, cluster),
      checks: [truthAt(setup, STEADY, { ...cluster, connections: [...ALL, ...again] })],
    });
  });
});

test('the rules are there for sources that see it twice, unless masquerade is false', () => {
  for (const id of SOURCE_IDS) {
    const isTwice = id === 'obi' || id === 'beyla';
    const rulesOf = (given: object) => generate({ flows: { source: id, ...given } }).file(RULES.zoneTraffic);
    for (const masquerade of [undefined, true]) {
      const rules = rulesOf(masquerade === undefined ? {} : { masquerade });
      expect([id, /_of_nodes:|_half_named:/.test(rules)]).toEqual([id, isTwice]);
    }
    expect(rulesOf({ masquerade: false })).not.toMatch(/_of_nodes|_half_named/);
    const { warnings } = generate({ flows: { source: id, masquerade: true } });
    expect(warnings.flatMap(({ settings, reason }) => settings.map((one) => `${one}: ${reason}`))).toEqual(
      isTwice ? [] : [`flows.masquerade: flows.source is ${id}`],
    );
  }
});
