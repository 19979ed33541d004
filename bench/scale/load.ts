import type { Cluster } from '../model.ts';
import { samplesOf, type SampledSeries } from '../samples.ts';
import { scrapeOf } from '../scrape.ts';
import type { SourceId } from '../sources/index.ts';
import { targetsOf } from '../targets.ts';
import { remoteWrite } from '../remote-write.ts';

/** What was loaded. */
export interface Loaded {
  /** Series of flows, all observations of each packet included. */
  readonly flowSeries: number;
  /** Series of all other metrics. */
  readonly otherSeries: number;
  readonly seconds: number;
}

/** Which time the samples cover, in Unix seconds, and how far they are apart. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly step: number;
}

const BATCH = 5000;

const written = ({ labels, values }: SampledSeries, { from, step }: Span) => ({
  labels,
  samples: values.flatMap((value, index) =>
    typeof value === 'number' ? [{ value, milliseconds: Math.round((from + index * step) * 1000) }] : [],
  ),
});

/** Writes everything that the exporters of a cluster would have been scraped for, target by target. */
export async function load(
  url: string,
  cluster: Cluster,
  span: Span,
  sources: readonly SourceId[] = ['retina-hubble'],
): Promise<Loaded> {
  const started = performance.now();
  let [flowSeries, otherSeries] = [0, 0];
  let batch: ReturnType<typeof written>[] = [];
  const options = {
    sources,
    aggregation: 'high',
    eventsPerPacket: 1,
    kubeStateMetricsReplicas: 1,
  } as const;
  for (const target of targetsOf(cluster, options)) {
    const sampled = samplesOf([scrapeOf(target)], { step: span.step, duration: span.until - span.from, whole: true });
    for (const series of sampled) {
      if (series.labels['__name__'] === 'hubble_flows_processed_total') flowSeries += 1;
      else otherSeries += 1;
      batch.push(written(series, span));
      if (batch.length < BATCH) continue;
      await remoteWrite(url, batch);
      batch = [];
    }
  }
  if (batch.length > 0) await remoteWrite(url, batch);
  return { flowSeries, otherSeries, seconds: (performance.now() - started) / 1000 };
}
