import { CHART_VERSION, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import { requests, SECTION } from '../../schema/settings.ts';
import { CLUSTER, MONITORS, SCRAPE } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { podNamespace, POSITIVE, SCRAPED_BY } from '../../shared/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';

const requires = { 'kubeStateMetrics.standalone': true } as const;

/** kube-state-metrics from its own chart. */
export const KUBE_STATE_METRICS = {
  ...SECTION,
  description: 'kube-state-metrics without kube-prometheus-stack.',
  properties: {
    standalone: {
      type: 'boolean',
      default: false,
      description: 'Whether to write values for its own chart; otherwise kube-prometheus-stack installs it.',
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
      description: 'Two survive the loss of a node, but double the series in Prometheus.',
    },
    scrape: { requires, ...SCRAPED_BY, default: 'monitor' },
    interval: {
      requires,
      ...PROMETHEUS_DURATION,
      type: ['string', 'null'],
      default: null,
      description: 'Scrape interval; null: scrape.interval.',
    },
    resources: { ...requests('100m', '256Mi'), requires },
  },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { kubeStateMetrics: KUBE_STATE_METRICS };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, monitors: MONITORS, flows: FLOWS };
export type KubeStateMetricsConfig = Slice<typeof SETTINGS & typeof READS>;
