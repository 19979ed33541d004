import { type SampledSeries, samplesOf } from '../../bench/samples.ts';
import type { Scrape } from '../../bench/scrape.ts';
import type { Timeline } from '../../bench/timeline.ts';
import { clusterWith, connect, end, OUTSIDE, PODS } from './handmade-cluster.ts';

/** Two connections: web to db over zones, and one from outside. */
export const cluster = clusterWith([
  connect(end(PODS.web), end(PODS.db), 1, 2),
  connect(OUTSIDE, end(PODS.near), 4, 8),
]);
/** That cluster, unchanged. */
export const steady: Timeline = [{ from: 0, cluster }];

/** The series with these labels, sampled every 30 s for three minutes. */
export const sampled = (scrapes: readonly Scrape[], matching: Readonly<Record<string, string>>): SampledSeries[] =>
  samplesOf(scrapes, { step: 30, duration: 180 }).filter(({ labels }) =>
    Object.entries(matching).every(([name, value]) => labels[name] === value),
  );

/** Their values. */
export const values = (scrapes: readonly Scrape[], matching: Readonly<Record<string, string>>) =>
  sampled(scrapes, matching).map((series) => series.values);

/** The labels of the requests from web to db as db's node reports them. */
export const REQUESTS = {
  __name__: 'hubble_flows_processed_total',
  traffic_direction: 'ingress',
  subtype: 'to-endpoint',
  destination_pod: 'db-0',
  type: 'Trace',
};
