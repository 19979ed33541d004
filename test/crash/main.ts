/**
 * Ends real builds at random moments of their writing, by signals, SIGKILL and rivals, and prints what they leave behind:
 * npm run crash -- --signals 1000 --kills 1000 --rivals 500
 */
import { parseArgs } from 'node:util';
import { createRandom } from '../../bench/random.ts';
import { makeStage, type Outcome, removeStage, rivalTrial, signalTrial, type Stage } from './trials.ts';

/** Changes of files that a build makes. */
const CHANGES = 140;

/** Trials at the same time. */
const PARALLEL = 4;

/** Trials after which the counts so far are shown. */
const PROGRESS = 50;

const isWrong = (outcome: Outcome): boolean => ['mixed', 'unmended', 'wrong exit code'].includes(outcome);

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Trial = (stage: Stage, changes: number, number: number) => Promise<Outcome | undefined>;

const TRIALS: Readonly<Record<'signals' | 'kills' | 'rivals', Trial>> = {
  signals: (stage, changes, number) => signalTrial(stage, SIGNALS[number % SIGNALS.length] ?? 'SIGTERM', changes),
  kills: (stage, changes) => signalTrial(stage, 'SIGKILL', changes),
  rivals: (stage, changes, number) =>
    rivalTrial(stage, number % 2 === 0 ? [1, 2] : [1, 1], number % 3 === 0 ? changes : undefined),
};

const { values } = parseArgs({
  options: {
    signals: { type: 'string', default: '100' },
    kills: { type: 'string', default: '100' },
    rivals: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});

const random = createRandom(Number(values.seed));
const stage = makeStage();
let faults = 0;
try {
  for (const [name, trial] of Object.entries(TRIALS)) {
    const wanted = Number(values[name as keyof typeof TRIALS]);
    const outcomes: Outcome[] = [];
    let started = 0;
    const summary = (): string => {
      const counts = new Map<Outcome, number>();
      for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      const text = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
      return `${outcomes.length} ${name}: ${text || 'none'}; ${outcomes.filter(isWrong).length} wrong\n`;
    };
    const work = async (): Promise<void> => {
      while (started < wanted || outcomes.length < wanted) {
        started += 1;
        const outcome = await trial(stage, random.int(1, CHANGES), started);
        // Undefined: it ended before its moment came.
        if (outcome === undefined) continue;
        outcomes.push(outcome);
        if (outcomes.length % PROGRESS === 0) process.stderr.write(summary());
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    faults += outcomes.filter(isWrong).length;
    process.stdout.write(summary());
  }
} finally {
  removeStage(stage);
}
process.exitCode = faults === 0 ? 0 : 1;
