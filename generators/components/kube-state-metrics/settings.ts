import { CHART_VERSION, KUBERNETES_NAME, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import { requests, SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE, TARGETS } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { FLOWS } from '../../traffic/settings.ts';

const NAMESPACE = { ...KUBERNETES_NAME, default: 'monitoring', description: 'Namespace of its pods.' } as const;

/** How Prometheus comes to its series: never in both ways, as everything would be there twice. */
const SCRAPED_BY = {
  enum: ['monitor', 'job'],
  description: "monitor: the chart's ServiceMonitor, for Prometheus Operator; job: a scrape job beside the others.",
} as const;

const LIMIT = { type: 'integer', minimum: 1 } as const;

/** kube-state-metrics by its own chart. */
export const KUBE_STATE_METRICS = {
  ...SECTION,
  description: 'kube-state-metrics without kube-prometheus-stack.',
  properties: {
    standalone: {
      type: 'boolean',
      default: false,
      description: 'Whether values for its own chart are written; otherwise kube-prometheus-stack brings it.',
    },
    version: {
      requires: { 'kubeStateMetrics.standalone': true },
      ...CHART_VERSION,
      default: '8.4.0',
      description: 'Version of the chart kube-state-metrics; 5.17.0 or newer.',
    },
    namespace: { requires: { 'kubeStateMetrics.standalone': true }, ...NAMESPACE },
    replicas: {
      unit: 'pods',
      requires: { 'kubeStateMetrics.standalone': true },
      ...LIMIT,
      maximum: 2,
      default: 1,
      description: 'Two survive the loss of a node, and double what Prometheus stores of it.',
    },
    scrape: { requires: { 'kubeStateMetrics.standalone': true }, ...SCRAPED_BY, default: 'monitor' },
    interval: {
      requires: { 'kubeStateMetrics.standalone': true },
      ...PROMETHEUS_DURATION,
      type: ['string', 'null'],
      default: null,
      description: 'How often it is scraped; null: scrape.interval.',
    },
    resources: { ...requests('100m', '256Mi'), requires: { 'kubeStateMetrics.standalone': true } },
  },
} as const;

/** Its sections of the configuration. */
export const SETTINGS = { kubeStateMetrics: KUBE_STATE_METRICS };

/** Sections of others that it reads. */
export const READS = { targets: TARGETS, cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS, flows: FLOWS };

/** The part of the configuration that the component sees. */
export type KubeStateMetricsConfig = Slice<typeof SETTINGS & typeof READS>;
