import { helmCommand } from '../../shared/apply.ts';
import type { EbpfConfig, EbpfSettings } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { type FlowSource, labelsRead, metricsRead, type Unit } from '../../traffic/index.ts';

/** The differences between the two charts. */
interface Chart {
  readonly chart: string;
  readonly repository: string;
  /** Exporters to disable, as the chart enables them by default. */
  readonly exporters: Readonly<Record<string, null>>;
}

const OBI_CHART: Chart = {
  chart: 'opentelemetry-ebpf-instrumentation',
  repository: 'https://open-telemetry.github.io/opentelemetry-helm-charts',
  exporters: { otel_traces_export: null, otel_metrics_export: null },
};

const BEYLA_CHART: Chart = { chart: 'beyla', repository: 'https://grafana.github.io/helm-charts', exporters: {} };

/** Path of the metrics. */
const PATH = '/metrics';

/** The feature that exports the counters of each unit. */
const FEATURES: Readonly<Partial<Record<Unit, string>>> = {
  network_bytes: 'network',
  network_packets: 'network_flow_packets',
};

/** The agent's configuration: its metrics and their labels. */
function agentConfig(
  config: EbpfConfig,
  { port }: EbpfSettings,
  exporters: Chart['exporters'],
  source: FlowSource,
): Tree {
  const metrics = metricsRead(config.flows, source);
  // Attribute names have dots instead of underscores.
  const include = labelsRead(config.flows, source).map((label) => label.replaceAll('_', '.'));
  const features = metrics.flatMap(({ unit }) => FEATURES[unit] ?? []);
  return {
    network: { enable: because('Enables the feature "network": bytes.', features.includes('network')) },
    metrics: { features: because('Only flows: no traces, no application metrics.', features) },
    attributes: {
      kubernetes: { enable: because('Names, owners and zones of both ends come from the API server.', true) },
      select: because(
        'The rules read exactly these labels. The defaults lack zones, pods and kinds, and include labels that no rule reads.',
        Object.fromEntries(metrics.map(({ metric }) => [metric.replace(/_total$/, ''), { include }])),
      ),
    },
    filter: because(
      'The chart filters out traffic of kube-*, Prometheus and others, which is billed like any other. null removes the filter.',
      null,
    ),
    ...exporters,
    internal_metrics: because(
      `Counts packets that the agent could not store: ${source.id}_bpf_network_ignored_packets_total. FlowEventsLost reads it. If it rises, raise ` +
        'network.cache_max_flows. On the port and path of the flows, so one scrape has both.',
      { exporter: 'prometheus', prometheus: { port, path: PATH } },
    ),
    prometheus_export: {
      port: because(`A host port, scraped by the job ${source.id}.`, port),
      path: PATH,
      ttl: because(
        'Drops pairs that were silent this long. With the default of 5m, a pair that talks every ten minutes restarts at zero each ' +
          'time, and rate() misses its first report.',
        '1h',
      ),
    },
  };
}

/** Values for either chart. */
function valuesOf(
  config: EbpfConfig,
  settings: EbpfSettings,
  { chart, repository, exporters }: Chart,
  source: FlowSource,
): HelmValues {
  const { version, namespace, app } = settings;
  return {
    chart,
    header:
      `Values for the chart ${chart}, version ${version}: only network flows, as Prometheus metrics.\n` +
      helmCommand({ chart, repository, version, namespace }),
    values: {
      ...(app !== chart && {
        nameOverride: because('The label app.kubernetes.io/name, by which the pods are found.', app),
        fullnameOverride: because('The name of the DaemonSet, by which its pods are known.', app),
      }),
      preset: because('Agents on the host network, without access to host processes.', 'network'),
      contextPropagation: { enabled: because('Only needed for traces, which are off.', false) },
      tolerations: because('Runs on every node: both nodes of a packet report it, and the larger report counts.', [
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
