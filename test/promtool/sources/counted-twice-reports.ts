import type { InputSeries } from '../../support/rule-test.ts';
import type { Labels } from '../allowances-input.ts';
import { counting } from '../pipeline-input.ts';
import { bent, type Growth, inWindow, over, steady } from './counted-twice-views.ts';

/** What one agent reports of a pair, in one of its series. */
interface Report {
  readonly agent: string;
  readonly growth: Growth;
  readonly labels?: Labels;
}

export interface ReportedPair {
  readonly labels: Labels;
  readonly reports: readonly Report[];
  /** Set where it is no pair of pods or nodes, or where an end has no name. */
  readonly isNobody?: true;
}

const by = (agent: string, growth: Growth, labels: Labels = {}): Report => ({ agent, growth, labels });

/** Pairs that collide in all labels but one, and whatever else can be mistaken for a pair that two agents report. */
export function reportedPairs(pair: Labels, nobody: readonly Labels[]): readonly ReportedPair[] {
  const keys = Object.keys(pair);
  const names = keys.filter((key) => key !== 'cluster' && !key.endsWith('_type'));
  const named = (name: string): Labels => ({ ...pair, ...Object.fromEntries(names.map((key) => [key, name])) });
  return [
    // One agent sees both directions of the call, on two ports; all of it is less than one in a second.
    {
      labels: pair,
      reports: [
        by('a', bent(1), { direction: 'egress', instance: 'one' }),
        by('a', steady(4), { direction: 'ingress', instance: 'two' }),
        by('b', steady(5), { instance: 'two' }),
      ],
    },
    { labels: named('busy'), reports: [by('a', steady(170)), by('b', steady(130)), by('c', bent(60))] },
    // An agent that no longer sees it, for minutes or for longer.
    { labels: named('over'), reports: [by('a', over(13)), by('b', steady(11))] },
    { labels: named('idle'), reports: [by('a', steady(0)), by('b', steady(19))] },
    { labels: named('two-of-three'), reports: [by('a', steady(0)), by('b', steady(23)), by('c', steady(29))] },
    // One agent only, under either name of its target.
    {
      labels: named('alone'),
      reports: [by('a', steady(31), { instance: 'one' }), by('a', steady(37), { instance: 'two' })],
    },
    // Each label in turn is another one.
    ...keys.map((key, index): ReportedPair => ({
      labels: { ...pair, [key]: key.endsWith('_type') ? 'Node' : 'there' },
      reports: [by('a', steady(41 + index))],
    })),
    { labels: { ...pair, cluster: 'other' }, reports: [by('a', steady(53))] },
    ...nobody.map((labels, index): ReportedPair => ({
      labels: { ...named(`nobody-${index}`), ...labels },
      reports: [by('a', steady(43)), by('b', steady(61 + index))],
      isNobody: true,
    })),
    { labels: { ...named('other'), cluster: 'other' }, reports: [by('a', steady(3)), by('b', steady(2))] },
    { labels: { ...named('none'), cluster: 'none' }, reports: [by('a', steady(3))] },
  ];
}

/** The series of these pairs. */
export const seriesOfReports = (id: string, metric: string, pairs: readonly ReportedPair[]): readonly InputSeries[] =>
  pairs.flatMap(({ labels, reports }) =>
    reports.map((report) =>
      counting(metric, { ...labels, [`${id}_ip`]: report.agent, ...report.labels }, report.growth),
    ),
  );

/** The ratio of each cluster: of all pairs that two agents or more have seen, the smallest reports over the largest. */
export function ratiosOfReports(pairs: readonly ReportedPair[]): ReadonlyMap<string, number> {
  const sums = new Map<string, { least: number; most: number }>();
  for (const { labels, reports, isNobody } of pairs) {
    const byAgent = new Map<string, number>();
    for (const { agent, growth } of reports) byAgent.set(agent, (byAgent.get(agent) ?? 0) + inWindow(growth));
    const seen = [...byAgent.values()].filter((total) => total > 0);
    if (seen.length < 2 || isNobody === true) continue;
    const { cluster = '' } = labels;
    const { least, most } = sums.get(cluster) ?? { least: 0, most: 0 };
    sums.set(cluster, { least: least + Math.min(...seen), most: most + Math.max(...seen) });
  }
  return new Map([...sums].map(([cluster, { least, most }]) => [cluster, least / most]));
}
