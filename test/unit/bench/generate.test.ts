import { describe, expect, test } from '@jest/globals';
import { generateCluster, minimumPods } from '../../../bench/generate.ts';
import type { Cluster, Pod } from '../../../bench/model.ts';

const cluster = generateCluster({ seed: 1 });

function podPairs({ connections }: Cluster): (readonly [Pod, Pod])[] {
  return connections.flatMap(({ client, server }) =>
    client.kind === 'pod' && server.kind === 'pod' ? [[client.pod, server.pod] as const] : [],
  );
}

function zonePairs(subject: Cluster): Set<string> {
  const zones = new Map(subject.nodes.map((node) => [node.name, node.zone]));
  return new Set(podPairs(subject).map(([client, server]) => `${zones.get(client.node)}>${zones.get(server.node)}`));
}

describe('a generated cluster', () => {
  test('depends on the options alone', () => {
    expect(generateCluster({ seed: 1 })).toEqual(cluster);
    expect(generateCluster({ seed: 2 }).pods).not.toEqual(cluster.pods);
    expect(generateCluster({ seed: 2 }).connections).not.toEqual(cluster.connections);
  });

  test('has the wanted size', () => {
    expect(cluster.name).toBe('synthetic');
    expect(cluster.nodes).toHaveLength(6);
    expect(cluster.pods).toHaveLength(60);
    expect(new Set(cluster.pods.map((pod) => pod.namespace)).size).toBe(4);
    expect(cluster.connections).toHaveLength(60 * 4 + 3 * 2);
  });

  test('has pods of every kind of workload, and workloads only with pods', () => {
    const kinds = new Set(cluster.pods.map((pod) => pod.workload.kind));
    const controllers = new Set(cluster.pods.map((pod) => pod.controller?.kind));
    expect(kinds).toEqual(new Set(['CronJob', 'DaemonSet', 'Deployment', 'Pod', 'StatefulSet']));
    expect(controllers).toEqual(new Set(['DaemonSet', 'Job', 'Node', 'ReplicaSet', 'StatefulSet', undefined]));
    expect(new Set(cluster.workloads)).toEqual(new Set(cluster.pods.map((pod) => pod.workload)));
  });

  test('identifies every pod by address, uid, and namespace with name, but not by name', () => {
    expect(new Set(cluster.pods.map((pod) => pod.ip)).size).toBe(60);
    expect(new Set(cluster.pods.map((pod) => pod.uid)).size).toBe(60);
    expect(new Set(cluster.pods.map((pod) => `${pod.namespace}/${pod.name}`)).size).toBe(60);
    expect(new Set(cluster.pods.map((pod) => pod.name)).size).toBeLessThan(60);
  });

  test('has traffic between all zones, within a zone, on one node, and over DNS', () => {
    expect(zonePairs(cluster).size).toBe(9);
    expect(podPairs(cluster).filter(([client, server]) => client.node === server.node)).not.toHaveLength(0);
    expect(cluster.connections.filter(({ protocol }) => protocol === 'UDP')).not.toHaveLength(0);
  });

  test('has external clients and external servers', () => {
    const kinds = cluster.connections.map(({ client, server }) => `${client.kind}>${server.kind}`);
    expect(kinds.filter((kind) => kind === 'external>pod')).toHaveLength(3);
    expect(kinds.filter((kind) => kind === 'pod>external')).toHaveLength(3);
  });

  test('connects a pair once, never to itself, and no host-network pod', () => {
    const pairs = podPairs(cluster);
    expect(new Set(pairs.map(([client, server]) => `${client.uid}>${server.uid}`)).size).toBe(pairs.length);
    expect(pairs.filter(([client, server]) => client === server)).toHaveLength(0);
    expect(pairs.flat().filter((pod) => pod.hostNetwork)).toHaveLength(0);
  });

  test('has rates from 5 to 200 packets per second', () => {
    const rates = cluster.connections.flatMap(({ requests, replies }) => [requests, replies]);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...rates)).toBeLessThanOrEqual(200);
  });

  test('has nodes without zone label on demand, of which hybrid ones do not tell in the provider id', () => {
    const { nodes } = generateCluster({ seed: 1, unlabelledNodes: 1, hybridNodes: 1 });
    expect(nodes.map(({ zone }) => zone === '')).toEqual([false, false, false, false, true, true]);
    expect(nodes[4]?.providerId).toMatch(/^aws:\/\/\/ap-northeast-2b\/i-[0-9a-f]{17}$/);
    expect(nodes[5]?.providerId).toMatch(/^eks-hybrid:\/\/\//);
  });
});

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('the smallest cluster with %i nodes', (nodes) => {
  test('covers every zone pair', () => {
    const zones = ['a', 'b', 'c', 'd'].slice(0, nodes).map((letter) => `eu-west-1${letter}`);
    const smallest = generateCluster({ seed: nodes, nodes, zones, pods: minimumPods(nodes), connectionsPerPod: 1 });
    expect(zonePairs(smallest).size).toBe(zones.length ** 2);
  });
});

describe.each([4, 5, 6, 7, 8])('a sparse cluster with seed %i', (seed) => {
  // With so many nodes and so few connections, chance alone gives these seeds no two pods that talk on one node.
  test('has traffic on one node', () => {
    const sparse = generateCluster({ seed, nodes: 30, pods: minimumPods(30), connectionsPerPod: 1 });
    expect(podPairs(sparse).filter(([client, server]) => client.node === server.node)).not.toHaveLength(0);
  });
});

describe('a large cluster', () => {
  test('has every pod, connection and address that was asked for', () => {
    const large = generateCluster({ seed: 1, nodes: 60, pods: 3_000, connectionsPerPod: 20, namespaces: 20 });
    expect(large.pods).toHaveLength(3_000);
    expect(large.connections).toHaveLength(60_006);
    expect(new Set(large.pods.map((pod) => pod.ip)).size).toBe(3_000);
  });
});

describe('a cluster that cannot be built', () => {
  test.each([
    [{ seed: 1, pods: 10 }, 'pods: got 10, expected a whole number from 18 to 60000 on 6 nodes'],
    [{ seed: 1, nodes: 2 }, 'nodes: got 2, expected a whole number from 3 to 3000 in 3 zones'],
    [{ seed: 0.5 }, 'seed: got 0.5, expected a whole number from 0 to 4294967295'],
    [{ seed: 1, dualStackShare: 2 }, 'dualStackShare: got 2, expected a share from 0 to 1'],
    [{ seed: 1, hybridNodes: 7 }, 'hybridNodes: got 7, expected a whole number from 0 to 6'],
  ])('is refused: %j', (options, message) => {
    expect(() => generateCluster(options)).toThrow(new RangeError(message));
  });
});
