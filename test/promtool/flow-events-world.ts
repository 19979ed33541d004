import { createRandom } from '../../bench/random.ts';
import type { InputSeries } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { type Exported, HUBBLE } from './flow-events-input.ts';
import { ABSENT, holding, type Level } from './pipeline-input.ts';

/** Minutes of the world; the last scrape is half a minute before the evaluation. */
const MINUTES = 7;
export const AT = `${MINUTES}m`;
const WINDOW_SECONDS = 300;
/** The first scrape within the window, and the minutes between its first scrape and its last. */
const FIRST = 2;
const SPAN_SECONDS = 60 * (MINUTES - 1 - FIRST);

/** A counter that one target exports: what it holds in each minute, from some minute on. */
interface Counter {
  readonly metric: string;
  readonly agent: Labels;
  readonly labels: Labels;
  readonly values: readonly (number | undefined)[];
  /** What is counted: events that were handled, losses of a type, or neither. */
  readonly counts: 'seen' | 'lost' | 'other';
  readonly type: string;
}

/** Places where two agents of one name, or two scrapes of one agent, can be mistaken for another. */
const AGENTS = ['one', 'two'].flatMap((cluster) => ['a', 'b', 'c', 'd'].map((instance) => ({ cluster, instance })));
const SCRAPES = ['j', 'k'].flatMap((job) => ['p', 'q'].map((pod) => ({ job, pod })));

/** Growth by minute: steady, bending, over before the end, or none. */
const GROWTHS = [
  [20, 20, 20, 20, 20, 20, 20],
  [50, 40, 30, 20, 0, 4, 6],
  [12, 12, 12, 12, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [1, 0, 1, 1, 0, 0, 1],
];

/** A counter that is older than the world. */
const old = (growth: readonly number[], scale: number): number[] => {
  let value = 1000;
  return growth.map((by) => (value += by * scale));
};

/** A counter that is first scraped in that minute, and never grows. */
const born = (minute: number, value: number) =>
  Array.from({ length: MINUTES }, (_, index) => (index < minute ? undefined : value));

/**
 * Counters of some agents as a source exports them: several scrapes and pods of one agent, agents without losses, counters that begin with
 * their first loss, agents that are new themselves, and what is neither handled nor lost.
 */
export function agentsOf({ seen, lost, others }: Exported, seed: number): readonly Counter[] {
  const random = createRandom(seed);
  const growth = (scale: number) => old(GROWTHS[random.int(0, GROWTHS.length - 1)] ?? [], scale * random.int(1, 5));
  const [metric, seenLabels] = seen;
  return AGENTS.flatMap((agent): Counter[] => {
    // New to Prometheus in the first minute of the window, or later; then so is everything that it counts.
    const since = random.int(0, 3) === 0 ? random.int(FIRST, FIRST + 1) : 0;
    const silent = random.int(0, 3) === 0;
    return SCRAPES.flatMap((scrape): Counter[] => {
      const own = { ...agent, ...scrape };
      const handled = since > 0 ? born(since, 5000) : growth(30);
      const losses = lost.flatMap(([type, counter, labels]): Counter[] => {
        if (silent || random.int(0, 2) === 0) return [];
        const isNew = since > 0 || random.int(0, 2) === 0;
        const values = isNew ? born(random.int(Math.max(since, FIRST), MINUTES - 1), random.int(1, 900)) : growth(1);
        return [{ metric: counter, agent: own, labels, values, counts: 'lost', type }];
      });
      const rest = others.map(([counter, labels]): Counter => {
        const values = since > 0 || random.int(0, 2) === 0 ? born(Math.max(since, FIRST), 7000) : growth(100);
        return { metric: counter, agent: own, labels, values, counts: 'other', type: '' };
      });
      const first: Counter = { metric, agent: own, labels: seenLabels, values: handled, counts: 'seen', type: '' };
      return [...(random.int(0, 3) === 0 ? [] : [first]), ...losses, ...rest];
    });
  });
}

/**
 * An agent that has hardly anything to do, as the share needs no least rate; one that only loses; one that has handled nothing; and one
 * that is new in the window, with losses that may be old.
 */
export function quietAgents({ seen, lost }: Exported): readonly Counter[] {
  const [metric, seenLabels] = seen;
  const [type, counter, labels] = lost[0] ?? ['', '', {}];
  const at = (instance: string): Labels => ({ cluster: 'one', instance, job: 'j', pod: 'p' });
  const one = (instance: string, counts: 'seen' | 'lost', growth: number): Counter => ({
    ...(counts === 'seen' ? { metric, labels: seenLabels, type: '' } : { metric: counter, labels, type }),
    agent: at(instance),
    counts,
    values: old(
      Array.from({ length: MINUTES }, () => growth),
      1,
    ),
  });
  return [
    one('quiet', 'seen', 9),
    one('quiet', 'lost', 1),
    one('losing', 'lost', 3),
    one('losing', 'seen', 0),
    one('blind', 'lost', 2),
    one('idle', 'seen', 0),
    one('at-rest', 'seen', 0),
    one('at-rest', 'lost', 0),
    { ...one('new', 'seen', 0), values: born(FIRST, 5000) },
    { ...one('new', 'lost', 0), values: born(FIRST + 1, 77) },
  ];
}

export const seriesOf = (counters: readonly Counter[]): readonly InputSeries[] =>
  counters.map(({ metric, agent, labels, values }) =>
    holding(
      metric,
      { ...agent, node: agent['instance'] ?? '', ...labels },
      values.map((value): Level => value ?? ABSENT),
    ),
  );

/** What a record must hold. */
export type Expected = readonly (readonly [Labels, number])[];

const keyOf = (labels: Labels): string => JSON.stringify(labels);

/** Of each agent, the scrape that counts most: two scrapes of one agent see the same. */
function largest(rates: readonly (readonly [labels: Labels, job: string, rate: number])[]): Expected {
  const sums = new Map<string, Map<string, number>>();
  for (const [labels, job, rate] of rates) {
    const jobs = sums.get(keyOf(labels)) ?? new Map<string, number>();
    sums.set(keyOf(labels), jobs.set(job, (jobs.get(job) ?? 0) + rate));
  }
  return [...sums].map(([key, jobs]) => [JSON.parse(key) as Labels, Math.max(...jobs.values())]);
}

/** What the agents of a source handled and lost, as its counters tell. */
export function eventsOf(source: string, { begins }: Exported, counters: readonly Counter[]) {
  const place = ({ cluster = '', instance = '' }: Labels): Labels => ({ cluster, instance, source });
  const [handled = ''] = counters.flatMap(({ counts, metric }) => (counts === 'seen' ? [metric] : []));
  const longThere = new Set(
    counters.flatMap(({ metric, agent, values }) =>
      metric === handled && values[FIRST - 1] !== undefined ? [keyOf(place(agent))] : [],
    ),
  );
  /** Per second; undefined where nothing can be said yet. */
  const rateOf = ({ metric, agent, counts, values }: Counter): number | undefined => {
    const last = values.at(-1) ?? 0;
    const before = values[FIRST - 1];
    // All that a new counter holds was lost since the agent was last seen without it.
    const beginsWithLoss = counts === 'lost' && begins === true && metric !== HUBBLE;
    if (before === undefined && beginsWithLoss && longThere.has(keyOf(place(agent)))) return last / WINDOW_SECONDS;
    if (values.slice(FIRST).filter((value) => value !== undefined).length < 2) return undefined;
    return (last - (values[FIRST] ?? last)) / SPAN_SECONDS;
  };
  const rates = (kind: Counter['counts']) =>
    largest(
      counters.flatMap((counter) => {
        const rate = counter.counts === kind ? rateOf(counter) : undefined;
        if (rate === undefined) return [];
        const labels = { ...place(counter.agent), ...(kind === 'lost' && { type: counter.type }) };
        return [[labels, counter.agent['job'] ?? '', rate] as const];
      }),
    );
  return { seen: rates('seen'), lost: rates('lost') };
}

/** Shares of what agents lost and handled, by type; 0 of type none where an agent has lost nothing yet. */
export function sharesOf({ seen, lost }: { readonly seen: Expected; readonly lost: Expected }): Expected {
  const agentOf = ({ type: _type, ...agent }: Labels) => keyOf(agent);
  const totals = new Map<string, number>();
  for (const [labels, rate] of [...seen, ...lost])
    totals.set(agentOf(labels), (totals.get(agentOf(labels)) ?? 0) + rate);
  const losing = new Set(lost.map(([labels]) => agentOf(labels)));
  const none: Expected = seen.flatMap(([labels]) =>
    losing.has(agentOf(labels)) ? [] : [[{ ...labels, type: 'none' }, 0] as const],
  );
  return [...lost, ...none].flatMap(([labels, rate]) => {
    const total = totals.get(agentOf(labels)) ?? 0;
    return total > 0 ? [[labels, rate / total] as const] : [];
  });
}
