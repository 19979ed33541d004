import type { NodeExporterConfig } from './settings.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { STATISTICS } from '../../allowances/index.ts';
import { helmCommand, PROMETHEUS_COMMUNITY } from '../../shared/apply.ts';
import { argument } from '../../shared/escape.ts';
import { monitorAgentSteps, monitorLabels } from '../../shared/scrape.ts';

/** A regular expression that must match the whole text; node_exporter itself is content with a part of it. */
const whole = (regex: string): string => `^(?:${regex})$`;

function collectorFlags({ ethtool, nodeExporter }: NodeExporterConfig): Tree {
  return [
    ...(nodeExporter.collectors === 'ethtool'
      ? [because('Only what follows: another node_exporter does the rest.', '--collector.disable-defaults')]
      : []),
    because('Off by default.', '--collector.ethtool'),
    because(
      'Part of a name is enough for node_exporter: without the anchors eth.* would take veth devices, of which every pod has one.',
      argument(`--collector.ethtool.device-include=${whole(ethtool.device)}`),
    ),
    because(
      "The driver's own names, as filters are applied before names change. The filter .*_exceeded, often seen, misses the connections " +
        'that can still be tracked; without a filter each queue of each interface adds a dozen series.',
      argument(`--collector.ethtool.metrics-include=${whole(STATISTICS.join('|'))}`),
    ),
  ];
}

/** What the rest of node_exporter needs of the host, and ethtool does not. */
const HOST_ACCESS: Readonly<
  Record<NodeExporterConfig['nodeExporter']['collectors'], { readonly [key: string]: Tree }>
> = {
  ethtool: {
    hostPID: because('ethtool needs no processes of the host.', false),
    hostRootFsMount: because('Nor its files.', { enabled: false }),
  },
  all: {},
};

function prometheus(config: NodeExporterConfig): Tree {
  const { nodeExporter, scrape } = config;
  if (nodeExporter.scrape === 'job') {
    return {
      monitor: {
        enabled: because(
          'The job ethtool-node-exporter scrapes it, or its PodMonitor (monitors.enabled): once.',
          false,
        ),
      },
    };
  }
  return {
    monitor: {
      enabled: true,
      additionalLabels: monitorLabels(config),
      interval: scrape.interval,
      scrapeTimeout: because("Empty leaves it to Prometheus: the chart's 10s must not exceed the interval.", ''),
      relabelings: because('Alerts name the node; node_exporter does not know it.', monitorAgentSteps(config)),
    },
  };
}

/**
 * Values for node_exporter with its ethtool collector, where it is the exporter of ENA counters.
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
      `${collectors === 'ethtool' ? 'with the ethtool collector only, beside any other node_exporter' : 'with the ethtool collector'}.\n` +
      helmCommand({
        release: app,
        chart: 'prometheus-node-exporter',
        repository: PROMETHEUS_COMMUNITY,
        version,
        namespace,
      }),
    values: {
      nameOverride: because("Tells its pods from those of kube-prometheus-stack's node_exporter.", app),
      hostNetwork: because('The interfaces of the node, not those of a pod.', true),
      ...HOST_ACCESS[collectors],
      service: {
        port: because('On the network of the host, where another node_exporter may have 9100.', port),
        targetPort: port,
        annotations: because('So that jobs which follow this annotation do not scrape it a second time.', {
          'prometheus.io/scrape': null,
        }),
      },
      extraArgs: because(
        'This list replaces that of another values file: put flags of your own into it.',
        collectorFlags(config),
      ),
      tolerations: because('On every node: the chart alone passes by nodes with a NoExecute taint.', [
        { operator: 'Exists' },
      ]),
      resources: because('It answers from counters that the driver keeps.', {
        requests: resources,
        limits: { memory: resources.memory },
      }),
      prometheus: prometheus(config),
    },
  };
}
