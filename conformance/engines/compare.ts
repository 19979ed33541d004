import { groupBy } from '../../bench/group.ts';
import type { InstantSample } from '../../bench/prometheus-api.ts';
import type { RecordedSeries } from '../../bench/truth.ts';

/** Agreed deviation from the truth. */
const TOLERANCE = 0.001;

/** What a record is compared with. */
export interface Expectation {
  readonly series: readonly RecordedSeries[];
  /**
   * `truth` is computed from the cluster. A `reference` is what another engine recorded, which may be off by as much in the other direction.
   * An `average` also has the first minutes, which differ: only its series are compared.
   */
  readonly kind: 'truth' | 'reference' | 'average';
}

const TOLERANCES = { truth: TOLERANCE, reference: 2 * TOLERANCE, average: Infinity } as const;

/** Labels of replicas, which queries of Thanos leave out only if they deduplicate, and the one that vmalert adds to its alerts. */
const ENGINE_LABELS = new Set(['__name__', 'prometheus_replica', 'rule_replica', 'alertgroup']);

const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(labels)
      .filter(([name, value]) => !ENGINE_LABELS.has(name) && value !== '')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Series of an engine by record name, without names. */
export const recordsOf = (samples: readonly InstantSample[]): ReadonlyMap<string, readonly RecordedSeries[]> =>
  new Map(
    [...groupBy(samples, ({ metric }) => metric['__name__'] ?? '')].map(([name, all]) => [
      name,
      all.map(({ metric, value }) => ({ labels: metric, value })),
    ]),
  );

/** Differences of one record from the truth. */
export interface Difference {
  readonly problems: readonly string[];
  /** The largest deviation, as a ratio. */
  readonly worst: number;
}

/**
 * Compares a record: no series missing, none too many, and every value within the tolerance.
 * @param scale the value that deviations are a share of, where 0 is expected; else the expected value itself.
 */
export function difference(
  name: string,
  found: readonly RecordedSeries[],
  { series, kind }: Expectation,
  scale = 0,
): Difference {
  const expected = new Map(series.map(({ labels, value }) => [keyOf(labels), value]));
  const seen = new Map(found.map(({ labels, value }) => [keyOf(labels), value]));
  const missing = [...expected.keys()].filter((key) => !seen.has(key)).map((key) => `${name}: missing ${key}`);
  const twice = found.length > seen.size ? [`${name}: ${found.length - seen.size} series twice`] : [];
  let worst = 0;
  const wrong = [...seen].flatMap(([key, value]) => {
    const right = expected.get(key);
    if (right === undefined) return [`${name}: too many, ${key} ${value}`];
    const off = value === right ? 0 : Math.abs(value - right) / Math.max(Math.abs(right), scale);
    if (off <= TOLERANCES[kind]) {
      if (kind !== 'average') worst = Math.max(worst, off);
      return [];
    }
    return [`${name}: ${key} is ${value}, expected ${right}`];
  });
  return { problems: [...missing, ...twice, ...wrong], worst };
}
