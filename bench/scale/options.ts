import { parseArgs } from 'node:util';

/** What to measure. */
export interface BenchOptions {
  readonly help: boolean;
  /** The rules on resources of workloads instead of those on flows. */
  readonly workloads: boolean;
  /** The rules and the dashboard of money instead. */
  readonly money: boolean;
  readonly pods: number;
  /** Series that the rules read: those that count each packet once. */
  readonly flows: number;
  /** Seconds between evaluations. */
  readonly interval: number;
  readonly evaluations: number;
}

export const USAGE = `Measures the generated rules and panels on a real Prometheus against the cheapest thing that could be done, and against the
queries of public write-ups; prints ratios of one run.

Usage: npm run bench -- [options]

  --pods <number>          pods of the synthetic cluster, up to 30000 (3000)
  --flows <number>         flow series that the rules read (20 for each pod)
  --workloads              the rules on resources of workloads instead
  --money                  the rules of months and the dashboard of money instead
  --interval <seconds>     evaluation interval (15, and in proportion for more than 3000 pods, at most 60)
  --evaluations <number>   evaluations of each group; the median counts (3)
  --help                   show this text
`;

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new RangeError(`--${option}: got ${JSON.stringify(text)}, expected a whole number from 1 to ${most}`);
}

/** @throws Error that names the option and what it expects. */
export function parseBenchOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', default: false },
      workloads: { type: 'boolean', default: false },
      money: { type: 'boolean', default: false },
      pods: { type: 'string', default: '3000' },
      flows: { type: 'string' },
      interval: { type: 'string' },
      evaluations: { type: 'string', default: '3' },
    },
  });
  const pods = whole('pods', values.pods, 30_000);
  const interval = Math.min(60, Math.max(15, Math.ceil((15 * pods) / 3000)));
  return {
    help: values.help,
    workloads: values.workloads,
    money: values.money,
    pods,
    flows: values.flows === undefined ? 20 * pods : whole('flows', values.flows, 2_000_000),
    interval: values.interval === undefined ? interval : whole('interval', values.interval, 600),
    evaluations: whole('evaluations', values.evaluations, 50),
  };
}
