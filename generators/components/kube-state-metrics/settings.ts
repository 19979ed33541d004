import { CHART_VERSION, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import { count, flag, inUnit, namespace, requests, section, value, when } from '../../schema/settings.ts';
import { CONTROL_PLANE } from '../../control-plane/index.ts';
import { WORKLOADS } from '../../identity/index.ts';
import { CLUSTER, MONITORS, SCRAPE, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { scrapedBy } from '../../shared/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';

const STANDALONE = { 'kubeStateMetrics.standalone': true };

/** kube-state-metrics from its own chart. */
export const KUBE_STATE_METRICS = section('kube-state-metrics without kube-prometheus-stack.', {
  standalone: flag(false, 'Whether to write values for its own chart; otherwise kube-prometheus-stack installs it.'),
  version: when(STANDALONE, value(CHART_VERSION, '8.4.0', 'Version of the chart kube-state-metrics; 5.17.0 or newer.')),
  namespace: when(STANDALONE, namespace('monitoring', 'its pods')),
  replicas: when(
    STANDALONE,
    inUnit('pods', count(1, 'Two survive the loss of a node, but double the series in Prometheus.', { maximum: 2 })),
  ),
  scrape: when(STANDALONE, scrapedBy('monitor')),
  interval: when(
    STANDALONE,
    value(
      { ...PROMETHEUS_DURATION, type: ['string', 'null'] },
      null,
      'Scrape interval, at most 5m; null: scrape.interval.',
    ),
  ),
  resources: when(STANDALONE, requests('100m', '256Mi')),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { kubeStateMetrics: KUBE_STATE_METRICS };
export const READS = {
  targets: TARGETS,
  cluster: CLUSTER,
  scrape: SCRAPE,
  monitors: MONITORS,
  flows: FLOWS,
  workloads: WORKLOADS,
  controlPlane: CONTROL_PLANE,
};
export type KubeStateMetricsConfig = Slice<typeof SETTINGS & typeof READS>;
