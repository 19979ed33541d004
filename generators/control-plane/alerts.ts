import { type AlertSpec, ofCluster, onNode, type Tier } from '../alerts/spec.ts';
import { labels, promql, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { controlPlaneNames } from './records/names.ts';
import type { ControlPlaneConfig } from './settings.ts';

type Alert = AlertSpec<ControlPlaneConfig>;

const tier = <S extends Tier['severity']>(severity: S, threshold: number, pending: string) => ({
  severity,
  threshold,
  for: pending,
  keepFiringFor: '15m',
});

const DASHBOARD = { uid: 'cluster-scale', variables: [] };

const without = ({ controlPlane }: ControlPlaneConfig): string | undefined =>
  controlPlane.alerts ? undefined : 'controlPlane.alerts is false';

/** Requests per second below which a share counts as one of this many: one slow request in a quiet cluster is no outage. */
const FEWEST = 1;

const latencyHigh: Alert = {
  alert: 'APIServerLatencyHigh',
  ratio: true,
  sustained: true,
  tier: tier('warning', 0.01, '10m'),
  escalation: tier('critical', 0.1, '10m'),
  summary: 'The API server is slower than Kubernetes promises.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the requests of kind {{ $labels.kind }} take longer than Kubernetes promises ` +
    '(1s for changes and reads of one object, 30s for lists). First: see on the dashboard which verb and resource is slow, and whether etcd is.',
  expr: (config, threshold) => {
    const { sloRequests, sloSlow } = controlPlaneNames(config);
    return promql`
      ${selector(sloSlow)}
      / on (${labels(...clusterLabels(config), 'kind')})
      clamp_min(${selector(sloRequests)}, ${FEWEST}) > ${threshold}`;
  },
  without,
  comment:
    'The promise holds for 99 % of requests, so more than 1 % breaks it. One in ten is felt by every controller. Webhooks and queues are not part of it. ' +
    'The share is read at buckets that kube-prometheus-stack keeps; KubeAPIErrorBudgetBurn of that chart looks at days, this one at minutes.',
  dashboard: DASHBOARD,
};

const requestsQueued: Alert = {
  alert: 'APIServerRequestsQueued',
  ratio: false,
  sustained: true,
  tier: tier('warning', 1, '10m'),
  escalation: tier('critical', 10, '10m'),
  summary: 'Requests wait for the API server.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}one in a hundred requests of priority level {{ $labels.priority_level }} waits {{ $value | humanizeDuration }} or longer ` +
    'for a seat. First: see on the dashboard who sends most requests, and whether lists or a slow etcd hold the seats.',
  expr: (config, threshold) =>
    promql`${selector(controlPlaneNames(config).waited, { quantile: '0.99' })} > ${threshold}`,
  without,
  comment:
    'A healthy level waits some milliseconds. A second is what Kubernetes promises for a whole request, and the latency of requests leaves waiting out. ' +
    'Requests are refused after a quarter of their timeout, 15 s by default: near that, clients fail.',
  dashboard: DASHBOARD,
};

const etcdSlow: Alert = {
  alert: 'EtcdSlow',
  ratio: false,
  sustained: true,
  tier: tier('warning', 0.1, '10m'),
  escalation: tier('critical', 1, '10m'),
  summary: 'etcd answers the API server slowly.',
  description: ({ cluster }) =>
    `${ofCluster(cluster.label)}one in a hundred requests of the API server to etcd ({{ $labels.operation }}) takes {{ $value | humanizeDuration }} or ` +
    'longer. First: check the disk of the members (fsync and commit on the dashboard), and whether the database is near its quota.',
  expr: (config, threshold) => promql`
    ${selector(controlPlaneNames(config).etcdLatency, { operation: { operator: '!~', value: 'list.*' }, quantile: '0.99' })} > ${threshold}`,
  without,
  comment:
    'From the API server, so it works where members cannot be scraped. A healthy etcd answers in some milliseconds. Both thresholds are bounds of buckets ' +
    'that kube-prometheus-stack keeps: above them, more than 1 % took longer. Lists read thousands of objects and may take long.',
  dashboard: DASHBOARD,
};

const podsNearLimit: Alert = {
  alert: 'NodePodsNearLimit',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0.9, '15m'),
  summary: 'A node has almost as many pods as fit.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)} has {{ $value | humanizePercentage }} of the pods that its limit {{ $labels.limit }} allows. Beyond max_pods (the kubelet), pods ` +
    'stay unschedulable; beyond pod_cidr (addresses), they are scheduled here and never start. First: see which limit it is; add nodes, or raise that limit.',
  expr: (config, threshold) => promql`${selector(controlPlaneNames(config).placesUsed)} > ${threshold}`,
  without,
  comment:
    'At 90 % of 110 pods eleven places are left: enough for a DaemonSet or a rollout, not for a node that fails. A quarter of an hour lets rollouts and test ' +
    'runs pass. Clusters that fill small nodes on purpose live near max_pods, which is why it is not on by default.',
  dashboard: DASHBOARD,
};

/** Alerts on the control plane. */
export const controlPlaneAlerts: readonly Alert[] = [latencyHigh, requestsQueued, etcdSlow, podsNearLimit];
export const requestAlerts: readonly Alert[] = [latencyHigh];
export const fairnessAlerts: readonly Alert[] = [requestsQueued];
export const etcdAlerts: readonly Alert[] = [etcdSlow];
export const placeAlerts: readonly Alert[] = [podsNearLimit];
