import {
  type FlowSource,
  hubbleEnds,
  hubbleLabelsContext,
  hubbleLost,
  hubbleMetric,
  hubblePeerViews,
  hubbleSelections,
  labelsContext,
  labelsRead,
  readsFrom,
} from '../../traffic/index.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { monitorAgentSteps, monitorLabels } from '../../shared/scrape.ts';
import type { CiliumConfig } from './settings.ts';

/**
 * Cilium's own Hubble. Counts flow events, never bytes.
 * Upstream: Cilium, pkg/hubble/metrics/flow and pkg/hubble/parser/threefour (direction of replies, observation points).
 */
export const ciliumHubble = {
  id: 'cilium-hubble',
  // Replies leave the server to the stack, or into the tunnel where there is one.
  selections: hubbleSelections('to-endpoint|to-stack|to-overlay'),
  ends: hubbleEnds,
  peerViews: hubblePeerViews,
  lost: hubbleLost,
  deduplication:
    "Each packet is delivered to the server's endpoint once and each reply leaves it once; events of the client's node, of network cards and of L7 proxies are left out.",
  granularity: 'pod pair',
  blindSpots: [
    'Bytes: events are counted; with monitorAggregation medium (the default of Cilium) they are in proportion to connections, not to packets.',
    'Calls from pods to addresses outside the cluster: they have no server-side event.',
    'With eBPF host routing, replies to other nodes: they leave by to-network only. Add it with flows.select and watch the double-count check.',
  ],
} as const satisfies FlowSource;

/** Both ends by address and workload. */
const ENDS = [
  'source_ip',
  'source_namespace',
  'source_workload',
  'destination_ip',
  'destination_namespace',
  'destination_workload',
  'traffic_direction',
];

/** The metric that the rules read, with exactly the labels that they read. */
const flowMetric = (config: CiliumConfig): Tree =>
  because(
    'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. With namespace and pod among ' +
      'them, a series goes away a minute after its pod. Only "flow" is read.',
    hubbleMetric('flow', labelsContext(hubbleLabelsContext(labelsRead(config.flows, ciliumHubble)))),
  );

/** Hubble's metrics, of which the rules read flow. */
function metrics(config: CiliumConfig): Tree {
  return [
    because(
      'Counts only: with "query" there would be a series for every name that is ever looked up.',
      hubbleMetric('dns'),
    ),
    hubbleMetric('drop'),
    hubbleMetric('tcp'),
    readsFrom(config, 'cilium-hubble')
      ? flowMetric(config)
      : because(
          'Both ends by address and workload. Options belong to one entry: those of httpV2 do nothing for flow.',
          hubbleMetric('flow', labelsContext(ENDS)),
        ),
    hubbleMetric('port-distribution'),
    hubbleMetric('icmp'),
    because(
      'Has series only where a policy sends traffic through the L7 proxy; excludes "http". Exemplars need OpenMetrics.',
      hubbleMetric('httpV2', 'exemplars=true', labelsContext(ENDS)),
    ),
  ];
}

/** How Prometheus finds one of Cilium's metrics endpoints. */
export const serviceMonitor = (config: CiliumConfig): Tree =>
  config.cilium.serviceMonitors
    ? {
        enabled: because('Needs the definitions of Prometheus Operator: the chart fails without them.', true),
        labels: monitorLabels(config),
        interval: config.scrape.interval,
        relabelings: because('This list replaces the default, which sets the node.', monitorAgentSteps(config)),
      }
    : { enabled: false };

/**
 * No ServiceMonitor for Hubble's metrics, as the rules read them by a job of their own. The chart annotates its Service then, and its
 * value serviceAnnotations cannot take that back.
 * Upstream: cilium/cilium, install/kubernetes/cilium/templates/hubble/metrics-service.yaml.
 */
const noServiceMonitor: Tree = {
  enabled: because(
    'The job cilium-hubble scrapes it, or its PodMonitor: with a second scrape every flow would count twice. So leave the Service ' +
      'hubble-metrics out of jobs that follow prometheus.io/scrape, by which the chart annotates it.',
    false,
  ),
};

/** Hubble with its metrics, its API over all nodes and its user interface. */
export function hubble(config: CiliumConfig): Tree {
  const { hubblePort, relay, ui, profile } = config.cilium;
  const isLarge = profile === 'large-cluster';
  return {
    enabled: true,
    eventQueueSize: isLarge
      ? because(
          'Of more than 16 CPUs, twice the default, for bursts. A queue cures no steady overload: if hubble_lost_events_total keeps ' +
            'rising, raise bpf.monitorInterval or give the agent more CPU.',
          32_768,
        )
      : undefined,
    metrics: {
      port: because('Where the scrape job cilium-hubble reads.', hubblePort),
      enableOpenMetrics: because('For the exemplars of httpV2.', true),
      enabled: because('This list replaces yours.', metrics(config)),
      serviceMonitor: readsFrom(config, 'cilium-hubble') ? noServiceMonitor : serviceMonitor(config),
    },
    relay: {
      enabled: relay,
      ...(relay && { resources: { requests: { cpu: '50m', memory: '128Mi' } } }),
    },
    ui: { enabled: ui ? because('Reads from the relay.', true) : false },
  };
}

/**
 * The Hubble block of Cilium's values, for an installation of your own.
 * Upstream: cilium/cilium, install/kubernetes/cilium and Documentation/observability/metrics.
 */
export const ciliumValues = (config: CiliumConfig): HelmValues => ({
  chart: 'cilium',
  header:
    'Values for the chart cilium: only the block of Hubble. Everything else stays as you installed it, hence --reuse-values. The list ' +
    'of metrics replaces yours: if you have one, put the entry below into it, in place of its "flow".\n' +
    `helm upgrade cilium cilium --repo https://helm.cilium.io --version VERSION --namespace ${config.cilium.namespace} --reuse-values ` +
    '--values helm-values/cilium.yaml\n' +
    `kubectl --namespace ${config.cilium.namespace} rollout restart daemonset/cilium\n` +
    `VERSION is the one that runs (helm list --namespace ${config.cilium.namespace}, column CHART): without it Helm takes the newest. ` +
    'Agents read their settings when they start, and this chart does not restart them.\n' +
    'With eBPF host routing, see what azimuth list --sources says of cilium-hubble.',
  values: {
    hubble: {
      enabled: true,
      metrics: {
        port: because('Where the scrape job cilium-hubble reads.', config.cilium.hubblePort),
        enabled: [flowMetric(config)],
        serviceMonitor: noServiceMonitor,
      },
    },
  },
});
