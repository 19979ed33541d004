import type { RecordingRule } from '../../model/rules.ts';
import {
  defaultLabel,
  duration,
  firstOf,
  type Fragment,
  join,
  labels,
  longer,
  newest,
  not,
  promql,
  type Query,
  quoted,
  recorded,
  renamed,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { CONTROLLER_WORKLOAD, INCARNATION, NODE_ZONE, POD_IDENTITY } from './names.ts';

/** At least the window, so that pods that end inside it are still known. */
const memory = ({ rules }: TrafficConfig): Fragment => duration(longer(rules.infoLookback, rules.window));

/**
 * An info series as last seen. A failed scrape marks every series of the target stale at once; without memory, one missed
 * scrape of kube-state-metrics would turn all traffic of that minute into "unknown".
 */
export const remembered = (config: TrafficConfig, series: Query): Query => promql`
  last_over_time(${series}[${memory(config)}])`;

/**
 * The time of the last sample of an info series, within the same memory. As a value it tells which of two contradicting series
 * is newer, for example after a node registered again under another provider ID.
 */
export const lastSeen = (config: TrafficConfig, series: Query): Query => promql`
  max_over_time(timestamp(${series})[${memory(config)}:${duration(config.scrape.interval)}])`;

/** Labels by which kube_pod_info names the controller of a pod: one row a pod, whatever its ownerReferences are. */
export const CONTROLLER = ['created_by_kind', 'created_by_name'] as const;

/** Controllers of one kind that are controlled themselves (ReplicaSets by Deployments or Rollouts, Jobs by CronJobs). */
function controlled(config: TrafficConfig, kind: string, metric: string, nameLabel: string): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', nameLabel];
  const owners = remembered(config, selector(metric, { owner_is_controller: 'true' }));
  const owned = newest(key, ['owner_kind', 'owner_name'], owners);
  const carry = { [nameLabel]: 'created_by_name', owner_kind: 'workload_type', owner_name: 'workload' };
  const named = renamed(new UniqueVector(withLabel(owned.query, 'created_by_kind', kind), owned.key), carry, [
    'created_by_kind',
  ]);
  return new UniqueVector(named.query, [...clusterLabels(config), 'namespace', ...CONTROLLER]);
}

/**
 * Every other controller is its own workload. Bare pods and static pods (whose controller is the Node) get no workload here: the
 * pod's own name fills it in. Older kube-state-metrics write `<none>` where newer ones leave the label empty.
 */
function direct(config: TrafficConfig): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', ...CONTROLLER];
  const controllers = promql`
    group by (${labels(...key)}) (${remembered(config, selector('kube_pod_info', { node: not('') }))})`;
  const replace = (query: typeof controllers, to: string, value: string, from: string, regex: string) => promql`
    label_replace(
      ${query},
      ${quoted(to)}, ${quoted(value)}, ${quoted(from)}, ${quoted(regex)}
    )`;
  const kind = replace(controllers, 'workload_type', '$1', 'created_by_kind', '(.*)');
  const name = replace(kind, 'workload', '$1', 'created_by_name', '(.*)');
  const bareKind = replace(name, 'workload_type', 'Pod', 'created_by_kind', '|<none>');
  const staticKind = replace(bareKind, 'workload_type', 'StaticPod', 'created_by_kind', 'Node');
  return new UniqueVector(replace(staticKind, 'workload', '', 'created_by_kind', '|<none>|Node'), key);
}

/** Records the workload behind every controller of a pod. */
export const controllerWorkloadRule = (config: TrafficConfig): RecordingRule => ({
  record: CONTROLLER_WORKLOAD,
  expr: firstOf(
    controlled(config, 'ReplicaSet', 'kube_replicaset_owner', 'replicaset'),
    controlled(config, 'Job', 'kube_job_owner', 'job_name'),
    direct(config),
  ).query,
  labels: [...clusterLabels(config), 'namespace', ...CONTROLLER, 'workload_type', 'workload'],
  unit: '1',
  cardinality: 'one for each ReplicaSet, Job or other controller',
  comment:
    'The workload behind each controller of a pod: the controller of its ReplicaSet or Job (a Deployment, a Rollout, a CronJob, ' +
    'any kind), else the controller itself. Kinds are written as Kubernetes writes them.',
});

/**
 * Pods that have a node, as kube_pod_info describes them with the labels `kept`; the value is the creation time of the pod, so
 * that of two pods with one name (a StatefulSet pod that moved, a restart that left both visible) the newer can be picked.
 */
export function podsByAge(config: TrafficConfig, kept: readonly string[]): Query {
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
export function incarnationRule(config: TrafficConfig): RecordingRule {
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

const WHO = ['node', 'zone', 'workload_type', 'workload'];

/** Records `cluster_namespace_pod:identity:info`. */
export function podIdentityRule(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'namespace', 'pod'];
  return {
    record: POD_IDENTITY,
    expr: newest(key, WHO, selector(INCARNATION)).query,
    labels: [...key, ...WHO],
    unit: '1',
    cardinality: 'one for each pod name',
    comment:
      'Exactly one row for each pod name: the newest pod that has a node, so neither two kube-state-metrics instances nor a pod ' +
      'that moved make a join fail.',
  };
}
