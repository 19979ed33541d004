import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  either,
  join,
  labelReplace,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { controlPlaneNames } from './names.ts';
import { labelled, quantiles, rated, rule, summedRate } from './shared.ts';

/** A pod, once: of two replicas of kube-state-metrics, one may still show its earlier incarnation. */
const podOf = (config: ControlPlaneConfig): readonly string[] => labelled(config, 'namespace', 'pod');

/** Pods that hold a place on their node: all that have one and have not ended. */
function placed(config: ControlPlaneConfig, hostNetwork?: 'false'): Query {
  // One incarnation: a StatefulSet's pod keeps its name, and the earlier one may have ended.
  const key = [...podOf(config), 'uid'];
  const where = { node: not(''), ...(hostNetwork !== undefined && { host_network: hostNetwork }) };
  return promql`
    count by (${labels(...labelled(config, 'node'))}) (
      ${aggregate('group', [...key, 'node'], stateMetric('kube_pod_info', where))}
      unless on (${labels(...key)})
      ${stateMetric('kube_pod_status_phase', { phase: matches('Succeeded|Failed') })} == 1
    )`;
}

/** Prefix lengths of pod CIDRs of IPv4 that limit a node; those of IPv6 and wider ones never do. */
const LENGTHS: readonly number[] = Array.from({ length: 13 }, (_, index) => 16 + index);

/** Addresses of a pod CIDR that pods can have: neither the first (network) and the last (broadcast), nor that of the bridge or router. */
export const addressesOf = (length: number): number => 2 ** (32 - length) - 3;

const ofCidrs = (config: ControlPlaneConfig): Query =>
  either(
    ...LENGTHS.map((length) => {
      const nodes = stateMetric('kube_node_info', { pod_cidr: matches(`[0-9.]+/${length}`) });
      return promql`${aggregate('group', labelled(config, 'node'), nodes)} * ${addressesOf(length)}`;
    }),
  );

const MAX_PODS = 'max_pods';
const POD_CIDR = 'pod_cidr';

/** Records how many pods fit on each node, and how many it has. */
export function placeRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const { podCidr } = config.controlPlane;
  const node = labelled(config, 'node');
  const each = { labels: ['node', 'limit'], cardinality: podCidr ? 'two for each node' : 'one for each node' };
  const maxPods = aggregate('max', node, stateMetric('kube_node_status_allocatable', { resource: 'pods' }));
  const limits = [
    withLabel(maxPods, 'limit', MAX_PODS),
    ...(podCidr ? [withLabel(ofCidrs(config), 'limit', POD_CIDR)] : []),
  ];
  const share = (taken: Query, limit: string): Query => promql`
    ${withLabel(taken, 'limit', limit)}
    / on (${labels(...node, 'limit')})
    (${selector(names.places, { limit })} > 0)`;
  return [
    rule(config, {
      record: names.pods,
      expr: placed(config),
      labels: ['node'],
      unit: 'pods',
      cardinality: 'one for each node with pods',
      comment: 'Pods that hold a place on each node: those that run or are being started.',
    }),
    rule(config, {
      ...each,
      record: names.places,
      expr: either(...limits),
      unit: 'pods',
      comment:
        'Pods that fit on each node: what the kubelet allows (max_pods), and what the pod CIDR has addresses for (pod_cidr): a /24 has 253.',
    }),
    rule(config, {
      ...each,
      record: names.placesUsed,
      expr: either(
        share(selector(names.pods), MAX_PODS),
        ...(podCidr ? [share(placed(config, 'false'), POD_CIDR)] : []),
      ),
      unit: 'ratio',
      comment:
        'Pods of each node as a share of those limits. Full at max_pods, further pods stay unschedulable; full at pod_cidr, they are scheduled and never start.',
    }),
  ];
}

/** Histograms of a kubelet that say how long a pod takes to start, by the stage that they measure. */
const STAGES = {
  without_images: 'kubelet_pod_start_sli_duration_seconds',
  image_pull: 'kubelet_image_pull_duration_seconds',
  total: 'kubelet_pod_start_total_duration_seconds',
} as const;

/** Records how pods start, and what keeps them from it. */
export function startRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const cluster = labelled(config);
  const read = { process: 'node' } as const;
  const node = { labels: ['node'], cardinality: 'one for each node' };
  const none = { labels: [], cardinality: 'one for each cluster with any' };
  return [
    rule(config, {
      record: names.podStart,
      expr: either(
        ...Object.entries(STAGES).map(([stage, metric]) =>
          withLabel(quantiles(config, metric, [], ['0.5', '0.99'], read), 'stage', stage),
        ),
      ),
      labels: ['stage', 'quantile'],
      unit: 'seconds',
      cardinality: 'six for each cluster',
      comment:
        'From the creation of a pod until its containers run: in total, and without pulling images and init containers, which is what Kubernetes promises ' +
        '(99 % within 5 s). image_pull is each pull by itself.',
    }),
    rule(config, {
      ...node,
      record: names.sandboxErrors,
      expr: aggregate('sum', labelled(config, 'node'), rated(config, 'kubelet_run_podsandbox_errors_total', read)),
      unit: 'errors/s',
      comment:
        'Sandboxes of pods that could not be made: mostly the network has no address left, or its agent does not answer.',
    }),
    rule(config, {
      ...node,
      record: names.started,
      expr: summedRate(config, 'kubelet_started_pods_total', ['node'], read),
      unit: 'pods/s',
      comment: 'Pods that the kubelet of each node starts.',
    }),
    rule(config, {
      ...none,
      record: names.unschedulable,
      expr: promql`
        count by (${labels(...cluster)}) (
          ${aggregate('group', podOf(config), stateMetric('kube_pod_status_unschedulable'))}
        )`,
      unit: 'pods',
      comment: 'Pods that fit on no node.',
    }),
    rule(config, {
      ...none,
      record: names.creating,
      expr: promql`
        count by (${labels(...cluster)}) (
          ${aggregate(
            'group',
            podOf(config),
            promql`${stateMetric('kube_pod_container_status_waiting_reason', { reason: 'ContainerCreating' })} == 1`,
          )}
        )`,
      unit: 'pods',
      comment: 'Pods that have a node and wait there for sandbox, volumes or images.',
    }),
  ];
}

/** The labels of kube-burner on namespaces: of 1.x, and since 2.0. Upstream: kube-burner, pkg/burner/create.go and pkg/config/types.go. */
export const RUN_LABELS = ['kube-burner-uuid', 'kube-burner.io/uuid'] as const;

/** Those labels as kube-state-metrics writes them. */
const EXPORTED_RUN_LABELS = ['label_kube_burner_uuid', 'label_kube_burner_io_uuid'] as const;

/** Records the runs of kube-burner that have namespaces: when, and with how many pods. */
export function runRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const cluster = labelled(config);
  const marked = EXPORTED_RUN_LABELS.map((label) =>
    // The namespace of a run may belong to another one soon: the label seen last counts.
    labelReplace(
      promql`timestamp(${stateMetric('kube_namespace_labels', { [label]: not('') })})`,
      'uuid',
      '$1',
      label,
      '(.*)',
    ),
  );
  const key = [...cluster, 'namespace'];
  const ofRun: UniqueVector = newest(key, ['uuid'], either(...marked));
  const phases = aggregate(
    'group',
    [...podOf(config), 'phase'],
    promql`${stateMetric('kube_pod_status_phase', { phase: matches('Pending|Running|Failed') })} == 1`,
  );
  const pods = promql`count by (${labels(...key, 'phase')}) (${phases})`;
  return [
    rule(config, {
      record: names.runPods,
      expr: aggregate('sum', labelled(config, 'uuid', 'phase'), join(pods, ofRun, ['uuid'])),
      labels: ['uuid', 'phase'],
      unit: 'pods',
      cardinality: 'up to three for each run that goes on',
      comment: 'Pods in the namespaces of a run of kube-burner, by phase.',
    }),
    rule(config, {
      record: names.run,
      expr: either(
        aggregate('group', labelled(config, 'uuid'), ofRun.query),
        aggregate('group', cluster, stateMetric('kube_node_info')),
      ),
      labels: ['uuid'],
      unit: '1',
      cardinality: 'one for each run that goes on, and one without uuid for each cluster',
      comment:
        'When each run had namespaces: the dashboard shows a run by its UUID with it. The series without uuid stands for all of the time.',
    }),
  ];
}
