import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
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
  matches,
  newest,
  not,
  promql,
  type Query,
  quoted,
  recorded,
  renamed,
  seconds,
  selector,
  UniqueVector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { IdentityConfig } from './config.ts';
import { rolledUp } from './workload-rules.ts';
import { CONTROLLER_WORKLOAD, INCARNATION, NODE_CREATED, POD_IDENTITY } from './names.ts';
import { nodePlaces, placeLabels } from './places.ts';
import { stateMetric } from '../shared/state-metrics.ts';

/** At least the window, so that pods that end within it are still known. */
const lookback = ({ rules }: IdentityConfig): Fragment => duration(longer(rules.infoLookback, rules.window));

/**
 * An info series as last seen. A failed scrape marks every series of a target stale at once, so without this lookback one missed
 * scrape of kube-state-metrics would make all traffic of that minute "unknown".
 */
export const remembered = (config: IdentityConfig, series: Query): Query => promql`
  last_over_time(${series}[${lookback(config)}])`;

/**
 * The time of the last sample of an info series within the same lookback. Of two series that contradict each other it shows the
 * newer one, for example after a node registered again under another provider ID.
 */
export const lastSeen = (config: IdentityConfig, series: Query): Query => promql`
  max_over_time(timestamp(${series})[${lookback(config)}:${duration(config.scrape.interval)}])`;

const DAY = 86_400;

/**
 * How new objects are, for `newest`: the creation time of each in seconds, less its silence as a fraction of a second, so that of two
 * objects of one creation time (or of none, where kube-state-metrics does not export it) the one seen last wins.
 * @param object labels that identify an object; `carried` are more labels of `info`, which may differ between its series.
 */
export function newness(
  config: IdentityConfig,
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
      max by (${labels(...object)}) (${remembered(config, stateMetric(created))})
      or
      0 * max by (${labels(...object)}) (${remembered(config, info)})
    )`;
}

/** Records `cluster_node:identity:created`. */
export function nodeCreatedRule(config: IdentityConfig): RecordingRule {
  const key = [...clusterLabels(config), 'node'];
  return {
    record: NODE_CREATED,
    expr: newness(config, key, {
      info: stateMetric('kube_node_info', { node: not('') }),
      created: 'kube_node_created',
    }),
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
function controlled(config: IdentityConfig, kind: string, metric: string, nameLabel: string): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', nameLabel];
  const series = stateMetric(metric, { owner_is_controller: 'true' });
  // Made again under its name, it may have another controller. There are too many for `lastSeen`: what is there now comes before what was.
  const owners = either(promql`timestamp(${series})`, remembered(config, series));
  const owned = newest(key, ['owner_kind', 'owner_name'], owners);
  const carry = { [nameLabel]: 'created_by_name', owner_kind: 'workload_type', owner_name: 'workload' };
  const named = renamed(new UniqueVector(withLabel(owned.query, 'created_by_kind', kind), owned.key), carry, [
    'created_by_kind',
  ]);
  return new UniqueVector(named.query, [...clusterLabels(config), 'namespace', ...CONTROLLER]);
}

/** Kinds of a pod that has no controller but itself: a bare pod or a static pod. Older kube-state-metrics write `<none>` for none. */
const BARE = '|<none>|Node';

/** Every other controller is its own workload. */
function direct(config: IdentityConfig): UniqueVector {
  const key = [...clusterLabels(config), 'namespace', ...CONTROLLER];
  const pods = stateMetric('kube_pod_info', { node: not(''), created_by_kind: { operator: '!~', value: BARE } });
  const controllers = aggregate('group', key, remembered(config, pods));
  return new UniqueVector(copied(controllers, { created_by_kind: 'workload_type', created_by_name: 'workload' }), key);
}

/** Bare pods and static pods, each under its own name: `ownName` gives it to the pods. */
function bare(config: IdentityConfig): UniqueVector {
  const cluster = clusterLabels(config);
  const pods = remembered(config, stateMetric('kube_pod_info', { node: not(''), created_by_kind: matches(BARE) }));
  const described = aggregate('group', [...cluster, 'namespace', 'pod', 'created_by_kind'], pods);
  const named = withLabel(copied(described, { pod: 'workload' }), 'workload_type', 'Pod');
  const typed = labelReplace(named, 'workload_type', 'StaticPod', 'created_by_kind', 'Node');
  return new UniqueVector(copied(typed, { pod: 'created_by_name' }), [...cluster, 'namespace', ...CONTROLLER]);
}

/** Pods with the labels of their controller; bare pods and static pods are their own. */
const ownName = (pods: Query): Query => promql`
  label_replace(
    label_join(
      ${pods},
      "name", "/", "created_by_kind", "pod"
    ),
    "created_by_name", "$1", "name", ${quoted(`(?:${BARE})/(.+)`)}
  )`;

/** Records the workload behind every controller of a pod. */
export function controllerWorkloadRule(config: IdentityConfig): RecordingRule {
  const kept = [...clusterLabels(config), 'namespace', ...CONTROLLER, 'workload_type', 'workload'];
  const found = firstOf(
    controlled(config, 'ReplicaSet', 'kube_replicaset_owner', 'replicaset'),
    controlled(config, 'Job', 'kube_job_owner', 'job_name'),
    direct(config),
    bare(config),
  );
  return {
    record: CONTROLLER_WORKLOAD,
    expr: aggregate('group', kept, rolledUp(config, found.query)),
    labels: kept,
    unit: '1',
    cardinality: 'one for each ReplicaSet, Job or other controller, and for each pod without one',
    comment:
      'The workload behind each controller of a pod: the controller of its ReplicaSet or Job (a Deployment, a Rollout, a CronJob, ' +
      'any kind), else the controller itself, else the pod; then renamed by workloads.rules. Kinds are spelled as in Kubernetes.',
  };
}

/**
 * Pods that have a node, with the labels `kept` of kube_pod_info. The value is the creation time of the pod, so that `newest` can
 * choose between two pods of one name (a StatefulSet pod that moved, or a restart that left both visible).
 */
export function podsByAge(config: IdentityConfig, kept: readonly string[]): Query {
  const pod = [...clusterLabels(config), 'namespace', 'pod', 'uid'];
  const described = promql`
    max by (${labels(...pod, ...kept)}) (${remembered(config, stateMetric('kube_pod_info', { node: not('') }))})`;
  const created = promql`
    max by (${labels(...pod)}) (${remembered(config, stateMetric('kube_pod_created'))})`;
  return promql`
    ${described}
    * on (${labels(...pod)}) group_left ()
    ${created}
    or
    ${described}`;
}

/** Records `cluster_namespace_pod_uid:identity:created`. */
export function incarnationRule(config: IdentityConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const place = placeLabels(config);
  const kept = [...cluster, 'namespace', 'pod', 'uid', 'node', ...place, 'workload_type', 'workload', 'host_network'];
  // One row for each uid and node: a pod has no node at first (Pending), then always the same one.
  const pods = ownName(podsByAge(config, ['node', 'host_network', ...CONTROLLER]));
  const located = join(pods, nodePlaces(config), place);
  const controllers = recorded(CONTROLLER_WORKLOAD, [...cluster, 'namespace', ...CONTROLLER]);
  const owned = join(located, controllers, ['workload_type', 'workload']);
  const expr = aggregate('max', kept, defaultLabel(owned, 'host_network', 'false'));
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

/** Records `cluster_namespace_pod:identity:info`. */
export function podIdentityRule(config: IdentityConfig): RecordingRule {
  const key = [...clusterLabels(config), 'namespace', 'pod'];
  const carried = ['node', ...placeLabels(config), 'workload_type', 'workload'];
  return {
    record: POD_IDENTITY,
    expr: newest(key, carried, selector(INCARNATION)).query,
    labels: [...key, ...carried],
    unit: '1',
    cardinality: 'one for each pod name',
    comment:
      'Exactly one row for each pod name: the newest pod that has a node. Joins do not fail if a pod moved, or if two instances of ' +
      'kube-state-metrics describe it.',
  };
}
