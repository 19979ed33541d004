import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  defaultLabel,
  duration,
  either,
  firstOf,
  type Fragment,
  join,
  labelReplace,
  labels,
  longer,
  newest,
  not,
  promql,
  type Query,
  recorded,
  renamed,
  seconds,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { CONTROLLER_WORKLOAD, INCARNATION, NODE_CREATED, NODE_ZONE, POD_IDENTITY } from './names.ts';

/** At least the window, so that pods that end within it are still known. */
const lookback = ({ rules }: TrafficConfig): Fragment => duration(longer(rules.infoLookback, rules.window));

/**
 * An info series as last seen. A failed scrape marks every series of a target stale at once, so without this lookback one missed
 * scrape of kube-state-metrics would make all traffic of that minute "unknown".
 */
export const remembered = (config: TrafficConfig, series: Query): Query => promql`
  last_over_time(${series}[${lookback(config)}])`;

/**
 * The time of the last sample of an info series within the same lookback. Of two series that contradict each other it shows the
 * newer one, for example after a node registered again under another provider ID.
 */
export const lastSeen = (config: TrafficConfig, series: Query): Query => promql`
  max_over_time(timestamp(${series})[${lookback(config)}:${duration(config.scrape.interval)}])`;

const DAY = 86_400;

/**
 * How new objects are, for `newest`: the creation time of each in seconds, less its silence as a fraction of a second, so that of two
 * objects of one creation time (or of none, where kube-state-metrics does not export it) the one seen last wins.
 * @param object labels that identify an object; `carried` are more labels of `info`, which may differ between its series.
 */
export function newness(
  config: TrafficConfig,
  object: readonly string[],
  { info, carried = [], created }: { info: Query; carried?: readonly string[]; created: string },
): Query {
  // Longer than any silence: a sample is at most a lookback and the five minutes of an instant query old.
  const longest = Math.max(DAY, 2 * seconds(longer(config.rules.infoLookback, config.rules.window)));
  const silence = promql`
    (
      max by (${labels(...object, ...carried)}) (${lastSeen(config, info)})
      - time()
    ) / ${longest}`;
  return promql`
    ${silence}
    + on (${labels(...object)}) group_left ()
    (
      max by (${labels(...object)}) (${remembered(config, selector(created))})
      or
      0 * max by (${labels(...object)}) (${remembered(config, info)})
    )`;
}

/** Records `cluster_node:identity:created`. */
export function nodeCreatedRule(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'node'];
  return {
    record: NODE_CREATED,
    expr: newness(config, key, { info: selector('kube_node_info', { node: not('') }), created: 'kube_node_created' }),
    labels: key,
    unit: 'unix seconds',
    cardinality: 'one for each node',
    comment:
      'When each node was created, less a fraction of a second for the time since its last sample: of two nodes with one address or pod ' +
      'CIDR, the one with the larger value has it.',
  };
}

/** Labels of kube_pod_info that name the controller of a pod: one row for each pod, whatever its ownerReferences are. */
const CONTROLLER = ['created_by_kind', 'created_by_name'] as const;

/** Controllers of one kind that have a controller themselves (a ReplicaSet of a Deployment or Rollout, a Job of a CronJob). */
function controlled(config: TrafficConfig, kind: string, metric: string, nameLabel: string): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', nameLabel];
  const series = selector(metric, { owner_is_controller: 'true' });
  // Made again under its name, it may have another controller. There are too many for `lastSeen`: what is there now comes before what was.
  const owners = either(promql`timestamp(${series})`, remembered(config, series));
  const owned = newest(key, ['owner_kind', 'owner_name'], owners);
  const carry = { [nameLabel]: 'created_by_name', owner_kind: 'workload_type', owner_name: 'workload' };
  const named = renamed(new UniqueVector(withLabel(owned.query, 'created_by_kind', kind), owned.key), carry, [
    'created_by_kind',
  ]);
  return new UniqueVector(named.query, [...clusterLabels(config), 'namespace', ...CONTROLLER]);
}

/**
 * Every other controller is its own workload. Bare pods and static pods (whose controller is the Node) get no name here; later the
 * name of the pod fills it in. Older versions of kube-state-metrics write `<none>` where newer ones leave the label empty.
 */
function direct(config: TrafficConfig): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', ...CONTROLLER];
  const controllers = promql`
    group by (${labels(...key)}) (${remembered(config, selector('kube_pod_info', { node: not('') }))})`;
  const named = copied(controllers, { created_by_kind: 'workload_type', created_by_name: 'workload' });
  const bare = labelReplace(named, 'workload_type', 'Pod', 'created_by_kind', '|<none>');
  const statics = labelReplace(bare, 'workload_type', 'StaticPod', 'created_by_kind', 'Node');
  return new UniqueVector(labelReplace(statics, 'workload', '', 'created_by_kind', '|<none>|Node'), key);
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
    'any kind), else the controller itself. Kinds are spelled as in Kubernetes.',
});

/**
 * Pods that have a node, with the labels `kept` of kube_pod_info. The value is the creation time of the pod, so that `newest` can
 * choose between two pods of one name (a StatefulSet pod that moved, or a restart that left both visible).
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
  // One row for each uid and node: a pod has no node at first (Pending), then always the same one.
  const pods = podsByAge(config, ['node', 'host_network', ...CONTROLLER]);
  const located = join(pods, recorded(NODE_ZONE, [...cluster, 'node']), ['zone']);
  const controllers = recorded(CONTROLLER_WORKLOAD, [...cluster, 'namespace', ...CONTROLLER]);
  const owned = join(located, controllers, ['workload_type', 'workload']);
  // "workload/pod" starts with a slash only if no controller named the workload.
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
    cardinality: 'one for each pod, including pods that ended within rules.infoLookback',
    comment:
      'Every incarnation of every pod, with its node, zone and workload; the value is its creation time. Both joins are total, so ' +
      'every pod keeps its row.',
  };
}

const IDENTITY = ['node', 'zone', 'workload_type', 'workload'];

/** Records `cluster_namespace_pod:identity:info`. */
export function podIdentityRule(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'namespace', 'pod'];
  return {
    record: POD_IDENTITY,
    expr: newest(key, IDENTITY, selector(INCARNATION)).query,
    labels: [...key, ...IDENTITY],
    unit: '1',
    cardinality: 'one for each pod name',
    comment:
      'Exactly one row for each pod name: the newest pod that has a node. Joins do not fail if a pod moved, or if two instances of ' +
      'kube-state-metrics describe it.',
  };
}
