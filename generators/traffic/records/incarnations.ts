import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { defaultLabel, join, labels, not, promql, recorded, selector, type Query } from '../../promql/index.ts';
import { remembered } from './memory.ts';
import { CONTROLLER_WORKLOAD, INCARNATION, NODE_ZONE } from './names.ts';
import { CONTROLLER } from './workloads.ts';

/**
 * Pods that have a node, as kube_pod_info describes them with the labels `kept`; the value is the creation time of the pod, so
 * that of two pods with one name (a StatefulSet pod that moved, a restart that left both visible) the newer can be picked.
 */
export function podsByAge(config: Config, kept: readonly string[]): Query {
  const pod = [...clusterLabels(config), 'namespace', 'pod', 'uid'];
  const described = promql`
    max by (${labels(...pod, ...kept)}) (${remembered(config, selector('kube_pod_info', { node: not('') }))})`;
  const created = promql`
    max by (${labels(...pod)}) (${remembered(config, selector('kube_pod_created'))})`;
  return promql`
    ${described}
    * on (${labels(...pod)}) group_left ()
    ${created}
    or
    ${described}`;
}

/** Records `cluster_namespace_pod_uid:identity:created`. */
export function incarnationRule(config: Config): RecordingRule {
  const cluster = clusterLabels(config);
  const kept = [...cluster, 'namespace', 'pod', 'uid', 'node', 'zone', 'workload_type', 'workload', 'host_network'];
  // A row for each uid and node: a pod whose labels flip (Pending to Running) has one node only, from when it has one.
  const pods = podsByAge(config, ['node', 'host_network', ...CONTROLLER]);
  const located = join(pods, recorded(NODE_ZONE, [...cluster, 'node']), ['zone']);
  const controllers = recorded(CONTROLLER_WORKLOAD, [...cluster, 'namespace', ...CONTROLLER]);
  const owned = join(located, controllers, ['workload_type', 'workload']);
  // "workload/pod" starts with the slash exactly where no controller gave the workload a name.
  const expr = promql`
    max by (${labels(...kept)}) (
      label_replace(
        label_join(
          ${defaultLabel(owned, 'host_network', 'false')},
          "name", "/", "workload", "pod"
        ),
        "workload", "$1", "name", "/(.+)"
      )
    )`;
  return {
    record: INCARNATION,
    expr,
    labels: kept,
    unit: 'unix seconds',
    cardinality: 'one for each pod, and for each that ended within rules.infoLookback',
    comment:
      'Every incarnation of every pod with its place and workload; the value is its creation time. Both joins are total: every ' +
      'pod keeps its row.',
  };
}
