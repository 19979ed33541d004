import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { atLeast } from '../../shared/version.ts';
import {
  hubbleDnsMetric,
  hubbleLabelsContext,
  hubbleMetric as metric,
  hubblePacketMetrics,
  labelsContext,
  labelsRead,
} from '../../traffic/index.ts';
import { install, overTheOtherChart, retinaImage, retinaPlugins } from './charts.ts';
import { asksForPackets, type RetinaConfig } from './settings.ts';
import { retinaHubble } from './sources.ts';

const PODS = ['sourceEgressContext=pod', 'destinationIngressContext=pod'];

/** Flags of TCP and drops: by the pods that the rules on the flow pipeline read, or as the chart has them. */
const packets = (config: RetinaConfig): readonly Tree[] => {
  const entries = hubblePacketMetrics();
  return asksForPackets(config)
    ? [
        because('Resets by the pod that sends them (flowPipeline.packets).', entries.tcp),
        because(
          'Drops by the pods at both ends, which the rules read. There are few, so their series are few.',
          entries.drop,
        ),
      ]
    : [metric('tcp', ...PODS), metric('drop', ...PODS)];
};

/** The metrics of releases before v1.0.0. */
const metricsBeforeV1 = (config: RetinaConfig, read: readonly string[]): Tree =>
  because('labelsContext puts both ends of a flow on one series.', [
    metric('flow', ...PODS, labelsContext(hubbleLabelsContext(read))),
    metric('dns', 'query', ...PODS, labelsContext(['source_pod', 'destination_pod', 'traffic_direction'])),
    ...packets(config),
  ]);

const metricsOfV1 = (config: RetinaConfig, read: readonly string[]): Tree => [
  because(
    'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. No sourceEgressContext and ' +
      'destinationIngressContext, which would repeat the same names in two more labels. With namespace and pod among them, a series ' +
      'disappears a minute after its pod.',
    metric('flow', labelsContext(hubbleLabelsContext(read))),
  ),
  because(
    'Without "query", which would create a series for every name looked up. With the pods at both ends, which the rules on DNS read.',
    hubbleDnsMetric(),
  ),
  ...packets(config),
];

function hubble(config: RetinaConfig, isV1: boolean): Tree {
  const { retina } = config;
  const read = labelsRead(config.flows, retinaHubble(config));
  return {
    eventQueueSize: because(
      'Twice the default, to absorb bursts; the chart expects a string. A queue does not fix sustained overload: if ' +
        'hubble_lost_events_total keeps rising, set retina.dataAggregationLevel to high or give the agent more CPU. Losses before Hubble ' +
        'are in controlplane_networkobservability_lost_events_counter (port 10093), and this queue does not change them.',
      String(retina.eventQueueSize),
    ),
    eventBufferCapacity: because(
      'One less than a power of two, at most 65535; also a string.',
      String(retina.eventBufferCapacity),
    ),
    metrics: {
      port: because('Scraped by the job networkobservability-hubble.', retina.hubblePort),
      enabled: isV1 ? metricsOfV1(config, read) : metricsBeforeV1(config, read),
      serviceMonitor: {
        enabled: because(
          "The chart's ServiceMonitor selects labels that no Service has; the job networkobservability-hubble scrapes instead. The chart " +
            'annotates the Service network-observability with prometheus.io/scrape: exclude it from jobs that follow the annotation.',
          false,
        ),
      },
    },
  };
}

/**
 * File header line for upgrades from older releases: v1.2.1 changed the roles of two bindings without renaming the bindings, which the
 * API server refuses.
 * Upstream: microsoft/retina, deploy/hubble, templates/operator/clusterrolebinding.yaml and templates/hubble/tls-cronjob/rolebinding.yaml.
 */
const overAnOlderRelease = ({ retina }: RetinaConfig): string =>
  atLeast(retina.version, '1.2.1')
    ? '\nUpgrading from v1.2.0 or older fails halfway unless you first delete the ClusterRoleBinding retina-operator-rolebinding and, in ' +
      `${retina.namespace}, the RoleBinding hubble-generate-certs, as their roles were renamed. A rollback needs the same, and fails from a half-done upgrade: finish the upgrade first.`
    : '';

/** Values for Retina with the Hubble control plane, at the configured release. */
export function retinaHubbleValues(config: RetinaConfig): HelmValues {
  const { retina } = config;
  const isV1 = atLeast(retina.version, '1.0.0');
  const values: Tree = {
    namespace: because('The chart uses this namespace, not that of the release.', retina.namespace),
    operator: because("The chart's default is an image from a private test registry with the tag latest: pin both.", {
      enabled: true,
      ...retinaImage(config, 'retina-operator'),
    }),
    agent: {
      ...retinaImage(config, 'retina-agent'),
      init: retinaImage(config, 'retina-init'),
      tolerations: isV1
        ? because('Runs on every node: traffic of a node without an agent is lost.', [{ operator: 'Exists' }])
        : undefined,
    },
    enabledPlugin_linux: because('A list in a string. packetparser observes the flows.', retinaPlugins()),
    enablePodLevel: because(
      isV1
        ? 'Flows are pod-level metrics. remoteContext, which many setups add, has no effect in Hubble mode.'
        : 'Flows are pod-level metrics.',
      true,
    ),
    remoteContext: isV1 ? undefined : because('Has no effect in Hubble mode.', true),
    bypassLookupIPOfInterest: isV1
      ? because(
          'From v1.0.0 on, false filters packets by a map that in Hubble mode contains only the API server, ' +
            'so pod flows would disappear.',
          true,
        )
      : because('Has no effect before v1.0.0.', false),
    enableConntrackMetrics: because(
      'Undocumented in the chart, but read by it. The gauges exist from v0.0.34 on: sums over the live connections of a node, ' +
        'not counters.',
      true,
    ),
    dataAggregationLevel:
      retina.dataAggregationLevel === 'low'
        ? because(
            'low reports all that passes an interface; one event may stand for many packets. high reports connections, for far less CPU: switch if ' +
              'FlowEventsLost fires.',
            'low',
          )
        : because('high reports connections. It is cheaper, but shares become shares of connections.', 'high'),
    conntrackReportInterval:
      retina.dataAggregationLevel === 'high' && atLeast(retina.version, '1.2.4')
        ? because('Report interval of long connections with high aggregation.', '30s')
        : undefined,
    resources: because('Lost events are the first sign of too little CPU.', {
      // Older charts only have limits, which Kubernetes also uses as requests.
      requests: atLeast(retina.version, '0.0.34') ? retina.resources : undefined,
      limits: retina.resources,
    }),
    hubble: hubble(config, isV1),
  };
  return {
    chart: 'retina-hubble',
    header:
      `Values for oci://ghcr.io/microsoft/retina/charts/retina-hubble, version ${retina.version}.\n` +
      `${install(config, 'retina-hubble')}${overAnOlderRelease(config)}\n${overTheOtherChart('retina')}`,
    values,
  };
}
