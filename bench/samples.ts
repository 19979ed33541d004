import { groupBy } from './group.ts';
import { isAliveAt, keyOfLabels, type Labels, type Series, valueAt } from './model.ts';
import { type Scrape, storedLabels } from './scrape.ts';

/** One value of a series: nothing was scraped, or the marker that the series is gone, or a number. */
export type SampleValue = number | 'stale' | undefined;

/** A series as Prometheus stores it, with one value for each step. */
export interface SampledSeries {
  /** With the name of the metric as `__name__`. */
  readonly labels: Labels;
  readonly values: readonly SampleValue[];
}

/** When to scrape, in seconds. */
export interface Sampling {
  /** Distance of scrapes. */
  readonly step: number;
  /** Time of the last scrape; the first one is at 0. */
  readonly duration: number;
  /** Counters grow by whole numbers only, as they do when scraped; false by default, as exact values test better. */
  readonly whole?: boolean;
}

/** Scrapes everything at every step. */
export function samplesOf(scrapes: readonly Scrape[], sampling: Sampling): SampledSeries[] {
  return scrapes.flatMap((scrape) => {
    const series = scrape.families.flatMap((family) => family.series);
    // Segments of one series, one after the other.
    const segments = groupBy(series, ({ metric, labels }) => metric + keyOfLabels(labels));
    return [...segments.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const labels = { __name__: first.metric, ...storedLabels(first.labels, scrape) };
      return [{ labels, values: valuesOf(group, scrape, sampling) }];
    });
  });
}

function valuesOf(
  segments: readonly Series[],
  scrape: Scrape,
  { step, duration, whole = false }: Sampling,
): SampleValue[] {
  const times = Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
  let wasThere = false;
  return times.map((time) => {
    const outage = scrape.outages.find((candidate) => isAliveAt(candidate, time));
    if (outage?.down === 'prometheus') {
      wasThere = false;
      return undefined;
    }
    const isScraped = isAliveAt(scrape, time) && outage === undefined;
    const segment = isScraped ? segments.find((candidate) => isAliveAt(candidate, time)) : undefined;
    const before = wasThere;
    wasThere = segment !== undefined;
    if (segment === undefined) return before ? 'stale' : undefined;
    return whole ? valueAt(segment, time) : segment.start + segment.perSecond * time;
  });
}

/** A series and its values in the notation of `promtool test rules`. */
export function promtoolSeries({ labels, values }: SampledSeries): { series: string; values: string } {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return { series: `${name}{${pairs.join(', ')}}`, values: values.map((value) => value ?? '_').join(' ') };
}
