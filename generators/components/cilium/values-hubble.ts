import type { CiliumConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';
import { ciliumHubble } from './source.ts';
import { hubbleLabelsContext, hubbleMetric, labelsContext, labelsRead, readsFrom } from '../../traffic/index.ts';
import { agentSteps, monitorLabels } from '../../shared/monitors.ts';

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
export const flowMetric = (config: CiliumConfig): Tree =>
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
        relabelings: because('This list replaces the default, which sets the node.', agentSteps(config)),
      }
    : { enabled: false };

/**
 * No ServiceMonitor for Hubble's metrics, as the rules read them by a job of their own. The chart annotates its Service then, and its
 * value serviceAnnotations cannot take that back.
 * Upstream: cilium/cilium, install/kubernetes/cilium/templates/hubble/metrics-service.yaml.
 */
export const noServiceMonitor: Tree = {
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
