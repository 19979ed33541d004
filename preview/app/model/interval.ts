/** Grafana's intervals in milliseconds, each with the length below which it is the next best. */
const STEPS: readonly (readonly [below: number, interval: number])[] = [
  [10, 1],
  [15, 10],
  [35, 20],
  [75, 50],
  [150, 100],
  [350, 200],
  [750, 500],
  [1500, 1000],
  [3500, 2000],
  [7500, 5000],
  [12_500, 10_000],
  [17_500, 15_000],
  [25_000, 20_000],
  [45_000, 30_000],
  [90_000, 60_000],
  [210_000, 120_000],
  [450_000, 300_000],
  [750_000, 600_000],
  [1_050_000, 900_000],
  [1_500_000, 1_200_000],
  [2_700_000, 1_800_000],
  [5_400_000, 3_600_000],
  [9_000_000, 7_200_000],
  [16_200_000, 10_800_000],
  [32_400_000, 21_600_000],
  [86_400_000, 43_200_000],
  [604_800_000, 86_400_000],
  [1_814_400_000, 604_800_000],
  [3_628_800_000, 2_592_000_000],
];

/** One year: what is left when nothing of the table is long enough. */
const LONGEST = 31_536_000_000;

const rounded = (ms: number): number => STEPS.find(([below]) => ms < below)?.[1] ?? LONGEST;

/**
 * The time between two points of a graph in milliseconds: the time range over the points that fit, rounded to an interval that people
 * use, and never shorter than the least one. As Grafana's `rangeUtil.calculateInterval` does.
 */
export const intervalMs = (rangeMs: number, maxDataPoints: number, minIntervalMs: number): number =>
  Math.max(rounded(rangeMs / maxDataPoints), minIntervalMs);
