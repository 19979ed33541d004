import { noMembers, noQueues, readingsOf, seconds, type Config } from '../../generators/index.ts';
import { EXPORTERS, type ExporterId, inTurn } from '../../bench/exporters.ts';
import type { Cluster, Labels, MetricFamily } from '../../bench/model.ts';
import type { SourceId, SourceOptions } from '../../bench/sources/index.ts';
import { type ControlPlanePart, type Target, targetsOf } from '../../bench/targets.ts';

/** Something that is scraped, with all that its series depend on. */
export interface DemoTarget extends Pick<Target, 'path' | 'honorLabels' | 'families'> {
  /** Labels that the generated scrape job gives it. */
  readonly labels: Labels;
  /** While all of these are the same objects, its series are the same. */
  readonly dependsOn: readonly unknown[];
  /** Whether it does not answer: it has no series then, and `up` is 0. */
  readonly isDown?: boolean;
  /** Series that it replaces by others between any two scrapes; only their number is fed. 0 by default. */
  readonly churn?: number;
  /** How often it has started again: its counters begin at 0 whenever this changes. */
  readonly restarts?: number;
}

/** The jobs of the generated scrape configuration, by those of the synthetic cluster. */
const JOBS: Readonly<Record<string, string>> = {
  hubble: 'networkobservability-hubble',
  'retina-standard': 'retina-pods',
  'kubelet-pods': 'kubelet',
};

/** Pages of kubelets, which have one job. */
const PAGES: Readonly<Record<string, string>> = { kubelet: '/metrics/cadvisor', 'kubelet-pods': '/metrics' };

/** Jobs of the control plane: all of what they say follows from one object. */
const OF_CONTROL_PLANE: ReadonlySet<string> = new Set([
  'apiserver',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-etcd',
  'kubelet-pods',
]);

/** Jobs with a target on every node that is named by it. The pipeline of netobserv stays an address. */
const ADDRESSED = new Set(['netobserv', 'kubezonnet', 'kube-state-metrics', 'prometheus', 'descheduler']);

/** The label under which Prometheus stores a node's zone. Upstream: kube-state-metrics, label names in snake case. */
const ZONE_LABEL = 'label_topology_kubernetes_io_zone';

/** The node label with the ID of the zone. */
const ID_LABEL = 'topology.k8s.aws/zone-id';

/** Jobs of Cilium's programs, which all say what its state is. */
const CILIUM = new Set(['cilium-agent', 'cilium-operator', 'cilium-envoy']);
/** Whether the generated values have the descheduler scraped. */
const isDeschedulerScraped = ({ descheduler: { enabled, kind, metrics } }: Config): boolean =>
  enabled && (metrics ?? kind === 'Deployment');

/** Whether a job is that of an exporter of ENA counters. */
const isCounters = (job: string): boolean => Object.values(EXPORTERS).some((exporter) => exporter.job === job);

/** How each chosen source is set up, by itself: standard mode and Hubble of Retina do not aggregate alike. */
const sourcesOf = (
  config: Config,
  { observer: { losing } = {} }: Cluster,
): readonly (SourceOptions & { readonly sources: readonly SourceId[] })[] =>
  readingsOf(config).sources.map(({ id, ends }) => ({
    sources: [id as SourceId],
    // Where the rules read no zone of the source, its release exports none.
    zones: ends.source.zone !== undefined,
    // The same holds for addresses.
    addresses: ends.source.ip !== undefined,
    losses: ({ name }) => (name === losing?.node ? losing.share : 0),
    aggregation: id === 'retina-hubble' ? config.retina.dataAggregationLevel : id === 'cilium-hubble' ? 'low' : 'high',
  }));

/** All targets of a cluster that the configuration scrapes, with the labels that its scrape jobs give. */
export function demoTargets(cluster: Cluster, config: Config): readonly DemoTarget[] {
  const dns = config.dns.enabled;
  const common = targetsOf(cluster, {
    sources: [],
    kubeStateMetricsReplicas: 1,
    dns,
    rules: config.rules.ruler !== 'amp',
    descheduler: isDeschedulerScraped(config),
    // Nodes take turns with the chosen exporters, as node groups do that are set up differently.
    exporters: inTurn(readingsOf(config).exporters.map(({ id }) => id as ExporterId)),
    scrapeSeconds: seconds(config.scrape.interval),
    controlPlane: partsOf(config),
  });
  const { churn, down = [] } = cluster.observer ?? {};
  const flows = sourcesOf(config, cluster).flatMap((options) =>
    targetsOf(cluster, { ...options, kubeStateMetricsReplicas: 0, dns, exporters: () => [] }).filter(
      ({ job }) => !['kubelet', 'coredns'].includes(job) && !CILIUM.has(job),
    ),
  );
  const wanted = common.filter(({ job }) => config.workloads.resources || job !== 'kubelet');
  const agents = new Set(flows);
  return [...wanted, ...flows].map((target) => ({
    path: target.path,
    honorLabels: target.honorLabels,
    labels: labelsOf(target, config),
    ...(agents.has(target) && {
      isDown: down.includes(target.labels['node'] ?? ''),
      ...(churn !== undefined && { churn }),
    }),
    dependsOn: [
      ...dependencies(target, cluster),
      ...(agents.has(target) ? [cluster.observer?.losing?.node === target.labels['node'] && cluster.observer] : []),
    ],
    families: () => target.families().map((family) => withoutDropped(withZoneLabel(family, config))),
  }));
}

/** What of the control plane the configuration scrapes. */
const partsOf = (config: Config): readonly ControlPlanePart[] =>
  config.controlPlane.enabled
    ? [
        'api-servers',
        'kubelets',
        ...(noQueues(config) === undefined ? (['queues'] as const) : []),
        ...(noMembers(config) === undefined ? (['members'] as const) : []),
      ]
    : [];

/** Buckets that kube-prometheus-stack drops, and our own job too. */
const DROPPED: ReadonlySet<string> = new Set([
  '0.2',
  '0.4',
  '0.6',
  '0.8',
  '1.25',
  '1.5',
  '2',
  '3',
  '4',
  '6',
  '15',
  '20',
  '45',
]);
const THINNED: ReadonlySet<string> = new Set([
  'apiserver_request_sli_duration_seconds',
  'etcd_request_duration_seconds',
]);

/** A family of the API server as it is stored. */
const withoutDropped = (family: MetricFamily): MetricFamily =>
  THINNED.has(family.name)
    ? { ...family, series: family.series.filter(({ labels }) => !DROPPED.has(labels['le'] ?? '')) }
    : family;

function labelsOf({ job, labels }: Target, config: Config): Labels {
  const { label, name: cluster } = config.cluster;
  const { node, pod = '', instance = '' } = labels;
  const place =
    node === undefined || ADDRESSED.has(job) ? { instance } : { instance: job === 'coredns' ? pod : node, node };
  const exporter = isCounters(job)
    ? readingsOf(config).exporters.find(({ id }) => EXPORTERS[id as ExporterId].job === job)
    : undefined;
  const name = exporter?.job ?? JOBS[job];
  const page = PAGES[job] === undefined ? {} : { metrics_path: PAGES[job] };
  return { job: name ?? job, ...place, ...page, ...(label !== null && { [label]: cluster }) };
}

/** The gauges of nodes change every minute, their flows and pods less often, the nodes themselves never. */
function dependencies({ job, labels }: Target, cluster: Cluster): readonly unknown[] {
  if (isCounters(job)) return [cluster.nodes.find(({ name }) => name === labels['node'])];
  if (job === 'prometheus') return [];
  if (job === 'kubelet') return [cluster.pods, cluster.usage];
  if (CILIUM.has(job)) return [cluster.cilium];
  if (OF_CONTROL_PLANE.has(job)) return [cluster.controlPlane];
  if (job === 'kube-state-metrics')
    return [cluster.pods, cluster.services, restartsOf(cluster), cluster.controlPlane?.run];
  if (job === 'descheduler') return [];
  const asksDns = job === 'coredns' || job === 'cilium-hubble';
  return [cluster.pods, cluster.connections, ...(asksDns ? [cluster.dns] : [])];
}

/** Restarts of all containers, the only thing of containers that changes while the pods stay. */
const restartsOf = ({ usage = new Map() }: Cluster): number =>
  [...usage.values()].reduce(
    (sum, { containers }) => containers.reduce((all, { restarts = 0 }) => all + restarts, sum),
    0,
  );

/** The zone under the node label that the configuration reads. Upstream: kube-state-metrics, internal/store/utils.go. */
function withZoneLabel(family: MetricFamily, { zones: { nodeLabel }, routing }: Config): MetricFamily {
  const snakeCase = nodeLabel.replaceAll(/[^a-zA-Z0-9_]/g, '_').replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  const wanted = `label_${snakeCase.toLowerCase()}`;
  if (family.name !== 'kube_node_labels' || wanted === ZONE_LABEL) return family;
  return {
    ...family,
    series: family.series.map((series) => {
      const { [ZONE_LABEL]: zone = '', ...labels } = series.labels;
      // With IDs, the rules read the name as well, and so do those on routing: hints know no other label.
      const name = nodeLabel === ID_LABEL || routing.records ? { [ZONE_LABEL]: zone } : {};
      return { ...series, labels: { ...labels, ...name, [wanted]: zone } };
    }),
  };
}
