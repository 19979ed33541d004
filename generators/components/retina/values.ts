import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { helmCommand } from '../../shared/apply.ts';
import { atLeast } from '../../shared/version.ts';
import { hubbleLabelsContext, hubbleMetric as metric, labelsContext, labelsRead } from '../../traffic/index.ts';
import type { RetinaConfig } from './settings.ts';
import { retinaHubble } from './sources.ts';

/** A list in a string, as both Retina charts expect it. packetparser observes the flows. */
const RETINA_PLUGINS = '["linuxutil","packetforward","packetparser","dns","dropreason"]';

type Image = 'retina-agent' | 'retina-init' | 'retina-operator';

/** A Retina image at the configured release. */
const retinaImage = ({ retina }: RetinaConfig, name: Image) => ({
  repository: `ghcr.io/microsoft/retina/${name}`,
  tag: retina.version,
});

/**
 * File header line for a release installed from Retina's other chart: Helm cannot convert it. Both releases are named retina, and both
 * DaemonSets retina-agent, but their selectors differ, and a selector is immutable.
 * Upstream: microsoft/retina, deploy/hubble and deploy/standard, templates of the agent.
 */
const overTheOtherChart = (other: Chart): string =>
  `If the chart ${other} is installed, uninstall it first: the selector of its DaemonSet cannot be changed.`;

type Chart = 'retina' | 'retina-hubble';

const install = ({ retina: { version, namespace } }: RetinaConfig, chart: Chart): string =>
  helmCommand({ release: 'retina', chart: `oci://ghcr.io/microsoft/retina/charts/${chart}`, version, namespace });

const PODS = ['sourceEgressContext=pod', 'destinationIngressContext=pod'];

/** The metrics of releases before v1.0.0. */
const metricsBeforeV1 = (read: readonly string[]): Tree =>
  because('labelsContext puts both ends of a flow on one series.', [
    metric('flow', ...PODS, labelsContext(hubbleLabelsContext(read))),
    metric('tcp', ...PODS),
    metric('dns', 'query', ...PODS, labelsContext(['source_pod', 'destination_pod', 'traffic_direction'])),
    metric('drop', ...PODS),
  ]);

const metricsOfV1 = (read: readonly string[]): Tree => [
  because(
    'labelsContext puts both ends of a flow on one series; the rules read exactly these labels. No sourceEgressContext and ' +
      'destinationIngressContext, which would repeat the same names in two more labels. With namespace and pod among them, a series ' +
      'disappears a minute after its pod.',
    metric('flow', labelsContext(hubbleLabelsContext(read))),
  ),
  metric('tcp', ...PODS),
  because(
    'Without "query", which would create a series for every name looked up.',
    metric('dns', ...PODS, labelsContext(['source_namespace', 'source_pod', 'traffic_direction'])),
  ),
  metric('drop', ...PODS),
];

function hubble(config: RetinaConfig, isV1: boolean): Tree {
  const { retina } = config;
  const read = labelsRead(config.flows, retinaHubble);
  return {
    eventQueueSize: because(
      'Twice the default, to absorb bursts; the chart expects a string. A queue does not fix sustained overload: if ' +
        'hubble_lost_events_total keeps rising, set retina.dataAggregationLevel to high or give the agent more CPU.',
      String(retina.eventQueueSize),
    ),
    eventBufferCapacity: because(
      'One less than a power of two, at most 65535; also a string.',
      String(retina.eventBufferCapacity),
    ),
    metrics: {
      port: because('Scraped by the job networkobservability-hubble.', retina.hubblePort),
      enabled: isV1 ? metricsOfV1(read) : metricsBeforeV1(read),
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
      `${retina.namespace}, the RoleBinding hubble-generate-certs, as their roles were renamed. A rollback needs the same. It fails from a half-done upgrade: finish the upgrade first.`
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
            'low reports every packet, so rates are proportional to traffic. high reports connections, for far less CPU: switch if ' +
              'hubble_lost_events_total rises.',
            'low',
          )
        : because(
            'high reports connections, not packets. It is cheaper, but shares become shares of connections.',
            'high',
          ),
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

/** Whether only some namespaces are measured. */
const isLimited = ({ retina: { namespaces } }: RetinaConfig): boolean =>
  namespaces.include.length + namespaces.exclude.length > 0;

/** The map of measured addresses; unused if all are measured. */
const filterMap = (config: RetinaConfig): Tree =>
  isLimited(config)
    ? because(
        'The agent looks up each packet in a map of pod addresses of the measured namespaces, on all nodes. Pods that do not fit are ' +
          'not measured; the default is 255.',
        65_536,
      )
    : because(
        'The agent maintains the pod map even if it never uses it. At the default size of 255, it floods its log.',
        65_536,
      );

/**
 * Values for Retina in standard mode with remote context. The metrics and their labels are set in its MetricsConfiguration.
 * Upstream: microsoft/retina, deploy/standard/manifests/controller/helm/retina; operator/config/config.go.
 */
export function retinaValues(config: RetinaConfig): HelmValues {
  const { retina } = config;
  const { repository, tag } = retinaImage(config, 'retina-agent');
  const values: Tree = {
    namespace: because('The chart uses this namespace, not that of the release.', retina.namespace),
    image: because("The chart's default tag is years old. Pinned for agent and init container.", {
      repository,
      initRepository: retinaImage(config, 'retina-init').repository,
      tag,
    }),
    // No template of the chart reads operator.enableRetinaEndpoint: the operator always writes them.
    operator: because(
      'Off by default. It writes a RetinaEndpoint per pod, from which agents know the pods of other nodes. Without it, one end of a ' +
        'flow between nodes is unknown.',
      { enabled: true, ...retinaImage(config, 'retina-operator') },
    ),
    logLevel: because('The default is debug, which costs CPU and loses events.', 'info'),
    enabledPlugin_linux: because(
      'A list in a string. packetparser, which observes the flows, is off by default.',
      RETINA_PLUGINS,
    ),
    enablePodLevel: because('Flow metrics are pod-level metrics.', true),
    remoteContext: because('Both ends of a flow on one series.', true),
    enableAnnotations: because(
      'manifests/metrics-configuration.yaml selects what is measured, not annotations.',
      false,
    ),
    bypassLookupIPOfInterest: isLimited(config)
      ? because('Measures only packets of the namespaces in retina.namespaces.', false)
      : because(
          'Measures every packet in every namespace; false would drop packets of pods that the agent does not know yet.',
          true,
        ),
    filterMapMaxEntries: atLeast(retina.version, '1.2.0') ? filterMap(config) : undefined,
    dataAggregationLevel: because(
      'With low, a packet between nodes counts twice: at the pod and at the network card. With high, it counts only at the pod, and ' +
        'each report of a connection includes the packets since the previous one.',
      'high',
    ),
    conntrackReportInterval: atLeast(retina.version, '1.2.4')
      ? because('Report interval of long connections.', '30s')
      : undefined,
    tolerations: because('Runs on every node: traffic received by a node without an agent is not counted.', [
      { operator: 'Exists' },
    ]),
    resources: because('Lost events are the first sign of too little CPU.', {
      requests: retina.resources,
      limits: retina.resources,
    }),
  };
  return {
    chart: 'retina',
    header:
      `Values for oci://ghcr.io/microsoft/retina/charts/retina (standard mode), version ${retina.version}. The metrics and their labels ` +
      'are set by manifests/metrics-configuration.yaml: apply it after the chart, which installs its CRD.\n' +
      `${install(config, 'retina')}\n${overTheOtherChart('retina-hubble')}`,
    values,
  };
}
