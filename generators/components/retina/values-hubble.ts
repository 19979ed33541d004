import type { RetinaConfig } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { retinaHubble } from './sources.ts';
import { hubbleLabelsContext, hubbleMetric as metric, labelsContext, labelsRead } from '../../traffic/index.ts';
import { atLeast } from '../../shared/version.ts';
import { overTheOtherChart, RETINA_PLUGINS, retinaImage } from './chart.ts';

const PODS = ['sourceEgressContext=pod', 'destinationIngressContext=pod'];

/** The metrics of releases before v1.0.0. */
const metricsBeforeV1 = (read: readonly string[]): Tree =>
  because('labelsContext is what puts both ends of a flow on one series.', [
    metric('flow', ...PODS, labelsContext(hubbleLabelsContext(read))),
    metric('tcp', ...PODS),
    metric('dns', 'query', ...PODS, labelsContext(['source_pod', 'destination_pod', 'traffic_direction'])),
    metric('drop', ...PODS),
  ]);

const metricsOfV1 = (read: readonly string[]): Tree => [
  because(
    'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. Without ' +
      'sourceEgressContext and destinationIngressContext, which would repeat the same names in two more labels. With namespace and ' +
      'pod among them, a series goes away a minute after its pod.',
    metric('flow', labelsContext(hubbleLabelsContext(read))),
  ),
  metric('tcp', ...PODS),
  because(
    'Without "query", which makes a series for every name that is ever looked up.',
    metric('dns', ...PODS, labelsContext(['source_namespace', 'source_pod', 'traffic_direction'])),
  ),
  metric('drop', ...PODS),
];

function hubble(config: RetinaConfig, isV1: boolean): Tree {
  const { retina } = config;
  const read = labelsRead(config.flows, retinaHubble);
  return {
    eventQueueSize: because(
      'Twice the default, for bursts: a string, as the chart wants it. A queue cures no steady overload, whatever its size: if ' +
        'hubble_lost_events_total keeps rising, set retina.dataAggregationLevel to high or give the agent more CPU.',
      String(retina.eventQueueSize),
    ),
    eventBufferCapacity: because(
      'One less than a power of two, up to 65535; a string too.',
      String(retina.eventBufferCapacity),
    ),
    metrics: {
      port: because('Where the scrape job networkobservability-hubble reads.', retina.hubblePort),
      enabled: isV1 ? metricsOfV1(read) : metricsBeforeV1(read),
      serviceMonitor: {
        enabled: because(
          "The chart's own ServiceMonitor selects labels that nothing carries; the job networkobservability-hubble scrapes instead. Leave the " +
            'Service network-observability out of jobs that follow prometheus.io/scrape, by which the chart annotates it.',
          false,
        ),
      },
    },
  };
}

/**
 * What the head says of an older release: v1.2.1 gave two bindings roles of other names and kept theirs, which the API server refuses.
 * Upstream: microsoft/retina, deploy/hubble, templates/operator/clusterrolebinding.yaml and templates/hubble/tls-cronjob/rolebinding.yaml.
 */
const overAnOlderRelease = ({ retina }: RetinaConfig): string =>
  atLeast(retina.version, 'v1.2.1')
    ? '\nOver v1.2.0 or older Helm stops halfway: before, delete the ClusterRoleBinding retina-operator-rolebinding and, in ' +
      `${retina.namespace}, the RoleBinding hubble-generate-certs, whose roles have other names since. A rollback takes the same; it fails from halfway, so finish the upgrade first.`
    : '';

/** Values for Retina with the Hubble control plane, for the release that the configuration names. */
export function retinaHubbleValues(config: RetinaConfig): HelmValues {
  const { retina } = config;
  const isV1 = atLeast(retina.version, 'v1.0.0');
  const values: Tree = {
    namespace: because('The chart reads the namespace from here, not from the release.', retina.namespace),
    operator: because("The chart's default image is a private test registry with the tag latest: pin both.", {
      enabled: true,
      ...retinaImage(config, 'retina-operator'),
    }),
    agent: {
      ...retinaImage(config, 'retina-agent'),
      init: retinaImage(config, 'retina-init'),
      tolerations: isV1
        ? because('On every node: traffic of a node without an agent is not seen by anyone.', [{ operator: 'Exists' }])
        : undefined,
    },
    enabledPlugin_linux: because('A string that holds a list. packetparser is what sees flows.', RETINA_PLUGINS),
    enablePodLevel: because('Flows are pod-level metrics.', true),
    remoteContext: isV1 ? undefined : because('It does nothing in Hubble mode.', true),
    bypassLookupIPOfInterest: isV1
      ? because(
          'From v1.0.0 on, false filters packets by a map which in Hubble mode holds the API server only, ' +
            'and the flows of pods vanish.',
          true,
        )
      : because('Without effect before v1.0.0.', false),
    enableConntrackMetrics: because(
      'Absent from the values of the chart, yet read by it. The gauges exist from v0.0.34 on: sums over live ' +
        'connections of a node, not counters.',
      true,
    ),
    dataAggregationLevel:
      retina.dataAggregationLevel === 'low'
        ? because(
            'low reports every packet, so that rates are in proportion to traffic. high reports connections, for far less CPU: ' +
              'change it when hubble_lost_events_total rises.',
            'low',
          )
        : because('high reports connections, not packets: cheaper, and shares become shares of connections.', 'high'),
    conntrackReportInterval:
      retina.dataAggregationLevel === 'high' && atLeast(retina.version, 'v1.2.4')
        ? because('How often a long connection is reported with high aggregation.', '30s')
        : undefined,
    resources: because('Too little CPU loses events before anything else shows it.', {
      // Older charts have limits only, of which Kubernetes makes requests.
      requests: atLeast(retina.version, 'v0.0.34') ? retina.resources : undefined,
      limits: retina.resources,
    }),
    hubble: hubble(config, isV1),
  };
  return {
    chart: 'retina-hubble',
    header:
      `Values for oci://ghcr.io/microsoft/retina/charts/retina-hubble, version ${retina.version}.\n` +
      `helm upgrade --install retina oci://ghcr.io/microsoft/retina/charts/retina-hubble --version ${retina.version} ` +
      `--namespace ${retina.namespace} --values helm-values/retina-hubble.yaml` +
      `${overAnOlderRelease(config)}\n${overTheOtherChart('retina')}`,
    values,
  };
}
