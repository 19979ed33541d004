import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { MetricFamily, Series } from '../../../bench/model.ts';
import { ethtoolFamilies } from '../../../bench/series/ethtool.ts';
import { kubeStateMetricsFamilies } from '../../../bench/series/kube-state-metrics.ts';
import { truth } from '../../../bench/truth.ts';

const cluster = generateCluster({ seed: 3, unlabelledNodes: 1 });

function seriesOf(families: readonly MetricFamily[], name: string): readonly Series[] {
  const found = families.find((family) => family.name === name);
  if (found === undefined) throw new Error(`${name} is not exposed`);
  return found.series;
}

describe('kube-state-metrics', () => {
  const families = kubeStateMetricsFamilies(cluster);

  test('says everything about a pod', () => {
    const pod = cluster.pods.find(({ controller }) => controller?.kind === 'ReplicaSet');
    const info = seriesOf(families, 'kube_pod_info').filter(({ labels }) => labels['uid'] === pod?.uid);
    expect(info).toEqual([
      {
        metric: 'kube_pod_info',
        start: 1,
        perSecond: 0,
        labels: {
          namespace: pod?.namespace,
          pod: pod?.name,
          uid: pod?.uid,
          node: pod?.node,
          pod_ip: pod?.ip,
          host_ip: cluster.nodes.find((node) => node.name === pod?.node)?.internalIp,
          created_by_kind: 'ReplicaSet',
          created_by_name: pod?.controller?.name,
          priority_class: '',
          host_network: 'false',
        },
      },
    ]);
  });

  test('leads from each pod to its workload', () => {
    const replicaSets = new Map(
      seriesOf(families, 'kube_replicaset_owner').map(({ labels }) => [
        `${labels['namespace']}/${labels['replicaset']}`,
        labels['owner_name'],
      ]),
    );
    const replicated = cluster.pods.filter(({ controller }) => controller?.kind === 'ReplicaSet');
    expect(replicated.map((pod) => replicaSets.get(`${pod.namespace}/${pod.controller?.name}`))).toEqual(
      replicated.map((pod) => pod.workload.name),
    );
    expect(seriesOf(families, 'kube_job_owner').map(({ labels }) => labels)).toEqual([
      {
        namespace: 'shop',
        job_name: 'report-29000000',
        owner_kind: 'CronJob',
        owner_name: 'report',
        owner_is_controller: 'true',
      },
    ]);
  });

  test('has one owner row for each pod, empty for a bare one', () => {
    const owners = seriesOf(families, 'kube_pod_owner').map(({ labels }) => labels);
    expect(owners).toHaveLength(60);
    expect(owners.filter((labels) => labels['owner_kind'] === '')).toEqual([
      expect.objectContaining({ pod: 'debug', owner_name: '', owner_is_controller: '' }),
    ]);
  });

  test('has a row of labels for every node, without the zone where there is none', () => {
    const zones = seriesOf(families, 'kube_node_labels').map(
      ({ labels }) => labels['label_topology_kubernetes_io_zone'] ?? '',
    );
    expect(zones).toEqual(cluster.nodes.map(({ zone }) => zone));
    expect(zones.filter((zone) => zone === '')).toHaveLength(1);
  });
});

describe('ethtool', () => {
  test('exposes the allowances as the truth has them', () => {
    const exposed = cluster.nodes.flatMap((node) =>
      seriesOf(ethtoolFamilies(node), 'node_net_ethtool')
        .filter(({ labels, perSecond }) => labels['type']?.endsWith('_allowance_exceeded') === true && perSecond > 0)
        .map(({ labels, perSecond }) => [node.name, labels['device'], labels['type'], perSecond]),
    );
    expect(exposed).toEqual(
      truth(cluster).allowances.map(({ node, device, kind, rate }) => [
        node,
        device,
        `${kind}_allowance_exceeded`,
        rate,
      ]),
    );
  });

  test('exposes every statistic of every interface', () => {
    const [node] = cluster.nodes;
    const series = node === undefined ? [] : seriesOf(ethtoolFamilies(node), 'node_net_ethtool');
    expect(new Set(series.map(({ labels }) => labels['device']))).toEqual(new Set(['ens5', 'ens6']));
    expect(series.filter(({ labels }) => labels['type'] === 'conntrack_allowance_available')).toHaveLength(2);
    expect(series).toHaveLength(18);
  });
});
