import { type InputSeries, seriesText } from '../../support/rule-test.ts';
import type { Labels } from '../allowances-input.ts';
import { counting } from '../pipeline-input.ts';

/** What a source exports of a pair from either end; written down here once more, apart from the adapters. */
export interface Views {
  readonly unit: string;
  /** The end that is compared, and the end that is read. */
  readonly peer: Exported;
  readonly read: Exported;
  /** Labels that tell pairs apart, with the names that they have in a plain pair. */
  readonly pair: Labels;
  /** Pairs with these labels are of nobody, or no pairs of pods or workloads: no view counts them. */
  readonly nobody: readonly Labels[];
  /** Observations with these labels count for neither view. */
  readonly refused: readonly Labels[];
  /** Further labels of one pair and view, both of which count. */
  readonly parts: readonly [Labels, Labels];
  /** Set where what the other end reports of one node, or of replies, is counted as well. */
  readonly completed?: string;
}

interface Exported {
  readonly metric: string;
  readonly labels: Labels;
}

/** How much a counter grows in each of the first minutes. */
export type Growth = readonly number[];

/** The evaluation, and the minutes that it sees: five scrapes are in its window, hence four differences. */
export const AT = '7m';
const SEEN = [3, 7] as const;

export const steady = (perMinute: number): Growth => Array.from({ length: 7 }, () => perMinute);
/** So much in the oldest minute of the window, and nothing afterwards. */
export const over = (growth: number): Growth => [growth, growth, growth, growth, 0, 0, 0];
/** A rate that bends within the window. */
export const bent = (scale: number): Growth => [9, 9, 9, 8, 2, 4, 1].map((growth) => growth * scale);

/** What a window holds of a growth; only ratios of these are compared. */
export const inWindow = (growth: Growth): number => growth.slice(...SEEN).reduce((sum, value) => sum + value, 0);

/** A pair and what each end reports of it, in one or more series; what is refused counts for nothing. */
export interface Pair {
  readonly labels: Labels;
  readonly peer: readonly Report[];
  readonly read: readonly Report[];
  readonly gap?: string;
}

export interface Report {
  readonly growth: Growth;
  readonly labels?: Labels;
  readonly refused?: Labels;
}

const once = (growth: Growth): readonly Report[] => [{ growth }];

/** Pairs that collide in all labels but one, and whatever else can be mistaken for a pair that both ends count. */
export function hostilePairs({ pair, nobody, refused, parts, completed }: Views): readonly Pair[] {
  const names = Object.keys(pair).filter((key) => key !== 'cluster');
  /** A pair of its own. */
  const named = (name: string): Labels => ({ ...pair, ...Object.fromEntries(names.map((key) => [key, name])) });
  const [one, two] = parts;
  return [
    // Less than one in a second, in two parts that differ.
    {
      labels: pair,
      peer: [
        { growth: bent(2), labels: one },
        { growth: steady(7), labels: two },
      ],
      read: [
        { growth: steady(5), labels: one },
        { growth: bent(3), labels: two },
      ],
    },
    { labels: named('busy'), peer: once(steady(130)), read: once(steady(110)) },
    // The last scrapes of one end saw nothing.
    { labels: named('over-there'), peer: once(over(13)), read: once(steady(11)) },
    { labels: named('over-here'), peer: once(steady(17)), read: once(over(19)) },
    // Only one end saw anything.
    { labels: named('idle-there'), peer: once(steady(0)), read: once(steady(23)) },
    { labels: named('idle-here'), peer: once(steady(29)), read: once(steady(0)) },
    // Each label in turn is another one, and only one end reports; the other cluster has pairs of its own.
    { labels: { ...pair, cluster: 'other' }, peer: once(steady(41)), read: [] },
    { labels: { ...named('busy'), cluster: 'other' }, peer: [], read: once(steady(43)) },
    ...names.flatMap((key, index): Pair[] => [
      { labels: { ...pair, [key]: 'there' }, peer: once(steady(31 + index)), read: [] },
      { labels: { ...pair, [key]: 'here' }, peer: [], read: once(steady(53 + index)) },
    ]),
    ...refused.flatMap((labels, index): Pair[] => [
      {
        labels: named(`refused-there-${index}`),
        peer: [{ growth: steady(71 + index), refused: labels }],
        read: once(steady(83 + index)),
      },
      {
        labels: named(`refused-here-${index}`),
        peer: once(steady(97 + index)),
        read: [{ growth: steady(61 + index), refused: labels }],
      },
    ]),
    ...nobody.map((labels, index): Pair => ({
      labels: { ...named(`nobody-${index}`), ...labels },
      peer: [{ growth: steady(41 + index), refused: {} }],
      read: [{ growth: steady(43 + index), refused: {} }],
    })),
    // Another cluster, with a ratio of its own; and one in which nobody counts a pair at both ends.
    { labels: { ...named('other'), cluster: 'other' }, peer: once(steady(3)), read: once(steady(2)) },
    { labels: { ...named('none'), cluster: 'none' }, peer: once(steady(0)), read: once(steady(3)) },
    ...(completed === undefined
      ? []
      : [
          ...['same_node', 'replies', 'outside'].map((gap, index): Pair => ({
            labels: named(`completed-${gap}`),
            peer: once(steady(37 + index)),
            read: once(steady(59 + index)),
            gap,
          })),
          ...Object.keys(pair).map((key): Pair => ({
            labels: { ...pair, [key]: 'local' },
            peer: [],
            read: [],
            gap: 'same_node',
          })),
        ]),
  ];
}

/** The series of these pairs. */
export function seriesOf(pairs: readonly Pair[], views: Views): readonly InputSeries[] {
  const reported = ({ metric, labels }: Exported, pair: Pair, reports: readonly Report[]) =>
    reports.map((report) =>
      counting(metric, { ...labels, ...pair.labels, ...report.labels, ...report.refused }, report.growth),
    );
  return pairs.flatMap((pair) => [
    ...reported(views.peer, pair, pair.peer),
    ...reported(views.read, pair, pair.read),
    ...(pair.gap === undefined || views.completed === undefined
      ? []
      : [{ series: seriesText(views.completed, { ...pair.labels, gap: pair.gap }), values: '1x20' }]),
  ]);
}

/**
 * The ratio of each cluster: of all pairs that both ends name and saw, what the other end counts over what is read. Pairs of which the other
 * end's reports are counted anyway are left out, but for those with the outside, where there is no other end to count twice.
 */
export function ratiosOf(pairs: readonly Pair[]): ReadonlyMap<string, number> {
  const sums = new Map<string, { peer: number; read: number }>();
  const counted = (reports: readonly Report[]) =>
    reports.reduce((sum, { growth, refused }) => sum + (refused === undefined ? inWindow(growth) : 0), 0);
  for (const pair of pairs) {
    const [peer, read] = [counted(pair.peer), counted(pair.read)];
    const isCompleted = pair.gap !== undefined && pair.gap !== 'outside';
    if (peer === 0 || read === 0 || isCompleted) continue;
    const { cluster = '' } = pair.labels;
    const sum = sums.get(cluster) ?? { peer: 0, read: 0 };
    sums.set(cluster, { peer: sum.peer + peer, read: sum.read + read });
  }
  return new Map([...sums].map(([cluster, { peer, read }]) => [cluster, peer / read]));
}
