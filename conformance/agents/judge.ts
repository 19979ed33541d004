import { judge, type Judgement } from '../shared/judge.ts';
import type { RecordedSeries, Recording } from '../shared/recording.ts';
import type { Verdict } from '../shared/report.ts';
import type { Agent } from './agent.ts';
import type { TrafficCase } from './cases.ts';
import { reasonFor } from './limits.ts';

/** What became of a case: inconclusive where the agent says itself that it lost events. */
export type Outcome =
  { readonly kind: 'judged'; readonly verdict: Verdict } | { readonly kind: 'inconclusive'; readonly reason: string };

/** A series as text, for messages. */
const shown = ({ node, metric, labels, change }: RecordedSeries): string => {
  const list = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${metric}${list.length === 0 ? '' : `{${list.join(',')}}`} on ${node} rose by ${change}`;
};

/** Counters of an agent that say that it lost something in this round. */
export const lossesIn = ({ series }: Pick<Recording, 'series'>, { losses }: Pick<Agent, 'losses'>): readonly string[] =>
  series.filter(({ metric, change }) => change > 0 && losses.some((pattern) => pattern.test(metric))).map(shown);

const table = ({ rows }: Judgement): string =>
  rows
    .map(({ traffic, truth, reported, counted }) => `${traffic}: ${counted} of ${truth} counted, ${reported} reported`)
    .join('; ');

/** Holds a recording against the rules. Deviations that a known limit explains pass, with their sizes; all others fail. */
export async function judged(agent: Agent, one: TrafficCase, recording: Recording): Promise<Outcome> {
  const lost = lossesIn(recording, agent);
  if (lost.length > 0) return { kind: 'inconclusive', reason: lost.slice(0, 3).join(', ') };
  const judgement = await judge(recording);
  const deviations = Object.entries(judgement.deviations).map(([what, by]) => ({
    text: `${what}: off by ${by}`,
    reason: reasonFor(agent.source, one, what, by),
  }));
  const known = deviations.flatMap(({ text, reason }) => (reason === undefined ? [] : [`${text}. ${reason}`]));
  const problems = deviations.flatMap(({ text, reason }) => (reason === undefined ? [text] : []));
  return {
    kind: 'judged',
    verdict: { what: `${agent.id} ${one.name}`, found: table(judgement), problems, notes: known },
  };
}
