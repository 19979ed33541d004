import type { PrometheusApi, RangeSeries } from '../../bench/prometheus-api.ts';
import type { Steps } from './recording.ts';

/** Parts of the time that are evaluated side by side: Prometheus spends one processor on a query. */
const PARTS = 2;

/** Evaluates a query at all steps, like one range query, only sooner. */
export async function evaluate(
  prometheus: Pick<PrometheusApi, 'range'>,
  expr: string,
  { from, until, step }: Steps,
): Promise<readonly RangeSeries[]> {
  const perPart = Math.ceil((until - from) / step / PARTS + 1) * step;
  const starts = Array.from({ length: PARTS }, (_, part) => from + part * perPart).filter((start) => start <= until);
  const answers = await Promise.all(
    starts.map((start) => prometheus.range(expr, start, Math.min(until, start + perPart - step), step)),
  );
  return joined(answers.map(({ series }) => series));
}

/** Series of consecutive times as one. */
function joined([first = [], ...others]: readonly (readonly RangeSeries[])[]): readonly RangeSeries[] {
  const byLabels = new Map(first.map((series) => [JSON.stringify(series.metric), series]));
  for (const { metric, values } of others.flat()) {
    const key = JSON.stringify(metric);
    byLabels.set(key, { metric, values: [...(byLabels.get(key)?.values ?? []), ...values] });
  }
  return [...byLabels.values()];
}
