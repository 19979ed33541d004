import { NODE_EXPORTER_JOB, type NodeExporterConfig } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { STATISTICS } from '../../allowances/index.ts';
import { helmCommand, PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { argument } from '../../shared/escape.ts';
import { monitorAgentSteps, monitorLabels } from '../../shared/scrape.ts';

/** Anchors a regular expression; node_exporter matches substrings. */
const whole = (regex: string): string => `^(?:${regex})$`;

function collectorFlags({ ethtool, nodeExporter }: NodeExporterConfig): Tree {
  return [
    ...(nodeExporter.collectors === 'ethtool'
      ? [because('Only the collector below; another node_exporter runs the others.', '--collector.disable-defaults')]
      : []),
    because('Off by default.', '--collector.ethtool'),
    because(
      'node_exporter matches substrings: without anchors, eth.* would include the veth device of every pod.',
      argument(`--collector.ethtool.device-include=${whole(ethtool.device)}`),
    ),
    because(
      "The driver's names, as the filter applies before renaming. The common filter .*_exceeded misses the available connections; " +
        'without a filter, each queue of each interface adds a dozen series.',
      argument(`--collector.ethtool.metrics-include=${whole(STATISTICS.join('|'))}`),
    ),
  ];
}

function prometheus(config: NodeExporterConfig): Tree {
  const { nodeExporter, scrape } = config;
  if (nodeExporter.scrape === 'job') {
    return {
      monitor: {
        enabled: because('The job ethtool-node-exporter or its PodMonitor (monitors.enabled) scrapes it.', false),
      },
    };
  }
  return {
    monitor: {
      enabled: true,
      additionalLabels: monitorLabels(config),
      interval: scrape.interval,
      scrapeTimeout: because("Empty uses the Prometheus default: the chart's 10s may exceed the interval.", ''),
      relabelings: because('Alerts name the node, which node_exporter does not know.', [
        ...monitorAgentSteps(config),
        because('Else the job is nodeExporter.app.', {
          action: 'replace',
          targetLabel: 'job',
          replacement: NODE_EXPORTER_JOB,
        }),
      ]),
    },
  };
}

/**
 * Values for node_exporter with its ethtool collector, as the exporter of ENA counters.
 * Upstream: prometheus-community/helm-charts, charts/prometheus-node-exporter; prometheus/node_exporter, collector/ethtool_linux.go
 * and device_filter.go.
 */
export function nodeExporterValues(config: NodeExporterConfig): HelmValues {
  const { nodeExporter } = config;
  const { app, version, namespace, port, collectors, resources } = nodeExporter;
  return {
    chart: 'prometheus-node-exporter',
    header:
      `Values for the chart prometheus-node-exporter, version ${version}: node_exporter on every node, ` +
      `${collectors === 'ethtool' ? 'with only the ethtool collector, next to any other node_exporter' : 'with the ethtool collector'}.\n` +
      helmCommand({
        release: app,
        chart: 'prometheus-node-exporter',
        repository: PROMETHEUS_COMMUNITY,
        version,
        namespace,
      }),
    values: {
      nameOverride: because("Distinguishes its pods from kube-prometheus-stack's node_exporter.", app),
      hostNetwork: because('Reads the interfaces of the node, not those of a pod.', true),
      ...(collectors === 'ethtool' && {
        hostPID: because('The ethtool collector does not need the host PID namespace.', false),
        hostRootFsMount: because('Nor the host file system.', { enabled: false }),
      }),
      service: {
        port: because('A host port; another node_exporter may use 9100.', port),
        targetPort: port,
        annotations: because('Prevents a second scrape by jobs that follow this annotation.', {
          'prometheus.io/scrape': null,
        }),
      },
      extraArgs: because(
        'This list replaces that of other values files: add your own flags here.',
        collectorFlags(config),
      ),
      tolerations: because('Runs on every node; by default, the chart skips nodes with a NoExecute taint.', [
        { operator: 'Exists' },
      ]),
      resources: because('It only reads counters that the driver keeps.', {
        requests: resources,
        limits: { memory: resources.memory },
      }),
      prometheus: prometheus(config),
    },
  };
}
