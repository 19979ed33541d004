import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { DNS_LABEL } from '../../schema/formats.ts';
import { closed, type Kinds, listOf, object, OF_CLUSTER, oneOf, type Schema } from '../../schema/objects.ts';
import { applyCommand } from '../../shared/apply.ts';
import { atLeast } from '../../shared/version.ts';
import { labelsRead, metricsRead, type Side, SIDES } from '../../traffic/index.ts';
import type { RetinaConfig } from './settings.ts';
import { retinaStandard } from './sources.ts';

/** A name that no namespace has: with an empty list, no namespace is of interest to Retina. */
const NO_NAMESPACE = 'azimuth-leaves-out-none';

function namespaces({ retina: { namespaces: given } }: RetinaConfig): Tree {
  if (given.include.length > 0) return { include: given.include };
  if (given.exclude.length > 0) return { exclude: given.exclude };
  return because(
    'All namespaces. Retina wants exactly one of include and exclude, and with an empty list no namespace is of interest: so one is left out ' +
      'that does not exist. To measure some only, set retina.namespaces.',
    { exclude: [NO_NAMESPACE] },
  );
}

/** What Retina calls the labels of one side: their names without the side; both labels of a workload have one name. */
const context = (read: readonly string[], side: Side): readonly string[] => {
  const names = read.filter((label) => label.startsWith(`${side}_`)).map((label) => label.slice(side.length + 1));
  return [...new Set(names.map((name) => name.replace(/^workload_(kind|name)$/, 'workload')))];
};

/**
 * What Retina exports in standard mode: its forwarded bytes and packets, each with the labels that the rules read. The label
 * `direction` is always there.
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
      ? because('Series of pods that are gone; by default they stay until the agent restarts.', '1h')
      : undefined,
  }));
  return {
    name: 'metrics-configuration',
    header:
      'What Retina exports in standard mode, with exactly the labels that the rules read. One for the cluster: agents take one ' +
      'MetricsConfiguration only. Apply it after the chart (helm-values/retina.yaml).\n' +
      applyCommand(config, 'manifests/metrics-configuration.yaml'),
    content: {
      apiVersion: 'retina.sh/v1alpha1',
      kind: 'MetricsConfiguration',
      metadata: { name: 'azimuth' },
      spec: { contextOptions, namespaces: namespaces(config) },
    },
  };
}

/** Upstream: Retina, pkg/utils/metric_names.go, those of the module of advanced metrics. */
const RETINA_METRICS = [
  'forward_bytes',
  'forward_count',
  'drop_bytes',
  'drop_count',
  'tcp_flag_gauges',
  'tcp_retransmission_count',
  'dns_request_count',
  'dns_response_count',
  'node_apiserver_latency',
];

const RETINA_LABELS: Schema = {
  ...listOf(oneOf('ip', 'namespace', 'podname', 'workload', 'service', 'port', 'zone'), 0),
  uniqueItems: true,
};

const CONTEXT: Schema = closed({
  'metricName!': { enum: RETINA_METRICS },
  sourceLabels: RETINA_LABELS,
  destinationLabels: RETINA_LABELS,
  additionalLabels: { ...listOf(oneOf('direction', 'is_reply'), 0), uniqueItems: true },
  ttl: {
    type: 'string',
    pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
    expected: 'a Go duration such as 1h',
  },
});

/** The API server takes each of them once. */
const SET_OF_NAMES: Schema = { ...listOf(DNS_LABEL), uniqueItems: true };

const RETINA_NAMESPACES: Schema = {
  ...closed({ include: SET_OF_NAMES, exclude: SET_OF_NAMES }),
  oneOf: [{ required: ['include'] }, { required: ['exclude'] }],
  expected: 'exactly one of include and exclude',
};

/** Upstream: Retina, crd/api/v1alpha1. It exists once in a cluster. */
export const kinds: Kinds = {
  'retina.sh/v1alpha1 MetricsConfiguration': {
    schema: () =>
      object(OF_CLUSTER, {
        'spec!': closed({ 'contextOptions!': listOf(CONTEXT), 'namespaces!': RETINA_NAMESPACES }),
      }),
  },
};
