import type { Config } from '../config/schema.ts';
import type { RecordingRule } from '../model/rules.ts';
import { join, labels, newest, not, promql, recorded, selector, type Query } from '../promql/index.ts';
import { remembered } from './memory.ts';
import { clusterLabels, CONTROLLER_WORKLOAD, NODE_ZONE, POD_IDENTITY } from './names.ts';
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

/** Records `cluster_namespace_pod:identity:info`. */
export function podIdentityRule(config: Config): RecordingRule {
  const cluster = clusterLabels(config);
  const key = [...cluster, 'namespace', 'pod'];
  const kept = [...key, 'node', 'zone', 'workload_type', 'workload'];
  const pods = newest(key, ['node', ...CONTROLLER], podsByAge(config, ['node', ...CONTROLLER]));
  const located = join(pods.query, recorded(NODE_ZONE, [...cluster, 'node']), ['zone']);
  const controllers = recorded(CONTROLLER_WORKLOAD, [...cluster, 'namespace', ...CONTROLLER]);
  const owned = join(located, controllers, ['workload_type', 'workload']);
  // "workload/pod" starts with the slash exactly where no controller gave the workload a name.
  const expr = promql`
    group by (${labels(...kept)}) (
      label_replace(
        label_join(
          ${owned},
          "name", "/", "workload", "pod"
        ),
        "workload", "$1", "name", "/(.+)"
      )
    )`;
  return {
    record: POD_IDENTITY,
    expr,
    labels: kept,
    unit: '1',
    comment:
      'Exactly one row for each pod name: the newest pod that has a node, so neither two kube-state-metrics instances nor a pod ' +
      'that moved make a join fail. Both joins are total: every pod keeps its row.',
  };
}
