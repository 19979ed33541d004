import type { Labels, MetricFamily, Series } from '../model.ts';
import type { Outage, Scrape } from '../scrape.ts';
import type { Change, ScrapeFault } from './change.ts';

/** Which scrapes something happens to. */
export type Affects = (scrape: Scrape) => boolean;

/** A second kube-state-metrics, as when one is rolled out: each that there is gets a copy under another instance. */
export function secondKubeStateMetrics(scrapes: readonly Scrape[], change: Change): ScrapeFault {
  const copies = scrapes
    .filter(({ labels }) => labels['job'] === 'kube-state-metrics')
    .map((scrape) => {
      const name = `${scrape.labels['instance'] ?? ''}-second`;
      return { ...scrape, ...change, labels: { ...scrape.labels, instance: name, pod: name } };
    });
  return { scrapes: [...scrapes, ...copies], change };
}

/** Agents restart: all their counters begin at 0 again. */
export function agentRestarted(scrapes: readonly Scrape[], affects: Affects, at: number): ScrapeFault {
  const families = (list: readonly MetricFamily[]): MetricFamily[] =>
    list.map((family) => ({ ...family, series: family.series.flatMap((series) => resetAt(series, at)) }));
  return {
    scrapes: scrapes.map((scrape) => (affects(scrape) ? { ...scrape, families: families(scrape.families) } : scrape)),
    change: { from: at, until: at },
  };
}

function resetAt(series: Series, at: number): Series[] {
  const { from = 0, until = Infinity, perSecond } = series;
  if (perSecond === 0 || until <= at) return [series];
  const after = { ...series, start: -perSecond * at, from: Math.max(from, at), until };
  // A counter that begins later counts from where it would have; only what was there is reset.
  return from >= at ? [series] : [{ ...series, until: at }, after];
}

/**
 * Counters run ahead for a while: they show what they would show so many seconds later. Where that begins and ends within a window and
 * its ends are not touched, the rate over it stays what it was; that over a part of it, or between two samples, does not.
 */
export function runsAhead(scrapes: readonly Scrape[], affects: Affects, change: Change, seconds: number): ScrapeFault {
  const families = (list: readonly MetricFamily[]): MetricFamily[] =>
    list.map((family) => ({ ...family, series: family.series.flatMap((series) => aheadIn(series, change, seconds)) }));
  return {
    scrapes: scrapes.map((scrape) => (affects(scrape) ? { ...scrape, families: families(scrape.families) } : scrape)),
    change,
  };
}

function aheadIn(series: Series, change: Change, seconds: number): Series[] {
  const { from = 0, until = Infinity, start, perSecond } = series;
  if (perSecond === 0) return [series];
  const parts = [
    { ...series, from, until: Math.min(until, change.from) },
    {
      ...series,
      from: Math.max(from, change.from),
      until: Math.min(until, change.until),
      start: start + perSecond * seconds,
    },
    { ...series, from: Math.max(from, change.until), until },
  ];
  return parts.filter((part) => part.from < part.until);
}

/** Targets are not scraped for a while: they are down, or Prometheus is. */
export function scrapeGap(
  scrapes: readonly Scrape[],
  affects: Affects,
  change: Change,
  down: Outage['down'] = 'target',
): ScrapeFault {
  return {
    scrapes: scrapes.map((scrape) =>
      affects(scrape) ? { ...scrape, outages: [...scrape.outages, { ...change, down }] } : scrape,
    ),
    change,
  };
}

/** The cluster gets another name in the label `cluster`, on all targets at once. */
export function clusterRenamed(scrapes: readonly Scrape[], at: number, name: string): ScrapeFault {
  const named = (scrape: Scrape): Scrape => ({ ...scrape, labels: { ...scrape.labels, cluster: name } });
  return {
    scrapes: scrapes.flatMap((scrape) => {
      const { from = 0, until = Infinity } = scrape;
      if (until <= at) return [scrape];
      if (from >= at) return [named(scrape)];
      return [
        { ...scrape, until: at },
        { ...named(scrape), from: at },
      ];
    }),
    change: { from: at, until: at },
  };
}

/** Targets are scraped without honor_labels: their own labels win, and those of the series become `exported_*`. */
export const labelsNotHonoured = (scrapes: readonly Scrape[], affects: Affects): Scrape[] =>
  scrapes.map((scrape) => (affects(scrape) ? { ...scrape, honorLabels: false } : scrape));

/** Targets expose other labels, or none of some series (undefined). */
export const relabelled = (
  scrapes: readonly Scrape[],
  affects: Affects,
  labelsOf: (series: Series) => Labels | undefined,
): Scrape[] =>
  scrapes.map((scrape) => {
    if (!affects(scrape)) return scrape;
    const families = scrape.families.map((family) => ({
      ...family,
      series: family.series.flatMap((series) => {
        const labels = labelsOf(series);
        return labels === undefined ? [] : [{ ...series, labels }];
      }),
    }));
    return { ...scrape, families };
  });
