import { CHART_VERSION, KUBERNETES_NAME, PORT, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { requests, SECTION } from '../schema/settings.ts';
import { DESCHEDULER } from './descheduler/settings.ts';

const NAMESPACE = { ...KUBERNETES_NAME, default: 'monitoring', description: 'Namespace of its pods.' } as const;

/** How Prometheus comes to its series: never in both ways, as everything would be there twice. */
const SCRAPE = {
  enum: ['monitor', 'job'],
  description: "monitor: the chart's ServiceMonitor, for Prometheus Operator; job: a scrape job beside the others.",
} as const;

const LIMIT = { type: 'integer', minimum: 1 } as const;

/** Settings of the charts beside those of the flow sources. */
export const CHART_SETTINGS = {
  nodeExporter: {
    ...SECTION,
    description: 'node_exporter as exporter of ENA counters (ethtool.exporter: node-exporter).',
    properties: {
      version: {
        ...CHART_VERSION,
        default: '4.56.1',
        description: 'Version of the chart prometheus-node-exporter; 4.3.1 or newer.',
      },
      namespace: NAMESPACE,
      app: {
        ...KUBERNETES_NAME,
        maxLength: 63,
        default: 'ethtool-node-exporter',
        description: 'Its release, and the label app.kubernetes.io/name of its pods.',
      },
      port: { ...PORT, default: 9101, description: 'Its port, on the network of the host; 9100 is often taken.' },
      collectors: {
        enum: ['ethtool', 'all'],
        default: 'ethtool',
        description: "ethtool: beside another node_exporter, such as kube-prometheus-stack's; all: as the only one.",
      },
      scrape: { ...SCRAPE, default: 'job' },
      resources: requests('50m', '64Mi'),
    },
  },
  kubeStateMetrics: {
    ...SECTION,
    description: 'kube-state-metrics without kube-prometheus-stack.',
    properties: {
      standalone: {
        type: 'boolean',
        default: false,
        description: 'Whether values for its own chart are written; otherwise kube-prometheus-stack brings it.',
      },
      version: {
        ...CHART_VERSION,
        default: '8.4.0',
        description: 'Version of the chart kube-state-metrics; 5.17.0 or newer.',
      },
      namespace: NAMESPACE,
      replicas: {
        ...LIMIT,
        maximum: 2,
        default: 1,
        description: 'Two survive the loss of a node, and double what Prometheus stores of it.',
      },
      scrape: { ...SCRAPE, default: 'monitor' },
      interval: {
        ...PROMETHEUS_DURATION,
        type: ['string', 'null'],
        default: null,
        description: 'How often it is scraped; null: scrape.interval.',
      },
      resources: requests('100m', '256Mi'),
    },
  },
  descheduler: DESCHEDULER,
} as const;
