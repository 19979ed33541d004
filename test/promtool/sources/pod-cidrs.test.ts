import { nodeReplaced } from '../../../bench/faults/index.ts';
import type { Cluster, Connection, Endpoint, Node } from '../../../bench/model.ts';
import { connect, end, podOf } from '../../support/handmade-cluster.ts';
import { type Case, describeCases, EXCEPT } from './cases.ts';
import { scrapesFor, STEADY } from './harness.ts';
import { truthOver } from './over-time.ts';
import { steady } from './steady.ts';

const node = (last: number, zone: string, podCidr?: string): Node => ({
  name: `node-${last}`,
  zone,
  providerId: '',
  internalIp: `192.168.7.${last}`,
  createdAt: 1_760_000_000 + last,
  interfaces: [],
  ...(podCidr !== undefined && { podCidr }),
});

const pod = (name: string, on: Node, ip: string) => podOf(name, on.name, ip);

const NODES = {
  a: node(1, 'zone-a', '10.42.0.0/24'),
  b: node(2, 'zone-b', '10.42.1.0/24'),
  unlabelled: node(3, '', '10.42.2.0/24'),
  wide: node(4, 'zone-c', '10.43.0.0/16'),
  widest: node(5, 'zone-c', '11.0.0.0/8'),
  // Its pods are elsewhere, and one of them is in the CIDR of the next one.
  elsewhere: node(6, 'zone-a', '10.44.0.0/24'),
  shared: node(7, 'zone-b', '10.44.1.0/24'),
  // Its prefix ends inside an octet, so it is not read.
  narrow: node(8, 'zone-a', '10.46.0.64/26'),
  six: node(9, 'zone-a', 'fd00:10:244::/64'),
  sixToo: node(10, 'zone-b', 'fd00:10:244:1::/64'),
} as const;
const { a, b, wide, widest, elsewhere, shared, six, sixToo } = NODES;

const PODS = {
  web: pod('web-1', a, '10.42.0.5'),
  db: pod('db-0', b, '10.42.1.7'),
  wide: pod('wide-0', wide, '10.43.9.9'),
  alsoWide: pod('wide-1', wide, '10.43.8.8'),
  widest: pod('widest-0', widest, '11.1.2.3'),
  elsewhere: pod('elsewhere-0', elsewhere, '10.50.0.3'),
  guest: pod('guest-0', elsewhere, '10.44.1.9'),
  host: pod('host-0', shared, '10.44.1.10'),
  six: pod('six-0', six, 'fd00:10:244::5'),
  sixToo: pod('six-1', sixToo, 'fd00:10:244:1::5'),
  // On the network of its host, at an address that the node does not report.
  bridge: { ...pod('bridge-0', a, '192.168.50.1'), ipv6: 'fd00:50::1', hostNetwork: true },
} as const;

const at = (ip: string): Endpoint => ({ kind: 'external', ip });
const of = (owner: Node, ip: string): Endpoint => ({ kind: 'node', node: owner, ip });

const ENDS: readonly Endpoint[] = [
  // What is masqueraded comes from the tunnel of its node, and probes come from the bridge.
  of(a, '10.42.0.0'),
  of(b, '10.42.1.1'),
  of(wide, '10.43.0.1'),
  of(widest, '11.0.0.0'),
  end(PODS.bridge),
  // Pods that nobody knows any more, without and with a name.
  at('10.42.0.77'),
  at('10.42.2.8'),
  at('10.43.200.4'),
  at('11.200.3.4'),
  end(pod('gone-0', a, '10.42.0.99')),
  end(pod('gone-1', elsewhere, '10.44.0.98')),
  // Ranges that the network does not use, and what is in no range.
  at('10.44.0.0'),
  at('10.44.0.200'),
  at('10.44.1.200'),
  at('10.45.0.1'),
  at('110.42.0.7'),
];

const SIX_ENDS: readonly Endpoint[] = [
  of(six, 'fd00:10:244::1'),
  of(sixToo, 'fd00:10:244:1::'),
  end(PODS.bridge, { ip: 'fd00:50::1' }),
  at('fd00:10:244::1:2'),
  at('fd00:10:244:1:9:8:7:6'),
  at('fd00:10:244:2::5'),
  at('fd00:10::244:5'),
];

const toward = (server: Endpoint, ends: readonly Endpoint[]): Connection[] =>
  ends.map((client, index) => connect(client, server, 10 + index, 100 + 3 * index));

const clusterOf = (connections: readonly Connection[], nodes: readonly Node[] = Object.values(NODES)): Cluster => ({
  name: 'one',
  nodes,
  workloads: [PODS.web.workload],
  pods: Object.values(PODS),
  connections,
});

/** The pod CIDR of a node that is gone goes to another node, in another zone. */
const old = node(20, 'zone-b', '10.47.0.0/24');
const inherited = (name: string) =>
  nodeReplaced(
    clusterOf([...toward(end(PODS.db), [of(old, '10.47.0.1'), at('10.47.0.9')])], [...Object.values(NODES), old]),
    { node: old, name, zone: 'zone-a', providerId: '', at: 360 },
  ).timeline;

const CASES: readonly Case[] = [
  { name: 'addresses in ranges of nodes', scenario: steady(clusterOf(toward(end(PODS.db), ENDS))) },
  {
    name: 'IPv6 addresses in ranges of nodes',
    except: EXCEPT.noIpv6,
    scenario: steady(clusterOf(toward(end(PODS.sixToo), SIX_ENDS))),
  },
  {
    name: 'no ranges at all',
    scenario: steady(
      clusterOf(
        toward(end(PODS.db), [at('10.42.0.77'), at('10.44.0.200')]),
        Object.values(NODES).map(({ podCidr: _none, ...rest }: Node) => rest),
      ),
    ),
  },
  ...['node-1a', 'node-z'].map((name): Case => ({
    name: `a range that ${name} got from another node`,
    scenario: (setup) => ({
      scrapes: scrapesFor(setup, inherited(name)),
      checks: [STEADY, 480, 720].map((time) => truthOver(setup, inherited(name), time)),
    }),
  })),
].map((one) => ({ ...one, except: { ...EXCEPT.noAddresses, ...one.except } }));

describeCases(CASES);
