import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { helmCommand } from '../../shared/apply.ts';
import { atLeast } from '../../shared/version.ts';
import { hubbleLabelsContext, hubbleMetric as metric, labelsContext, labelsRead } from '../../traffic/index.ts';
import type { RetinaConfig } from './settings.ts';
import { retinaHubble } from './sources.ts';

/** A string that holds a list, as both of Retina's charts want it. packetparser is what sees flows. */
const RETINA_PLUGINS = '["linuxutil","packetforward","packetparser","dns","dropreason"]';

type Image = 'retina-agent' | 'retina-init' | 'retina-operator';

/** One of Retina's images, at the release of the configuration. */
const retinaImage = ({ retina }: RetinaConfig, name: Image) => ({
  repository: `ghcr.io/microsoft/retina/${name}`,
  tag: retina.version,
});

/**
 * What the head says of a release that another chart of Retina made: Helm cannot turn one into the other.
 * Both call it retina, and their DaemonSets retina-agent; the selectors differ, and no selector can be changed.
 * Upstream: microsoft/retina, deploy/hubble and deploy/standard, templates of the agent.
 */
const overTheOtherChart = (other: Chart): string =>
  `Over a release of the chart ${other}: uninstall it first, as the selector of its DaemonSet cannot be changed.`;

type Chart = 'retina' | 'retina-hubble';

const install = ({ retina: { version, namespace } }: RetinaConfig, chart: Chart): string =>
  helmCommand({ release: 'retina', chart: `oci://ghcr.io/microsoft/retina/charts/${chart}`, version, namespace });

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
  atLeast(retina.version, '1.2.1')
    ? '\nOver v1.2.0 or older Helm stops halfway: before, delete the ClusterRoleBinding retina-operator-rolebinding and, in ' +
      `${retina.namespace}, the RoleBinding hubble-generate-certs, whose roles have other names since. A rollback takes the same; it fails from halfway, so finish the upgrade first.`
    : '';

/** Values for Retina with the Hubble control plane, for the release that the configuration names. */
export function retinaHubbleValues(config: RetinaConfig): HelmValues {
  const { retina } = config;
  const isV1 = atLeast(retina.version, '1.0.0');
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
    enablePodLevel: because(
      isV1
        ? 'Flows are pod-level metrics. remoteContext, which many setups add, is left out: it does nothing in Hubble mode.'
        : 'Flows are pod-level metrics.',
      true,
    ),
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
      retina.dataAggregationLevel === 'high' && atLeast(retina.version, '1.2.4')
        ? because('How often a long connection is reported with high aggregation.', '30s')
        : undefined,
    resources: because('Too little CPU loses events before anything else shows it.', {
      // Older charts have limits only, of which Kubernetes makes requests.
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

/** Whether the configuration measures some namespaces only. */
const isLimited = ({ retina: { namespaces } }: RetinaConfig): boolean =>
  namespaces.include.length + namespaces.exclude.length > 0;

/** Addresses that are measured; ignored where all are. */
const filterMap = (config: RetinaConfig): Tree =>
  isLimited(config)
    ? because(
        'The agent looks up each packet in a map of the addresses of the namespaces that are measured, pods of all nodes included. ' +
          'Pods beyond its size are not seen; the default is 255.',
        65_536,
      )
    : because(
        'The agent keeps a map of the pods even where it looks none up; at the default, 255, it fills its log.',
        65_536,
      );

/**
 * Values for Retina in standard mode with remote context. Which metrics it exports with which labels is in its
 * MetricsConfiguration, not here.
 * Upstream: microsoft/retina, deploy/standard/manifests/controller/helm/retina; operator/config/config.go.
 */
export function retinaValues(config: RetinaConfig): HelmValues {
  const { retina } = config;
  const { repository, tag } = retinaImage(config, 'retina-agent');
  const values: Tree = {
    namespace: because('The chart reads the namespace from here, not from the release.', retina.namespace),
    image: because("The chart's default tag is years old: pinned, for agent and init container.", {
      repository,
      initRepository: retinaImage(config, 'retina-init').repository,
      tag,
    }),
    // operator.enableRetinaEndpoint, in the values of the chart, is read by no template of it: the operator always does.
    operator: because(
      'Off by default. It writes a RetinaEndpoint for each pod, from which agents know the pods of other nodes; without it one end ' +
        'of a flow between nodes is unknown.',
      { enabled: true, ...retinaImage(config, 'retina-operator') },
    ),
    logLevel: because('The default is debug, which costs CPU that then loses events.', 'info'),
    enabledPlugin_linux: because(
      'A string that holds a list. packetparser, what sees flows, is not among the defaults.',
      RETINA_PLUGINS,
    ),
    enablePodLevel: because('The metrics of flows are pod-level metrics.', true),
    remoteContext: because('Both ends of a flow on one series.', true),
    enableAnnotations: because('manifests/metrics-configuration.yaml says what is measured, not annotations.', false),
    bypassLookupIPOfInterest: isLimited(config)
      ? because('Only packets of the namespaces in retina.namespaces are measured.', false)
      : because(
          'Every packet is measured, whatever its namespace; false would drop what the agent does not know yet.',
          true,
        ),
    filterMapMaxEntries: atLeast(retina.version, '1.2.0') ? filterMap(config) : undefined,
    dataAggregationLevel: because(
      'With low, a packet between nodes is seen at the pod and again at the network card and counts twice. With high it is seen at ' +
        'the pod only, and what passed between two reports of a connection is added to the next.',
      'high',
    ),
    conntrackReportInterval: atLeast(retina.version, '1.2.4')
      ? because('How often a long connection is reported.', '30s')
      : undefined,
    tolerations: because('On every node: traffic that a node without an agent receives is not counted.', [
      { operator: 'Exists' },
    ]),
    resources: because('Too little CPU loses events before anything else shows it.', {
      requests: retina.resources,
      limits: retina.resources,
    }),
  };
  return {
    chart: 'retina',
    header:
      `Values for oci://ghcr.io/microsoft/retina/charts/retina (standard mode), version ${retina.version}. The metrics and their labels ` +
      'are set by manifests/metrics-configuration.yaml: apply it after the chart, which brings its definition.\n' +
      `${install(config, 'retina')}\n${overTheOtherChart('retina-hubble')}`,
    values,
  };
}
