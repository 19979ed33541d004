import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { chosenNamespaces } from '../../shared/settings.ts';
import { atLeast } from '../../shared/version.ts';
import { install, overTheOtherChart, retinaImage, retinaPlugins } from './charts.ts';
import { asksForPackets, type RetinaConfig } from './settings.ts';

/** Whether only some namespaces are measured. */
const isLimited = ({ retina: { namespaces } }: RetinaConfig): boolean => chosenNamespaces(namespaces) !== undefined;

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
      'Off by default. It writes a RetinaEndpoint per pod, from which agents learn the pods of other nodes. Without it, one end of a ' +
        'flow between nodes is unknown.',
      { enabled: true, ...retinaImage(config, 'retina-operator') },
    ),
    logLevel: because('The default is debug, which costs CPU and loses events.', 'info'),
    enabledPlugin_linux: because(
      'A list in a string. packetparser, which observes the flows, is off by default.' +
        (asksForPackets(config) ? ' tcpretrans counts retransmissions (flowPipeline.packets).' : ''),
      retinaPlugins(...(asksForPackets(config) ? ['tcpretrans'] : [])),
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
    resources: because(
      'Lost events are the first sign of too little CPU: controlplane_networkobservability_lost_events_counter.',
      {
        requests: retina.resources,
        limits: retina.resources,
      },
    ),
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
