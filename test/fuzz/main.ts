/**
 * `npm run fuzz -- --seed N --runs N`: reads and builds that many changed configurations in this process. Each must be built or refused with
 * a reason and its place, within 2 s and 100 MB, and what is built must be readable. Prints counts, and each finding with the smallest input
 * that has it. Ends with 1 on any finding. A seed gives the same inputs each time.
 */
import { inspect, parseArgs } from 'node:util';
import { type Finding, fuzz } from './run.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '10000' } },
});

const whole = (name: string, text: string): number => {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new RangeError(`--${name}: got ${text}, expected a whole number`);
};

/** A finding for people: what it is, how to see it again, and the input, long parts of it cut. */
function show({ kind, detail, input, place }: Finding): void {
  const shown = inspect(input, { depth: 8, maxArrayLength: 5, maxStringLength: 2000 });
  process.stdout.write(`${kind} (${place}): ${detail}\n${shown}\n\n`);
}

const started = Date.now();
let shownAt = 0;
const { counts, read, findings } = fuzz({
  seed: whole('seed', values.seed),
  runs: whole('runs', values.runs),
  share: { yaml: 10, promtool: 50 },
  onFinding: show,
  onProgress: (done, so) => {
    if (done < shownAt + 1000) return;
    shownAt = done;
    process.stderr.write(`${done} runs: ${so.accepted} accepted, ${so.refused} refused\n`);
  },
});
const line = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
process.stdout.write(
  `${line.join(', ')}; ${read.parsed} texts parsed, ${read.compared} by two parsers, ${read.promtool} by promtool; ` +
    `${Math.round((Date.now() - started) / 1000)} s\n`,
);
process.exitCode = findings.length > 0 ? 1 : 0;
