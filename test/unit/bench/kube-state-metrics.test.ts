import { describe, expect, test } from '@jest/globals';
import type { MetricFamily, Series } from '../../../bench/model.ts';
import { kubeStateMetricsFamilies } from '../../../bench/series/kube-state-metrics.ts';
import { clusterWith, podOf, PODS } from '../../support/handmade-cluster.ts';

function seriesOf(families: readonly MetricFamily[], name: string): readonly Series[] {
  const found = families.find((family) => family.name === name);
  if (found === undefined) throw new Error(`${name} is not exposed`);
  return found.series;
}

describe('kube-state-metrics of awkward objects', () => {
  const waiting = podOf('waiting-0', '', '', { phase: 'Pending' });
  const done = podOf('done-0', 'node-a', '10.1.0.9', { phase: 'Succeeded' });
  const shared = podOf('shared-0', 'node-a', '10.1.0.10', { otherOwners: [{ kind: 'Widget', name: 'w' }] });
  const orphan = podOf('orphan-0', 'node-a', '10.1.0.11', {
    controller: undefined,
    otherOwners: [{ kind: 'Widget', name: 'w' }],
  });
  const job = podOf('job-0', 'node-a', '10.1.0.12', {
    workload: { namespace: 'shop', kind: 'Job', name: 'once' },
    controller: { kind: 'Job', name: 'once' },
  });
  const families = kubeStateMetricsFamilies(clusterWith([], [PODS.web, waiting, done, shared, orphan, job]));
  const labelsOf = (metric: string, pod: string) =>
    seriesOf(families, metric)
      .map(({ labels }) => labels)
      .filter((labels) => labels['pod'] === pod);
  const phaseOf = (pod: string) =>
    seriesOf(families, 'kube_pod_status_phase')
      .filter(({ labels, start }) => labels['pod'] === pod && start === 1)
      .map(({ labels }) => labels['phase']);

  test('has both addresses of a dual-stack pod, and none of one that waits', () => {
    expect(labelsOf('kube_pod_ips', 'web-1').map(({ ip, ip_family }) => [ip, ip_family])).toEqual([
      ['10.1.0.1', '4'],
      ['fd00::1', '6'],
    ]);
    expect(labelsOf('kube_pod_ips', 'waiting-0')).toEqual([]);
    expect(labelsOf('kube_pod_info', 'waiting-0')).toMatchObject([{ node: '', pod_ip: '', host_ip: '' }]);
  });

  test('has one phase of each pod', () => {
    expect(['web-1', 'waiting-0', 'done-0'].map(phaseOf)).toEqual([['Running'], ['Pending'], ['Succeeded']]);
    expect(labelsOf('kube_pod_info', 'done-0')).toMatchObject([{ pod_ip: '10.1.0.9' }]);
  });

  test('has one row for each ownerReference', () => {
    const owners = (pod: string) =>
      labelsOf('kube_pod_owner', pod).map(({ owner_kind, owner_is_controller }) => [owner_kind, owner_is_controller]);
    expect(owners('shared-0')).toEqual([
      ['ReplicaSet', 'true'],
      ['Widget', 'false'],
    ]);
    expect(owners('orphan-0')).toEqual([['Widget', 'false']]);
    expect(seriesOf(families, 'kube_job_owner').map(({ labels }) => labels)).toMatchObject([
      { job_name: 'once', owner_kind: '', owner_is_controller: '' },
    ]);
  });

  test('has Services and the addresses of nodes', () => {
    expect(seriesOf(families, 'kube_service_info').map(({ labels }) => labels)).toMatchObject([
      { namespace: 'default', service: 'kubernetes' },
      { namespace: 'shop', service: 'db', cluster_ip: '172.20.0.1' },
    ]);
    expect(seriesOf(families, 'kube_service_created')).toHaveLength(2);
    const addresses = seriesOf(families, 'kube_node_status_addresses').map(({ labels }) => labels);
    expect(addresses).toHaveLength(8);
    expect(addresses).toContainEqual({ node: 'node-a', type: 'InternalIP', address: '10.0.0.1' });
    expect(addresses).toContainEqual({ node: 'node-a', type: 'Hostname', address: 'node-a' });
  });
});

test('namespaces have the labels that they are given, in snake case, and are not there where none are', () => {
  const bare = clusterWith([], [PODS.web]);
  expect(kubeStateMetricsFamilies(bare).map(({ name }) => name)).not.toContain('kube_namespace_labels');
  const namespaces = { shop: { team: 'storefront', 'example.com/costCenter': '17' }, data: {} };
  const labelled = kubeStateMetricsFamilies({ ...bare, namespaces });
  expect(seriesOf(labelled, 'kube_namespace_labels').map(({ labels }) => labels)).toEqual([
    { namespace: 'shop', label_team: 'storefront', label_example_com_cost_center: '17' },
    { namespace: 'data' },
  ]);
});
