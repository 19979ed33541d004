import { helmCommand } from '../../shared/apply.ts';
import type { EbpfConfig, EbpfSettings } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { type FlowSource, labelsRead, metricsRead, type Unit } from '../../traffic/index.ts';

/** What differs between the two charts. */
interface Chart {
  readonly chart: string;
  readonly repository: string;
  /** Exporters that the chart switches on by default. */
  readonly exporters: Readonly<Record<string, null>>;
}

const OBI_CHART: Chart = {
  chart: 'opentelemetry-ebpf-instrumentation',
  repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
  exporters: { otel_traces_export: null, otel_metrics_export: null },
};

const BEYLA_CHART: Chart = { chart: 'beyla', repository: 'https://grafana.github.io/helm-charts', exporters: {} };

/** The features that export the counters of a unit. */
const FEATURES: Readonly<Partial<Record<Unit, string>>> = {
  network_bytes: 'network',
  network_packets: 'network_flow_packets',
};

/** The configuration of the agent: what it exports, and with which labels. */
function agentConfig(
  config: EbpfConfig,
  { port }: EbpfSettings,
  exporters: Chart['exporters'],
  source: FlowSource,
): Tree {
  const metrics = metricsRead(config.flows, source);
  // Attributes have dots where labels have underscores.
  const include = labelsRead(config.flows, source).map((label) => label.replaceAll('_', '.'));
  const features = metrics.flatMap(({ unit }) => FEATURES[unit] ?? []);
  return {
    network: { enable: because('Stands for the feature "network", the bytes.', features.includes('network')) },
    metrics: { features: because('Flows only: no traces, no metrics of applications.', features) },
    attributes: {
      kubernetes: { enable: because('Names, owners and zones of both ends come from the API server.', true) },
      select: because(
        'The rules read exactly these labels. By default there are no zones, pods or kinds, and there are labels that nothing here reads.',
        Object.fromEntries(metrics.map(({ metric }) => [metric.replace(/_total$/, ''), { include }])),
      ),
    },
    filter: because(
      'The chart leaves out the traffic of kube-*, Prometheus and others, which is billed like any other: null takes its filter away.',
      null,
    ),
    ...exporters,
    prometheus_export: {
      port: because(`Where the scrape job ${source.id} reads, on the network of the host.`, port),
      path: '/metrics',
      ttl: because(
        'A pair that was silent for so long is forgotten. With the default, 5m, a pair that talks every ten minutes starts at zero ' +
          'each time, and its first report is lost to rate().',
        '1h',
      ),
    },
  };
}

/** Values for one of the two charts, which have the same shape. */
function valuesOf(
  config: EbpfConfig,
  settings: EbpfSettings,
  { chart, repository, exporters }: Chart,
  source: FlowSource,
): HelmValues {
  const { version, namespace } = settings;
  return {
    chart,
    header:
      `Values for the chart ${chart}, version ${version}: network flows as Prometheus metrics, and nothing else.\n` +
      helmCommand({ chart, repository, version, namespace }),
    values: {
      preset: because('Agents on the network of the host, without access to its processes.', 'network'),
      contextPropagation: { enabled: because('For traces, which are not made.', false) },
      tolerations: because('On every node: both nodes of a packet report it, and the larger report counts.', [
        { operator: 'Exists' },
      ]),
      config: { data: agentConfig(config, settings, exporters, source) },
    },
  };
}

/**
 * Values for OpenTelemetry eBPF Instrumentation.
 * Upstream: open-telemetry/opentelemetry-helm-charts, charts/opentelemetry-ebpf-instrumentation; the agent's pkg/export/attributes.
 */
export const obiValues = (config: EbpfConfig & { readonly obi: EbpfSettings }, source: FlowSource): HelmValues =>
  valuesOf(config, config.obi, OBI_CHART, source);

/** Values for Grafana Beyla. Upstream: grafana/beyla, charts/beyla and docs/sources/network. */
export const beylaValues = (config: EbpfConfig & { readonly beyla: EbpfSettings }, source: FlowSource): HelmValues =>
  valuesOf(config, config.beyla, BEYLA_CHART, source);
