import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { Cluster, Connection, Endpoint, Node, Pod } from '../../../bench/model.ts';
import { localityOf, truth } from '../../../bench/truth.ts';

function node(name: string, zone: string, providerId: string): Node {
  return { name, zone, providerId, internalIp: `10.0.0.${name.length}`, createdAt: 1, interfaces: [] };
}

function pod(name: string, on: string, kind: 'Deployment' | 'Pod', controller: Pod['controller']): Endpoint {
  const workload = { namespace: 'shop', kind, name: kind === 'Pod' ? name : 'web' };
  const identity = { namespace: 'shop', name, uid: `uid-${name}`, ip: `10.1.0.${name.length}`, node: on };
  return { kind: 'pod', pod: { ...identity, workload, controller, createdAt: 1, hostNetwork: false } };
}

function connection(client: Endpoint, server: Endpoint, requests: number, replies: number): Connection {
  return { client, server, protocol: 'TCP', requests, replies };
}

function sum(items: readonly { readonly rate: number }[]): number {
  return items.reduce((total, { rate }) => total + rate, 0);
}

/** Small enough to add up by hand. */
function handmade(): Cluster {
  const first = pod('web-1', 'one', 'Deployment', { kind: 'ReplicaSet', name: 'web-7d9f' });
  const second = pod('web-22', 'two', 'Deployment', { kind: 'ReplicaSet', name: 'web-7d9f' });
  const fixed = pod('proxy-two', 'two', 'Pod', { kind: 'Node', name: 'two' });
  const bare = pod('debug', 'hybrid', 'Pod', undefined);
  const outside: Endpoint = { kind: 'external', ip: '203.0.113.10' };
  const pods = [first, second, fixed, bare].flatMap((end) => (end.kind === 'pod' ? [end.pod] : []));
  return {
    name: 'handmade',
    nodes: [node('one', 'az-1', 'aws:///wrong/i-1'), node('two', '', 'aws:///az-2/i-2'), node('hybrid', '', 'x:///y')],
    workloads: [...new Set(pods.map(({ workload }) => workload))],
    pods,
    connections: [
      connection(first, second, 10, 20),
      connection(second, first, 1, 2),
      connection(second, fixed, 100, 200),
      connection(bare, first, 5, 6),
      connection(outside, first, 7, 8),
      connection(first, outside, 1_000, 2_000),
    ],
  };
}

describe('the truth of a handmade cluster', () => {
  const found = truth(handmade());

  test('counts both directions of every connection of a pod', () => {
    expect(found.total).toBe(3_359);
    expect(found.byLocality).toEqual({
      same_zone: 300,
      cross_zone: 33,
      cross_region: 0,
      internet: 3_015,
      unknown: 11,
    });
    expect(found.unattributed).toEqual({
      no_zone_label: 11,
      invalid_zone: 0,
      service_ip: 0,
      gone: 0,
      unplaced: 0,
      outside: 0,
      no_peer: 0,
    });
  });

  test('takes zones from the label, else from the provider id', () => {
    expect(found.zonePairs).toHaveLength(7);
    expect(found.zonePairs).toEqual(
      expect.arrayContaining([
        { sourceZone: 'az-1', destinationZone: 'az-2', locality: 'cross_zone', rate: 12 },
        { sourceZone: 'az-2', destinationZone: 'az-1', locality: 'cross_zone', rate: 21 },
        { sourceZone: 'az-2', destinationZone: 'az-2', locality: 'same_zone', rate: 300 },
        { sourceZone: 'internet', destinationZone: 'az-1', locality: 'internet', rate: 2_007 },
        { sourceZone: 'az-1', destinationZone: 'internet', locality: 'internet', rate: 1_008 },
        { sourceZone: 'unknown', destinationZone: 'az-1', locality: 'unknown', rate: 5 },
        { sourceZone: 'az-1', destinationZone: 'unknown', locality: 'unknown', rate: 6 },
      ]),
    );
  });

  test('names workloads by kind, static pods apart, and what is on the internet external', () => {
    const web = { namespace: 'shop', type: 'Deployment', workload: 'web' };
    const outside = { namespace: '_external_', type: 'External', workload: 'external', zone: 'internet' };
    expect(found.workloadPairs).toEqual(
      expect.arrayContaining([
        { source: { ...web, zone: 'az-1' }, destination: { ...web, zone: 'az-2' }, locality: 'cross_zone', rate: 12 },
        {
          source: { ...web, zone: 'az-2' },
          destination: { namespace: 'shop', type: 'StaticPod', workload: 'proxy-two', zone: 'az-2' },
          locality: 'same_zone',
          rate: 100,
        },
        {
          source: { namespace: 'shop', type: 'Pod', workload: 'debug', zone: 'unknown' },
          destination: { ...web, zone: 'az-1' },
          locality: 'unknown',
          rate: 5,
        },
        { source: outside, destination: { ...web, zone: 'az-1' }, locality: 'internet', rate: 2_007 },
      ]),
    );
  });

  test('adds up both connections of a pair of pods', () => {
    expect(found.podPairs).toContainEqual({
      source: { namespace: 'shop', pod: 'web-1', zone: 'az-1' },
      destination: { namespace: 'shop', pod: 'web-22', zone: 'az-2' },
      locality: 'cross_zone',
      rate: 12,
    });
  });
});

describe.each([1, 2, 3])('the truth of a generated cluster with seed %i', (seed) => {
  const cluster = generateCluster({ seed, unlabelledNodes: 1, hybridNodes: 1 });
  const found = truth(cluster);

  test('loses nothing at any level', () => {
    const all = cluster.connections.reduce((total, { requests, replies }) => total + requests + replies, 0);
    expect(found.total).toBe(all);
    expect(sum(found.zonePairs)).toBe(found.total);
    expect(sum(found.workloadPairs)).toBe(found.total);
    expect(sum(found.podPairs)).toBe(found.total);
    expect(Object.values(found.byLocality).reduce((total, rate) => total + rate, 0)).toBe(found.total);
  });

  test('agrees on every zone pair between zones, workloads and pods', () => {
    for (const { sourceZone, destinationZone, rate } of found.zonePairs) {
      const between = <P extends { readonly zone: string }>(pair: { source: P; destination: P }) =>
        pair.source.zone === sourceZone && pair.destination.zone === destinationZone;
      expect(sum(found.workloadPairs.filter(between))).toBe(rate);
      expect(sum(found.podPairs.filter(between))).toBe(rate);
    }
  });

  test('has traffic of every locality and each pair once', () => {
    expect(new Set(found.zonePairs.map(localityOf))).toEqual(new Set(['same_zone', 'cross_zone', 'unknown']));
    for (const pairs of [found.workloadPairs, found.podPairs]) {
      const keys = pairs.map(({ source, destination }) => JSON.stringify([source, destination]));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('has three exceeded allowances on two nodes', () => {
    expect(found.allowances.map(({ kind, rate }) => [kind, rate])).toEqual([
      ['pps', 40],
      ['conntrack', 3],
      ['linklocal', 7],
    ]);
    expect(new Set(found.allowances.map((allowance) => allowance.node)).size).toBe(2);
  });
});
