import { describe, jest, test } from '@jest/globals';
import type { Cluster, Endpoint, Place, Pod } from '../../../bench/model.ts';
import type { SourceId } from '../../../bench/sources/index.ts';
import type { SourceOptions } from '../../../bench/sources/source.ts';
import { sourcesWith } from '../../support/expected-traffic.ts';
import { connect, end } from '../../support/handmade-cluster.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expectScenario, type Setup, STEADY, steadyScrapes, truthAt } from './harness.ts';
import { CONNECTIONS, HOSTILE, PODS } from './hostile-cluster.ts';

jest.setTimeout(TIMEOUT_MS);

/** The settings, over the pods and nodes of the hostile cluster. */
const GIVEN = {
  cloud: { region: 'eu-central-1' },
  cluster: { cidrs: ['10.0.0.0/14', 'fd00::/16'] },
  nodes: {
    addresses: [
      { node: 'node-[a]', cidrs: ['10.2.1.0/24', 'fd00:0:0:1::/64'] },
      { node: 'node-.*', cidrs: ['10.2.2.0/24'] },
      { node: 'node-x|nobody', cidrs: ['10.2.3.0/24'] },
      { zone: 'zone-b', cidrs: ['10.2.4.0/23'] },
    ],
  },
  zones: {
    subnets: [
      { zone: 'zone-a', cidrs: ['10.2.128.0/17', '192.168.0.0/17'] },
      { zone: 'zone-b', cidrs: ['192.168.128.0/17', 'fd01::/32'] },
      { region: 'us-east-1', cidrs: ['192.168.200.0/24'] },
      { zone: 'zone-d', region: 'eu-central-1', cidrs: ['192.168.201.0/24'] },
    ],
  },
  flows: {
    external: [
      { name: 'orders-db', kind: 'database', zone: 'zone-a', cidrs: ['10.3.7.9/32'] },
      { name: 'orders-db', kind: 'database', zone: 'zone-b', cidrs: ['10.3.7.10/32', '10.3.8.0/24'] },
      { name: 'cache', kind: 'cache', cidrs: ['192.168.127.0/24', '192.168.128.0/24', 'fd01:0:7::/48'] },
      { name: 'nowhere', kind: 'broker', cidrs: ['172.31.0.0/16'] },
      { name: 'far', kind: 'storage', zone: 'zone-a', region: 'us-east-1', cidrs: ['172.30.0.0/16'] },
      { name: 'home', kind: 'other', zone: 'zone-a', region: 'eu-central-1', cidrs: ['172.29.0.0/16'] },
      { name: 'internet', kind: 'internet', cidrs: ['0.0.0.0/0'] },
    ],
  },
} as const;

/** The truth about some addresses. */
const PLACES: readonly Place[] = [
  // Ours, in no other range.
  { ip: '10.0.77.1', isOurs: true },
  { ip: '10.3.255.254', isOurs: true },
  // Of the nodes: one node; nodes in several zones; a node without a zone; a zone.
  { ip: '10.2.1.200', isOurs: true, zone: 'zone-a' },
  { ip: '10.2.2.200', isOurs: true },
  { ip: '10.2.3.200', isOurs: true },
  { ip: '10.2.5.255', isOurs: true, zone: 'zone-b' },
  // Ours, in a subnet.
  { ip: '10.2.200.1', isOurs: true, zone: 'zone-a' },
  // Workloads inside of our ranges and outside.
  { ip: '10.3.7.9', workload: 'orders-db', zone: 'zone-a' },
  { ip: '10.3.7.10', workload: 'orders-db', zone: 'zone-b' },
  { ip: '10.3.7.11', isOurs: true },
  { ip: '10.3.8.255', workload: 'orders-db', zone: 'zone-b' },
  { ip: '192.168.127.1', workload: 'cache', zone: 'zone-a' },
  { ip: '192.168.128.1', workload: 'cache', zone: 'zone-b' },
  { ip: '172.31.1.1', workload: 'nowhere' },
  { ip: '172.30.1.1', workload: 'far', region: 'us-east-1' },
  { ip: '172.29.1.1', workload: 'home', zone: 'zone-a' },
  { ip: '203.0.113.1', workload: 'internet', kind: 'internet' },
  // Subnets: no internet there.
  { ip: '192.168.1.1', zone: 'zone-a' },
  { ip: '192.168.200.7', region: 'us-east-1' },
  { ip: '192.168.201.7', zone: 'zone-d' },
  // The first address after a range.
  { ip: '192.169.0.0', workload: 'internet', kind: 'internet' },
  { ip: '10.4.0.0', workload: 'internet', kind: 'internet' },
];

const IPV6_PLACES: readonly Place[] = [
  { ip: 'fd00::1:0:0:1', isOurs: true },
  { ip: 'fd00:0:0:1::77', isOurs: true, zone: 'zone-a' },
  { ip: 'fd00::1:2:0:0:3', isOurs: true, zone: 'zone-a' },
  { ip: 'fd00:0:0:2::1', isOurs: true },
  { ip: 'fd01::1', zone: 'zone-b' },
  { ip: 'fd01:0:7::1', workload: 'cache', zone: 'zone-b' },
  { ip: 'fd02::1' },
  { ip: '2001:db8::7' },
  { ip: '64:ff9b::c000:201' },
];

/** A dual-stack pod by its address of the family that this address is of. */
const peer = (pod: Pod, { ip }: Place): Endpoint => end(pod, ip.includes(':') ? { ip: pod.ipv6 ?? '' } : {});

/** Traffic with every one of these addresses, both ways. All rates differ. */
const withPlaces = (places: readonly Place[]): Cluster => ({
  ...HOSTILE,
  places,
  connections: [
    ...CONNECTIONS.filter(({ client, server }) => client.kind !== 'external' && server.kind !== 'external'),
    ...places.flatMap((place, index) => {
      const outside: Endpoint = { kind: 'external', ip: place.ip };
      return [
        connect(outside, peer(PODS.dbA, place), 100 + index, 200 + index),
        connect(peer(PODS.dbB, place), outside, 300 + index, 400 + index),
      ];
    }),
  ],
});

const ADDRESSED = sourcesWith('addresses');

/** Selections other than the default: each sees other ends by their addresses. */
const SELECTIONS: Readonly<Partial<Record<SourceId, readonly NonNullable<SourceOptions['select']>[]>>> = {
  'retina-hubble': ['client-side'],
  'cilium-hubble': ['server-side'],
  'retina-standard': ['ingress', 'egress'],
};

describe.each(ADDRESSED)('%s: ends that only the configuration knows', (id) => {
  const places = id === 'cilium-hubble' ? [...PLACES, ...IPV6_PLACES] : PLACES;

  test.concurrent.each(['zone', 'workload', 'pod'])('granularity %s', async (granularity) => {
    const cluster = withPlaces(places);
    for (const select of SELECTIONS[id] ?? [undefined]) {
      const selected = select === undefined ? {} : { select };
      const given = { ...GIVEN, flows: { ...GIVEN.flows, granularity, ...selected } };
      const setup: Setup = { id, given, options: selected };
      await expectScenario(`${granularity} ${select ?? 'default'}`, setup, {
        scrapes: steadyScrapes(setup, cluster),
        checks: [truthAt(setup, STEADY, cluster)],
      });
    }
  });

  test.concurrent('ranges that hold every pod, node and Service change none of them', async () => {
    const given = { ...GIVEN, nodes: { addresses: [{ zone: 'zone-z', cidrs: ['0.0.0.0/1', 'fd00::/8'] }] } };
    const setup = { id, given };
    const cluster = withPlaces([]);
    await expectScenario('owned', setup, {
      scrapes: steadyScrapes(setup, cluster),
      checks: [truthAt(setup, STEADY, cluster)],
    });
  });
});
