import { describe, expect, test } from '@jest/globals';
import {
  ipReused,
  nodeReregistered,
  pendingToRunning,
  podGone,
  podMoved,
  podRecreated,
} from '../../../bench/faults/index.ts';
import { clusterAt, rememberedAt, scrapesOf, type Timeline } from '../../../bench/timeline.ts';
import { truth } from '../../../bench/truth.ts';
import { connect, end, PODS } from '../../support/handmade-cluster.ts';
import { cluster, REQUESTS, sampled, steady, values } from '../../support/sampled.ts';

const infos = (timeline: Timeline, pod: string) =>
  sampled(scrapesOf(timeline, { kubeStateMetricsReplicas: 1 }), { __name__: 'kube_pod_info', pod }).map(
    ({ labels, values: found }) => [labels['uid'], labels['node'], labels['pod_ip'], found.join(' ')],
  );

/** The workload pairs at a time that lead to a workload, as short texts. */
const sources = (timeline: Timeline, at: number, workload: string) =>
  truth(clusterAt(timeline, at))
    .workloadPairs.filter(({ destination }) => destination.workload === workload)
    .map(({ source, destination, rate }) => `${source.workload} ${destination.zone} ${rate}`);

describe('faults of clusters', () => {
  test('a StatefulSet pod moves: both uids for a while, then the new one, traffic to the new place at once', () => {
    const { timeline, change } = podMoved(cluster, { pod: PODS.db, at: 60, node: 'node-a', ip: '10.1.0.77' });
    expect(change).toEqual({ from: 60, until: 120 });
    expect(infos(timeline, 'db-0')).toEqual([
      ['uid-db-0', 'node-b', '10.1.0.2', '1 1 1 1 stale  '],
      ['uid-db-0-60', 'node-a', '10.1.0.77', '  1 1 1 1 1'],
    ]);
    const created = clusterAt(timeline, 60)
      .pods.filter(({ name }) => name === 'db-0')
      .map((pod) => pod.createdAt);
    expect(created).toEqual([10, 71]);
    expect(sources(timeline, 59, 'db')).toEqual(['web az-b 1']);
    expect(sources(timeline, 60, 'db')).toEqual(['web az-a 1']);
    expect(values(scrapesOf(timeline), { ...REQUESTS, destination_ip: '10.1.0.2' })).toEqual([
      [3600, 3630, 'stale', undefined, undefined, undefined, undefined],
    ]);
  });

  test('a pod is recreated on the same host address', () => {
    const { timeline } = podRecreated(cluster, { pod: PODS.host, at: 60, overlap: 30 });
    expect(infos(timeline, 'host-b')).toEqual([
      ['uid-host-b', 'node-b', '10.0.0.2', '1 1 1 stale   '],
      ['uid-host-b-60', 'node-b', '10.0.0.2', '  1 1 1 1 1'],
    ]);
  });

  test('an address is used again while a completed pod keeps it', () => {
    const { timeline } = ipReused(cluster, { completed: PODS.web, by: PODS.near, at: 60 });
    const after = clusterAt(timeline, 60);
    expect(after.pods.filter(({ ip }) => ip === '10.1.0.1').map(({ name, phase }) => [name, phase])).toEqual([
      ['web-1', 'Succeeded'],
      ['near-0', undefined],
    ]);
    expect(sources(timeline, 60, 'db')).toEqual([]);
    expect(sources(timeline, 60, 'near')).toEqual(['external az-a 4']);
  });

  test('a node comes back with another provider id', () => {
    const { timeline } = nodeReregistered(cluster, { node: 'node-c', providerId: 'aws:///az-z/i-9', at: 60 });
    const ids = sampled(scrapesOf(timeline, { kubeStateMetricsReplicas: 1 }), {
      __name__: 'kube_node_info',
      node: 'node-c',
    });
    expect(ids.map(({ labels, values: found }) => [labels['provider_id'], found.join(' ')])).toEqual([
      ['aws:///az-c/i-3', '1 1 stale    '],
      ['aws:///az-z/i-9', '  1 1 1 1 1'],
    ]);
  });

  test('a pod is gone while its traffic lingers, and remembered', () => {
    const { timeline, change } = podGone(cluster, { pod: PODS.web, at: 60, linger: 60 });
    expect(change).toEqual({ from: 60, until: 120 });
    expect(sources(timeline, 60, 'db')).toEqual(['unknown az-b 1']);
    expect(truth(clusterAt(timeline, 60)).unattributed.gone).toBe(3);
    expect(truth(rememberedAt(timeline, 90, 60)).unattributed.gone).toBe(0);
    expect(truth(rememberedAt(timeline, 119, 30)).unattributed.gone).toBe(3);
    expect(sources(timeline, 120, 'db')).toEqual([]);
    expect(values(scrapesOf(timeline), REQUESTS)).toEqual([[3600, 3630, 3660, 3690, 'stale', undefined, undefined]]);
  });

  test('a pod waits and then runs, under one uid', () => {
    const { timeline } = pendingToRunning(cluster, { pod: PODS.web, at: 60 });
    expect(infos(timeline, 'web-1')).toEqual([
      ['uid-web-1', undefined, undefined, '1 1 stale    '],
      ['uid-web-1', 'node-a', '10.1.0.1', '  1 1 1 1 1'],
    ]);
    const phases = { __name__: 'kube_pod_status_phase', pod: 'web-1', phase: 'Pending' };
    expect(values(scrapesOf(timeline, { kubeStateMetricsReplicas: 1 }), phases)).toEqual([[1, 1, 0, 0, 0, 0, 0]]);
  });

  test('a counter bends without falling where rates change', () => {
    const faster = { ...cluster, connections: [connect(end(PODS.web), end(PODS.db), 0.7, 2)] };
    const timeline: Timeline = [...steady, { from: 60, cluster: faster }, { from: 120, cluster }];
    const [found = []] = values(scrapesOf(timeline), REQUESTS);
    expect(found.map((value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value))).toEqual([
      3600, 3630, 3660, 3681, 3702, 3732, 3762,
    ]);
  });
});
