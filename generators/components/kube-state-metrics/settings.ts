import { CHART_VERSION, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import { requests, SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { podNamespace, POSITIVE, SCRAPED_BY } from '../../shared/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';

const requires = { 'kubeStateMetrics.standalone': true } as const;

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
      requires,
      ...CHART_VERSION,
      default: '8.4.0',
      description: 'Version of the chart kube-state-metrics; 5.17.0 or newer.',
    },
    namespace: { requires, ...podNamespace('monitoring') },
    replicas: {
      requires,
      ...POSITIVE,
      maximum: 2,
      default: 1,
      description: 'Two survive the loss of a node, and double what Prometheus stores of it.',
    },
    scrape: { requires, ...SCRAPED_BY, default: 'monitor' },
    interval: {
      requires,
      ...PROMETHEUS_DURATION,
      type: ['string', 'null'],
      default: null,
      description: 'How often it is scraped; null: scrape.interval.',
    },
    resources: { ...requests('100m', '256Mi'), requires },
  },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { kubeStateMetrics: KUBE_STATE_METRICS };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS, flows: FLOWS };
export type KubeStateMetricsConfig = Slice<typeof SETTINGS & typeof READS>;
