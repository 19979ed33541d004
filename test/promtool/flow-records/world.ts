import { createRandom, type Random } from '../../../bench/random.ts';
import { groupsOf } from '../../../mutation/rules.ts';
import { generate, RULES } from '../../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../../support/rule-test.ts';

export type Labels = Readonly<Record<string, string>>;
export type Side = 'source' | 'destination';
export const SIDES: readonly Side[] = ['source', 'destination'];

/** When the records are read; the window of rates begins at minute 6, and what describes something is remembered since minute 1. */
const MINUTES = 11;
const AT = `${MINUTES}m`;
/** Distance of samples in seconds. */
const STEP = 30;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Labels as Prometheus keeps them: without empty ones. */
const canonical = (labels: Labels): [string, string][] =>
  Object.entries(labels)
    .filter(([, value]) => value !== '')
    .toSorted(([one], [other]) => (one < other ? -1 : 1));

/** One text for each set of labels. */
export const keyOf = (labels: Labels): string => JSON.stringify(canonical(labels));

/** Values by set of labels. */
export class Tally {
  readonly #found = new Map<string, Sample>();
  #put(labels: Labels, join: (before: number | undefined) => number): void {
    const key = keyOf(labels);
    this.#found.set(key, { labels: Object.fromEntries(canonical(labels)), value: join(this.#found.get(key)?.value) });
  }
  add(labels: Labels, value: number): this {
    this.#put(labels, (before = 0) => before + value);
    return this;
  }
  raise(labels: Labels, value: number): this {
    this.#put(labels, (before = value) => Math.max(before, value));
    return this;
  }
  get(labels: Labels): number | undefined {
    return this.#found.get(keyOf(labels))?.value;
  }
  get samples(): readonly Sample[] {
    return [...this.#found.values()];
  }
}

/** The labels with these names, of a set. */
export const pick = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.map((name) => [name, labels[name] ?? '']));

/**
 * A counter with this rate in the window and another in every part of it: so a shorter window, or the last two samples, say something else. By
 * their place in a list, some are of agents that restart in between, and some of traffic that ends soon.
 */
export function counter(metric: string, labels: Labels, rate: number, place = 1): InputSeries {
  const [early, late] = place % 5 === 0 ? [20, 180] : [140, 300];
  const bent = `${60 * rate}+${60 * rate}x1 ${early * rate}+${20 * rate}x6 ${late * rate}`;
  return { series: seriesText(metric, labels), values: `0x12 ${place % 5 === 2 ? `${300 * rate}x9` : bent}` };
}

/** A counter that rises at once, by so much. */
export const jump = (metric: string, labels: Labels, by: number): InputSeries => ({
  series: seriesText(metric, labels),
  values: `0x13 ${by}x8`,
});

/** Counters that say nothing about the window: one ended before it, and one has a single sample. */
export const silent = (metric: string, labels: Labels): InputSeries[] => [
  { series: seriesText(metric, { ...labels, instance: 'ended' }), values: '0+9000x10' },
  { series: seriesText(metric, { ...labels, instance: 'new' }), values: `_x${(MINUTES * 60) / STEP} 9000` },
];

/** A series that describes something. */
export const info = (name: string, labels: Labels, value = 1): InputSeries => ({
  series: seriesText(name, labels),
  values: `${value}x${(MINUTES * 60) / STEP}`,
});

/** The same, with one sample: after 90 seconds it is remembered for as long as it can be, after 30 it is forgotten. */
export const lastSeen = (name: string, labels: Labels, seconds: 30 | 90): InputSeries => ({
  series: seriesText(name, labels),
  values: `_x${seconds / STEP} 1`,
});

const expected = (expr: string, samples: readonly Sample[]): ExpressionTest => ({
  expr,
  eval_time: AT,
  exp_samples: samples.map(({ labels: { __name__ = '', ...labels }, value }) => ({
    labels: seriesText(__name__, labels),
    value,
  })),
});

/** A record holds these series, and no others. */
export const holds = (record: string, samples: readonly Sample[]): ExpressionTest =>
  expected(
    record,
    samples.map(({ labels, value }) => ({ labels: { __name__: record, ...labels }, value })),
  );

const PLACES = 6;

/** The same to a millionth, where shares are multiplied. */
export const holdsRoughly = (record: string, samples: readonly Sample[]): ExpressionTest =>
  expected(
    `round(${record}, 1e-${PLACES})`,
    // As Prometheus rounds.
    samples.map(({ labels, value }) => ({ labels, value: Math.floor(value * 10 ** PLACES + 0.5) / 10 ** PLACES })),
  );

/** Everything that `npm run mutate` changes. */
const ALL = { zones: { valid: '.*[^0-9].*' }, targets: ['prometheus'] };

/** What is recorded between the flows and pairs of workloads, but for who ends are and where. */
const RECORDS =
  /^(?:(?:agent_)?endpoint_pair|(?:source|destination)_endpoint|workload_pair|zone_pair):network_(?:bytes|packets|flows)(?:_(?!identity)[a-z_]+)?:rate/;

/** The rules of a source that record this, but for some that are given; what they read besides is given. */
export function rulesOf(source: string, given = /^$/): string {
  const text = generate({ ...ALL, flows: { source } }).file(RULES.zoneTraffic);
  const groups = groupsOf(text).map(({ name, rules }) => ({
    name,
    rules: rules.filter(({ record = '' }) => RECORDS.test(record) && !given.test(record)),
  }));
  return JSON.stringify({ groups: groups.filter(({ rules }) => rules.length > 0) });
}

/** Evaluates rules once over some series. */
export const expectRecords = async (
  name: string,
  rules: string,
  input_series: readonly InputSeries[],
  promql_expr_test: readonly ExpressionTest[],
): Promise<void> => testRules([rules], [{ name, interval: `${STEP}s`, input_series, promql_expr_test }], AT);

/** One of a list that is written out; `undefined` never comes up. */
export const oneOf = (random: Random, ...values: readonly string[]): string =>
  values[random.int(0, values.length - 1)] ?? '';

/** What Prometheus makes of a rate: it multiplies what came within the window. */
export const measured = (rate: number): number => 300 * rate * (1 / 300);

/** Rates that come out as they are, some of them 0: then sums are exact. */
const EXACT = Array.from({ length: 400 }, (_, index) => String(index / 2)).filter(
  (text) => measured(Number(text)) === Number(text),
);
export const anyRate = (random: Random): number => (happens(random, 8) ? 0 : Number(oneOf(random, ...EXACT)));

/** Whether something happens that does so often, in percent. */
export const happens = (random: Random, percent: number): boolean => random.int(1, 100) <= percent;

/** Series of counters, each set of labels once. */
export function uniqueBy<T>(items: readonly T[], labelsOf: (item: T) => Labels): readonly T[] {
  const known = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(labelsOf(item));
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

export { createRandom, type Random };
