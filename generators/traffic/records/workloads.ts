import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  firstOf,
  labels,
  newest,
  not,
  promql,
  quoted,
  renamed,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { remembered } from './memory.ts';
import { CONTROLLER_WORKLOAD } from './names.ts';

/** Labels by which kube_pod_info names the controller of a pod: one row a pod, whatever its ownerReferences are. */
export const CONTROLLER = ['created_by_kind', 'created_by_name'] as const;

/** Controllers of one kind that are controlled themselves (ReplicaSets by Deployments or Rollouts, Jobs by CronJobs). */
function controlled(config: Config, kind: string, metric: string, nameLabel: string): UniqueVector {
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
function direct(config: Config): UniqueVector {
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
export const controllerWorkloadRule = (config: Config): RecordingRule => ({
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
