import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { readOptions } from '../conformance/shared/options.ts';
import { CannotRun } from '../conformance/shared/program.ts';
import type { Output } from '../conformance/shared/report.ts';
import { baseRules } from './bases.ts';
import { type Case, readCases } from './cases.ts';
import { EQUIVALENTS, equivalentOf } from './equivalents.ts';
import type { RecordLabels } from './labels.ts';
import { type Mutant, type Mutated, mutantsOf, mutationsOf, sampleOf } from './mutants.ts';
import { recordCases } from './record.ts';
import { type Rule, recordLabels } from './rules.ts';
import { type Progress, survivorsOf } from './search.ts';
import { verdictsIn } from './verdicts.ts';

const FOLDER = join(tmpdir(), 'azimuth-mutation');

/** Which share of mutants must be noticed, in percent. */
const GOALS = { alerts: 100, records: 95 };

/** The goal of a part, or the floor that a run was given for it. */
function goalOf(option: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) <= 100) return Number(text);
  throw new CannotRun(`--${option}: got ${JSON.stringify(text)}, expected a percentage`);
}

const USAGE = `Changes every generated rule in one place at a time, and replays the promtool cases that read it: each change must make one fail.

Usage: npm run mutate -- [options]

  --only <regex>      mutants whose rule, kind or place matches
  --sample <n>        so many mutants of alerts, and of records; all by default
  --seed <n>          which (1)
  --cases <folder>    cases that tests have recorded, with AZIMUTH_RECORD_CASES=<folder>; by default the tests run first
  --cache <file>      what earlier runs found, so that one that was stopped can go on (${join(FOLDER, 'verdicts')})
  --lanes <n>         processes at once (2)
  --minutes <n>       start no further case afterwards; what is not decided counts as not noticed
  --alerts <n>        percentage of mutants of alerts that must be noticed (${GOALS.alerts})
  --records <n>       the same of records (${GOALS.records})
  --help              show this text

Exits with 1 when fewer are noticed, or when an entry of mutation/equivalents.ts matches no mutant; equivalent mutants are listed in mutation/equivalents.ts.
`;

const OPTIONS = {
  only: { type: 'string' },
  sample: { type: 'string' },
  seed: { type: 'string', default: '1' },
  cases: { type: 'string' },
  cache: { type: 'string', default: join(FOLDER, 'verdicts') },
  lanes: { type: 'string', default: '2' },
  minutes: { type: 'string' },
  alerts: { type: 'string', default: String(GOALS.alerts) },
  records: { type: 'string', default: String(GOALS.records) },
} as const;

function whole(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CannotRun(`--${option}: got ${JSON.stringify(text)}, expected a whole number`);
}

/** What a rule's text is known by. */
const textOf = ({ record, alert, expr }: Rule): string => JSON.stringify([record, alert, expr]);

/** Mutations of each distinct rule of some configurations, with labels of records that the configuration itself does not hold. */
function mutationsIn(sets: Iterable<readonly Rule[]>, others: (rule: Rule) => RecordLabels): readonly Mutated[] {
  const known = new Set<string>();
  return [...sets].flatMap((rules) => {
    const own = recordLabels(rules);
    return rules.flatMap((rule) => {
      const text = JSON.stringify(rule);
      if (known.has(text)) return [];
      known.add(text);
      const more = others(rule);
      return mutationsOf(rule, (name) => own(name) ?? more(name));
    });
  });
}

/** Labels of the records of all configurations that have a rule: cases of alerts hold series in place of the rules that record them. */
function labelsAround(bases: readonly (readonly Rule[])[]): (rule: Rule) => RecordLabels {
  const byText = new Map<string, RecordLabels[]>();
  for (const rules of bases) {
    const labels = recordLabels(rules);
    for (const rule of rules) byText.set(textOf(rule), [...(byText.get(textOf(rule)) ?? []), labels]);
  }
  return (rule) => (name) => {
    const found = (byText.get(textOf(rule)) ?? []).flatMap((labels) => labels(name) ?? []);
    return found.length === 0 ? undefined : new Set(found.flatMap((labels) => [...labels]));
  };
}

/**
 * Every mutant of the configurations that are mutated, wherever the rules of some cases have its place; one that no case has is a
 * survivor as well.
 */
export function allMutants(cases: readonly Case[], bases = baseRules()): readonly Mutant[] {
  const around = labelsAround(bases);
  const based = mutationsIn(bases, () => () => undefined);
  const ids = new Set(based.map(({ id }) => id));
  const tested = mutationsIn(new Set(cases.map(({ rules }) => rules)), around).filter(({ id }) => ids.has(id));
  // Rules of cases first, as cases know them by identity; of the rest, only what no case has.
  const found = new Set(tested.map(({ id }) => id));
  return mutantsOf([...tested, ...based.filter(({ id }) => !found.has(id))]);
}

/** `npm run mutate`. */
export async function runMutate(argv: readonly string[], output: Output): Promise<number> {
  const { values, help } = readOptions(argv, OPTIONS);
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  const folder = values.cases ?? join(FOLDER, 'cases');
  if (values.cases === undefined) {
    output.stderr('recording the cases of the tests\n');
    await recordCases(folder);
  }
  const cases = await readCases(folder);
  const all = allMutants(cases);
  const unused = EQUIVALENTS.filter((entry) => !all.some((mutant) => equivalentOf(mutant, [entry]) !== undefined));
  for (const { rule, kind, place } of unused)
    output.stdout(`mutation/equivalents.ts: no mutant is ${rule} ${kind} ${place} any more\n`);

  const only = new RegExp(values.only ?? '');
  const equivalents = all.filter((mutant) => equivalentOf(mutant) !== undefined);
  const wanted = all.filter((mutant) => equivalentOf(mutant) === undefined && only.test(mutant.id));
  const verdicts = await verdictsIn(values.cache);
  const lanes = whole('lanes', values.lanes);
  const seed = whole('seed', values.seed);
  const size = values.sample === undefined ? Number.POSITIVE_INFINITY : whole('sample', values.sample);
  const parts = {
    alerts: sampleOf(
      wanted.filter(({ isAlert }) => isAlert),
      size,
      seed,
    ),
    records: sampleOf(
      wanted.filter(({ isAlert }) => !isAlert),
      size,
      seed,
    ),
  };
  const goals = { alerts: goalOf('alerts', values.alerts), records: goalOf('records', values.records) };
  const chosen = [...parts.alerts, ...parts.records];
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : whole('minutes', values.minutes);
  const end = performance.now() + minutes * 60_000;
  const progress = (now: Progress) => {
    if (now.cases % 10 === 0) output.stderr(`${now.cases} cases: ${now.alive} of ${now.mutants} mutants alive\n`);
  };
  const isOver = () => performance.now() > end;
  const { survivors, undecided } = await survivorsOf(cases, chosen, verdicts, lanes, progress, isOver);
  const alive = new Set([...survivors, ...undecided]);
  for (const { name, kind, place } of survivors) output.stdout(`survives: ${name}: ${kind}: ${place}\n`);
  for (const { name, kind, place } of undecided) output.stdout(`undecided: ${name}: ${kind}: ${place}\n`);
  output.stdout(`${cases.length} cases, ${all.length} mutants, ${equivalents.length} of them equivalent\n`);
  const reached = Object.entries(parts).map(([part, mutants]) => {
    const killed = mutants.filter((mutant) => !alive.has(mutant)).length;
    if (mutants.length === 0) {
      output.stdout(`${part}: none\n`);
      return true;
    }
    const score = (100 * killed) / mutants.length;
    const goal = goals[part as keyof typeof GOALS];
    const open = undecided.filter((mutant) => mutants.includes(mutant)).length;
    const rest = open === 0 ? '' : `, ${open} undecided`;
    output.stdout(`${part}: ${killed} of ${mutants.length} noticed, ${score.toFixed(1)} % (goal ${goal} %)${rest}\n`);
    return score >= goal;
  });
  return reached.includes(false) || unused.length > 0 ? 1 : 0;
}
