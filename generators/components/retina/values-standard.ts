import type { RetinaConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { overTheOtherChart, RETINA_PLUGINS, retinaImage } from './chart.ts';

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
    filterMapMaxEntries: atLeast(retina.version, 'v1.2.0') ? filterMap(config) : undefined,
    dataAggregationLevel: because(
      'With low, a packet between nodes is seen at the pod and again at the network card and counts twice. With high it is seen at ' +
        'the pod only, and what passed between two reports of a connection is added to the next.',
      'high',
    ),
    conntrackReportInterval: atLeast(retina.version, 'v1.2.4')
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
      `helm upgrade --install retina oci://ghcr.io/microsoft/retina/charts/retina --version ${retina.version} ` +
      `--namespace ${retina.namespace} --values helm-values/retina.yaml\n${overTheOtherChart('retina-hubble')}`,
    values,
  };
}
