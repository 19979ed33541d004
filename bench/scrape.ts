import type { Labels, Lifetime, MetricFamily } from './model.ts';
import type { Target } from './targets.ts';

/**
 * A while without scrapes. When the target is down, Prometheus marks its series stale; when Prometheus is down itself,
 * it does not, and afterwards does not know what it scraped before.
 */
export interface Outage {
  readonly from: number;
  readonly until: number;
  readonly down: 'target' | 'prometheus';
}

/** A target as Prometheus scrapes it, from when to when; its series are marked stale at the end. */
export interface Scrape extends Lifetime {
  /** Labels of the target, `job` and `instance` included. */
  readonly labels: Labels;
  readonly honorLabels: boolean;
  readonly families: readonly MetricFamily[];
  readonly outages: readonly Outage[];
}

/** A target of the server as Prometheus would scrape it, under another job name if told. */
export function scrapeOf(target: Target, job: string = target.job): Scrape {
  return {
    labels: { ...target.labels, job },
    honorLabels: target.honorLabels,
    families: target.families(),
    outages: [],
  };
}

/**
 * Labels of a series as Prometheus stores them: empty ones left out; where a target has a label of the same name, that
 * wins and the series' own becomes `exported_<name>`, or the other way round with honor_labels.
 */
export function storedLabels(
  labels: Labels,
  { labels: target, honorLabels }: Pick<Scrape, 'labels' | 'honorLabels'>,
): Labels {
  const own = Object.entries(labels).filter(([, value]) => value !== '');
  const renamed = own.map(
    ([name, value]) => [name in target && !honorLabels ? `exported_${name}` : name, value] as const,
  );
  return { ...target, ...Object.fromEntries(renamed) };
}
