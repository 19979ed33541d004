import { describe, expect, test } from '@jest/globals';
import { generateCluster, scaleOptions } from '../../../bench/generate.ts';
import { addressOf, type Cluster, isDirectOnOneNode, isIpv6 } from '../../../bench/model.ts';
import { retinaHubble } from '../../../bench/sources/retina-hubble.ts';

const cluster = generateCluster({ seed: 1 });

describe('options for more kinds of traffic', () => {
  const more = generateCluster({
    seed: 1,
    services: true,
    dualStackShare: 0.5,
    missingNamesShare: 0.25,
    hostNetworkTraffic: true,
    nodeTraffic: true,
  });
  const ends = more.connections.flatMap(({ client, server }) => [client, server]);

  test('leave everything else as it is', () => {
    expect(more.pods.map(({ ipv6: _ipv6, ...pod }) => pod)).toEqual(cluster.pods);
    const rates = ({ connections }: Cluster) =>
      connections.slice(0, 246).map(({ requests, replies }) => [requests, replies]);
    expect(rates(more)).toEqual(rates(cluster));
  });

  test('add Services that most clients call, with addresses of their own', () => {
    expect(more.services?.length).toBe(new Set(more.services?.map(({ clusterIp }) => clusterIp)).size);
    const share = more.connections.filter(({ via }) => via !== undefined).length / more.connections.length;
    expect(share).toBeGreaterThan(0.3);
    for (const { via, server } of more.connections) {
      if (via === undefined) continue;
      expect(server.kind === 'pod' ? `${server.pod.workload.name}-service` : '').toBe(via.name);
    }
    expect(cluster.services).toEqual([]);
  });

  test('add IPv6, between ends that both have it', () => {
    const dual = more.pods.filter(({ ipv6 }) => ipv6 !== undefined);
    expect(dual.length).toBeGreaterThan(20);
    expect(dual.length).toBeLessThan(45);
    const v6 = more.connections.filter(isIpv6);
    expect(v6).not.toHaveLength(0);
    for (const { client, server } of v6) {
      expect([addressOf(client), addressOf(server)].every((ip) => ip.includes(':'))).toBe(true);
    }
  });

  test('leave out the names of a share of the ends', () => {
    const pods = ends.filter(({ kind }) => kind === 'pod');
    const unnamed = pods.filter((end) => end.kind === 'pod' && end.unnamed === true);
    expect(unnamed.length / pods.length).toBeGreaterThan(0.2);
    expect(unnamed.length / pods.length).toBeLessThan(0.3);
  });

  test('add traffic of nodes and of host-network pods', () => {
    expect(ends.filter(({ kind }) => kind === 'node').length).toBeGreaterThan(60 - 6);
    expect(ends.filter((end) => end.kind === 'pod' && end.pod.hostNetwork)).toHaveLength(2 * 6);
  });
});

describe('a cluster for measuring', () => {
  test('has as many counted series as wanted', () => {
    const wanted = { seed: 1, pods: 3_000, countedSeries: 60_000 };
    const large = generateCluster(scaleOptions(wanted));
    expect(large.pods).toHaveLength(3_000);
    expect(large.connections).toHaveLength(30_000);
    const counted = large.nodes.flatMap((node) =>
      retinaHubble
        .families(large, node, { aggregation: 'high' })
        .flatMap(({ series }) => series)
        .filter(({ labels }) => labels['type'] === 'Trace' && labels['traffic_direction'] === 'ingress'),
    );
    // What stays on a node without a Service is reported by the client alone.
    expect(counted).toHaveLength(60_000 - 2 * large.connections.filter(isDirectOnOneNode).length);
  });
});
