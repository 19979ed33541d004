import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../conformance/shared/program.ts';
import { seconds } from '../generators/index.ts';
import { type Group, groupsOf, needed, readers, type Rule } from './rules.ts';

/** A series as `promtool test rules` reads it. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** A case as tests record it; what a question expects goes to promtool as it is. */
export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples?: unknown;
  }[];
  readonly alert_rule_test?: readonly { readonly alertname: string; readonly eval_time: string }[];
}

/** A question of a case: a query, or which alerts of a name fire. */
export interface Question {
  /** What it reads, as PromQL. */
  readonly query: string;
  /** The rules that it needs, directly or through others. */
  readonly needs: ReadonlySet<Rule>;
  /** Those that it reads itself. */
  readonly direct: readonly Rule[];
  /** A case with this question only, still without its series. */
  readonly asked: Pick<RuleTest, 'promql_expr_test' | 'alert_rule_test'>;
}

/** A recorded case: series, rules, and what must come of them. */
export interface Case {
  /** A hash of all of it. */
  readonly id: string;
  readonly groups: readonly Group[];
  readonly rules: readonly Rule[];
  /** Distance of the evaluations. */
  readonly every: string;
  readonly test: RuleTest;
  readonly questions: readonly Question[];
  /** The rules that the questions read, directly or through others. */
  readonly read: ReadonlySet<Rule>;
  /** Those of them that a question reads itself. */
  readonly direct: ReadonlySet<Rule>;
  /** Roughly how many milliseconds it takes with the rules that it reads, so that cheap cases come first. */
  readonly cost: number;
  /** How many of them one more rule takes. */
  costOf(rule: Rule): number;
}

/** Milliseconds, roughly: to start promtool, to read a character of a series or of a rule, and to evaluate a character of a rule. */
const START = 40;
const READ = 1.5e-3;
const PARSED = 1e-3;
const EVALUATED = 1.2e-3;

/** The time of the last question of a case. */
export const lastTime = ({ promql_expr_test = [], alert_rule_test = [] }: RuleTest): string =>
  [...promql_expr_test, ...alert_rule_test]
    .map(({ eval_time }) => eval_time)
    .reduce((latest, time) => (seconds(time) > seconds(latest) ? time : latest), '0s');

const questionsOf = ({
  promql_expr_test = [],
  alert_rule_test = [],
}: RuleTest): readonly Omit<Question, 'needs' | 'direct'>[] => [
  ...promql_expr_test.map((one) => ({ query: one.expr, asked: { promql_expr_test: [one] } })),
  ...alert_rule_test.map((one) => ({
    query: `ALERTS{alertname=${JSON.stringify(one.alertname)}}`,
    asked: { alert_rule_test: [one] },
  })),
];

/** Rule files are parsed once, so that equal rules of two cases are the same object. */
const grouped = (texts: readonly (readonly [name: string, text: string])[]): ReadonlyMap<string, readonly Group[]> => {
  const known = new Map<string, Rule>();
  const shared = (rule: Rule): Rule => {
    const key = JSON.stringify(rule);
    const found = known.get(key) ?? rule;
    known.set(key, found);
    return found;
  };
  return new Map(
    texts.map(([name, text]) => [
      name,
      // A name of its own for each group, as groups of all files of a case become one file.
      groupsOf(text).map((group) => ({ name: `${name}/${group.name}`, rules: group.rules.map(shared) })),
    ]),
  );
};

/** The rules that tests share, and what queries need of them. */
interface RuleSet extends Pick<Case, 'groups' | 'rules'> {
  needs(query: string): Pick<Question, 'needs' | 'direct'>;
}

function ruleSet(groups: readonly Group[]): RuleSet {
  const rules = groups.flatMap((group) => group.rules);
  const known = new Map<string, Pick<Question, 'needs' | 'direct'>>();
  const needs = (query: string) => {
    const found = known.get(query) ?? { needs: needed(rules, [query]), direct: rules.filter(readers(query)) };
    known.set(query, found);
    return found;
  };
  return { groups, rules, needs };
}

async function textsIn(folder: string): Promise<readonly (readonly [name: string, text: string])[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .toSorted((one, other) => (one < other ? -1 : 1))
      .map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8');
        return [name.replace(/\.\w+$/, ''), text] as const;
      }),
  );
}

/** Reads what tests recorded: see `test/support/case-recorder.ts`. @throws CannotRun when there is nothing. */
export async function readCases(folder: string): Promise<readonly Case[]> {
  const files = grouped(await textsIn(join(folder, 'rules')));
  const sets = new Map<string, RuleSet>();
  const cases = (await textsIn(join(folder, 'cases'))).map(([id, text]): Case => {
    const {
      rules: names,
      every,
      test,
    } = JSON.parse(text) as Pick<Case, 'every' | 'test'> & { rules: readonly string[] };
    const key = names.join();
    const set = sets.get(key) ?? ruleSet(names.flatMap((name) => files.get(name) ?? []));
    sets.set(key, set);
    const { groups, rules } = set;
    const questions = questionsOf(test).map((question) => ({ ...question, ...set.needs(question.query) }));
    const read = new Set(questions.flatMap(({ needs }) => [...needs]));
    const direct = new Set(questions.flatMap((question) => question.direct));
    const size = test.input_series.reduce((sum, { series, values }) => sum + series.length + values.length, 0);
    const evaluations = seconds(lastTime(test)) / seconds(every);
    const costOf = ({ expr }: Rule) => (PARSED + EVALUATED * evaluations) * expr.length;
    const cost = [...read].reduce((sum, rule) => sum + costOf(rule), START + READ * size);
    return { id, groups, rules, every, test, questions, read, direct, cost, costOf };
  });
  if (cases.length === 0) throw new CannotRun(`no recorded cases in ${folder}`);
  return cases;
}
