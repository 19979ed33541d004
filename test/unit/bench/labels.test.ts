import { describe, expect, test } from '@jest/globals';
import type { Cluster, Labels } from '../../../bench/model.ts';
import type { SourceId, SourceOptions } from '../../../bench/sources/index.ts';
import { exposed, hubble, named, type Selects, standard } from '../../support/exposed.ts';
import { clusterWith, connect, end, OUTSIDE, PODS, SERVICE } from '../../support/handmade-cluster.ts';

describe('double counting', () => {
  const rates = (id: SourceId, of: Cluster, options: SourceOptions, selects: Selects) =>
    exposed(id, of, options)
      .flat()
      .filter(selects)
      .map(({ labels, perSecond }) => ({ labels, perSecond }));
  const plain = clusterWith([connect(end(PODS.web), end(PODS.db), 1, 2)]);
  const via = clusterWith([connect(end(PODS.web), end(PODS.db), 1, 2, { via: SERVICE })]);
  const traces: Selects = ({ labels }) => labels['type'] === 'Trace';

  test('of Hubble: four events for a packet between nodes, two with high aggregation, five in Cilium', () => {
    const all = (id: SourceId, options: SourceOptions) =>
      rates(id, plain, options, traces).reduce((total, { perSecond }) => total + perSecond, 0) / 3;
    expect(all('retina-hubble', {})).toBe(4);
    expect(all('retina-hubble', { aggregation: 'high', eventsPerPacket: 1 })).toBe(2);
    expect(all('cilium-hubble', {})).toBe(5);
  });

  test('of retina-standard with low aggregation: network cards add each packet again', () => {
    const low = rates('retina-standard', plain, { aggregation: 'low' }, standard('bytes', 'INGRESS'));
    expect(low.map(({ perSecond }) => perSecond).toSorted((a, b) => a - b)).toEqual([20, 400]);
  });

  test('of OBI: an edge for the Service besides, and every edge from both nodes', () => {
    const edges = rates('obi', via, {}, named('obi_network_flow_bytes_total')).map(({ labels }) =>
      [labels['obi_ip'], labels['direction'], labels['k8s_src_type'], labels['k8s_dst_type']].join(' '),
    );
    expect(edges.toSorted()).toEqual([
      '10.0.0.1 request Pod Pod',
      '10.0.0.1 request Pod Service',
      '10.0.0.1 response Pod Pod',
      '10.0.0.1 response Service Pod',
      '10.0.0.2 request Pod Pod',
      '10.0.0.2 response Pod Pod',
    ]);
  });
});

describe('labels', () => {
  const one = (id: SourceId, connection: Parameters<typeof clusterWith>[0][number], selects: Selects): Labels => {
    const found = exposed(id, clusterWith([connection]))
      .flat()
      .find(selects);
    return found?.labels ?? {};
  };

  test('of what Retina in standard mode does not resolve are unknown, not empty', () => {
    const labels = one('retina-standard', connect(OUTSIDE, end(PODS.web), 1, 2), standard('bytes', 'INGRESS'));
    expect(labels).toMatchObject({
      source_ip: '203.0.113.1',
      source_namespace: 'unknown',
      source_podname: 'unknown',
      source_zone: 'unknown',
      destination_podname: 'web-1',
      destination_workload_kind: 'ReplicaSet',
      destination_zone: 'az-a',
    });
  });

  test('of nodes in kubezonnet are _node_ and the name', () => {
    const labels = one('kubezonnet', connect(end(PODS.host), end(PODS.web), 1, 0), ({ perSecond }) => perSecond > 0);
    expect(labels).toEqual({ namespace: '_node_', pod: 'node-b' });
  });

  test('of an unnamed end in Hubble are its address', () => {
    const labels = one(
      'retina-hubble',
      connect(end(PODS.web, { unnamed: true }), end(PODS.db), 1, 0),
      hubble('ingress'),
    );
    expect(labels).toMatchObject({ source_ip: '10.1.0.1', source_pod: '', source_namespace: '' });
  });
});
