import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { DNS_LABEL, GO_DURATION } from '../../schema/formats.ts';
import { closed, type Kinds, listOf, object, OF_CLUSTER, oneOf, type Schema } from '../../schema/objects.ts';
import { applyCommand } from '../../shared/apply.ts';
import { chosenNamespaces } from '../../shared/settings.ts';
import { atLeast } from '../../shared/version.ts';
import { labelsRead, metricsRead, type Side, SIDES } from '../../traffic/index.ts';
import { asksForPackets, type RetinaConfig } from './settings.ts';
import { retinaStandard, STANDARD_PACKETS } from './sources.ts';

/** A namespace that does not exist: with an empty list, Retina would measure no namespace. */
const NO_NAMESPACE = 'azimuth-leaves-out-none';

const namespaces = ({ retina }: RetinaConfig): Tree =>
  chosenNamespaces(retina.namespaces) ??
  because(
    'All namespaces. Retina requires either include or exclude, and an empty list measures no namespace, so this excludes one that ' +
      'does not exist. To measure only some, set retina.namespaces.',
    { exclude: [NO_NAMESPACE] },
  );

/** Retina's names for the labels of one side: without the side, and one name for both workload labels. */
const context = (read: readonly string[], side: Side): readonly string[] => {
  const names = read.filter((label) => label.startsWith(`${side}_`)).map((label) => label.slice(side.length + 1));
  return [...new Set(names.map((name) => name.replace(/^workload_(kind|name)$/, 'workload')))];
};

/** Retina's names for the labels of both ends that the rules on DNS read. */
const DNS_ENDS = ['namespace', 'podname'];

/** The names under which a MetricsConfiguration asks for them. Upstream: Retina, pkg/utils/metric_names.go. */
const PACKETS = { drops: 'drop_count', resets: 'tcp_flag_gauges', retransmits: 'tcp_retransmission_count' } as const;

/** Packets that go wrong, by the pods that the rules on the flow pipeline read. */
const packetOptions = (config: RetinaConfig, ttl: Tree | undefined): readonly Tree[] =>
  asksForPackets(config)
    ? (['drops', 'resets', 'retransmits'] as const).map((kind) => {
        const [sourceLabels, destinationLabels] = SIDES.map((side) =>
          context(
            STANDARD_PACKETS[kind].ends.flatMap((end) => Object.values(end)),
            side,
          ),
        );
        return {
          metricName: because('Packets that go wrong, by pod (flowPipeline.packets).', PACKETS[kind]),
          sourceLabels,
          destinationLabels: destinationLabels?.length === 0 ? undefined : destinationLabels,
          ttl,
        };
      })
    : [];

/**
 * Metrics that Retina exports in standard mode: forwarded bytes and packets, with the labels that the rules read. The label `direction`
 * is always present.
 * Upstream: microsoft/retina, crd/api/v1alpha1/metricsconfiguration_types.go and pkg/module/metrics.
 */
export function metricsConfiguration(config: RetinaConfig): Manifest {
  const source = retinaStandard(config);
  const read = labelsRead(config.flows, source);
  const [sourceLabels, destinationLabels] = SIDES.map((side) => context(read, side));
  const contextOptions = metricsRead(config.flows, source).map(({ metric }) => ({
    metricName: metric.replace(/^networkobservability_adv_/, ''),
    sourceLabels,
    destinationLabels,
    additionalLabels: read.includes('is_reply') ? ['is_reply'] : undefined,
    ttl: atLeast(config.retina.version, '1.1.0')
      ? because('Expires series of deleted pods; by default they stay until the agent restarts.', '1h')
      : undefined,
  }));
  const { dns } = config;
  const dnsOptions =
    dns.enabled && 'queries' in (source.dns ?? {}) && dns.names && dns.clients
      ? ['dns_request_count', 'dns_response_count'].map((metricName) => ({
          metricName: because('Each series has the name that was looked up (dns.names).', metricName),
          sourceLabels: DNS_ENDS,
          destinationLabels: DNS_ENDS,
          ttl: contextOptions[0]?.ttl,
        }))
      : [];
  return {
    name: 'metrics-configuration',
    header:
      'Metrics of Retina in standard mode, with exactly the labels that the rules read. Agents accept only one MetricsConfiguration ' +
      'per cluster. Apply it after the chart (helm-values/retina.yaml).\n' +
      applyCommand(config, 'manifests/metrics-configuration.yaml'),
    content: {
      apiVersion: 'retina.sh/v1alpha1',
      kind: 'MetricsConfiguration',
      metadata: { name: 'azimuth' },
      spec: {
        contextOptions: [...contextOptions, ...dnsOptions, ...packetOptions(config, contextOptions[0]?.ttl)],
        namespaces: namespaces(config),
      },
    },
  };
}

const RETINA_LABELS: Schema = {
  ...listOf(oneOf('ip', 'namespace', 'podname', 'workload', 'service', 'port', 'zone'), 0),
  uniqueItems: true,
};

const CONTEXT: Schema = closed({
  'metricName!': oneOf(
    'forward_bytes',
    'forward_count',
    'dns_request_count',
    'dns_response_count',
    ...Object.values(PACKETS),
  ),
  sourceLabels: RETINA_LABELS,
  destinationLabels: RETINA_LABELS,
  additionalLabels: { ...listOf(oneOf('is_reply')), uniqueItems: true },
  ttl: GO_DURATION,
});

/** The API server refuses duplicates. */
const SET_OF_NAMES: Schema = { ...listOf(DNS_LABEL), uniqueItems: true };

const RETINA_NAMESPACES: Schema = {
  ...closed({ include: SET_OF_NAMES, exclude: SET_OF_NAMES }),
  oneOf: [{ required: ['include'] }, { required: ['exclude'] }],
  expected: 'exactly one of include and exclude',
};

/** Upstream: Retina, crd/api/v1alpha1; metrics: pkg/utils/metric_names.go. One per cluster. */
export const kinds: Kinds = {
  'retina.sh/v1alpha1 MetricsConfiguration': {
    schema: () =>
      object(OF_CLUSTER, { 'spec!': closed({ 'contextOptions!': listOf(CONTEXT), 'namespaces!': RETINA_NAMESPACES }) }),
  },
};
