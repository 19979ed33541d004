import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtool } from '../../bench/process/prometheus.ts';
import { type Group, groupsOf, needed, reduced, seriesRead } from '../../mutation/rules.ts';
import { recordCases } from './case-recorder.ts';
import { latest } from './latest.ts';

/** A series as `promtool test rules` reads it: a selector and values such as `0+60x10`, `_x5` for gaps, `stale`. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** What a query must answer at a time, exactly; an empty list means nothing at all. */
export interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** Which alerts of a name must fire at a time; annotations are compared where they are given. */
export interface AlertTest {
  readonly alertname: string;
  readonly eval_time: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations?: Readonly<Record<string, string>>;
  }[];
}

/** One case: series, and what must come of them. */
export interface RuleTest {
  readonly name: string;
  /** Distance of the values, that is, the scrape interval. */
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test?: readonly ExpressionTest[];
  readonly alert_rule_test?: readonly AlertTest[];
}

/** `metric{a="x", b="y"}` with escaped values; labels with empty values are left out, as Prometheus drops them. */
export function seriesText(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return `${metric}{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

const queriesOf = ({ promql_expr_test = [], alert_rule_test = [] }: RuleTest): readonly string[] => [
  ...promql_expr_test.map(({ expr }) => expr),
  ...alert_rule_test.map(({ alertname }) => `ALERTS{alertname=${JSON.stringify(alertname)}}`),
];

type RuleFile = readonly Group[];

const remember = latest<RuleFile>(8);
const parsed = (text: string): RuleFile => remember(text, () => groupsOf(text));

/** Rule files and cases with the rules and the series that the questions read, directly or through other rules, and no others. */
function onlyRead(
  files: readonly RuleFile[],
  tests: readonly RuleTest[],
): readonly [files: readonly RuleFile[], tests: readonly RuleTest[]] {
  const queries = tests.flatMap(queriesOf);
  const all = files.flatMap((groups) => groups.flatMap(({ rules }) => rules));
  const kept = needed(all, queries);
  const read = [...queries, ...[...kept].map(({ expr }) => expr)];
  return [
    files.map((groups) => reduced(groups, (rule) => (kept.has(rule) ? [rule] : []))),
    tests.map((one) => ({ ...one, input_series: seriesRead(one.input_series, read) })),
  ];
}

/**
 * Runs `promtool test rules` with the rules that the cases read: evaluating takes most of the time.
 * @param rules texts of rule files.
 * @param every distance of evaluations, from 0 s on. Where nothing happens before the moment that is looked at, evaluations in
 *   between give nothing new.
 * @throws Error with promtool's report when a case fails or a file is refused.
 */
export async function testRules(rules: readonly string[], tests: readonly RuleTest[], every = '1m'): Promise<void> {
  await run(...onlyRead(rules.map(parsed), tests), every);
  await recordCases(rules, tests, every);
}

/** The same with every rule, so that a rule that cannot be evaluated is found whether or not a case reads it. */
export async function testAllRules(rules: readonly string[], tests: readonly RuleTest[], every = '1m'): Promise<void> {
  await run(rules.map(parsed), tests, every);
  await recordCases(rules, tests, every);
}

async function run(rules: readonly RuleFile[], tests: readonly RuleTest[], every: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-rules-'));
  try {
    // JSON is YAML, and quicker to write.
    const files = rules.map((groups, index) => ({ name: `rules-${index}.yaml`, text: JSON.stringify({ groups }) }));
    await Promise.all(files.map(async ({ name, text }) => writeFile(join(dir, name), text)));
    const document = {
      rule_files: files.map(({ name }) => name),
      evaluation_interval: every,
      // Otherwise promtool takes them in the order of a hash map, which changes answers where evaluations are far apart.
      group_eval_order: [...new Set(rules.flatMap((groups) => groups.map(({ name }) => name)))],
      tests,
    };
    await writeFile(join(dir, 'test.yaml'), JSON.stringify(document));
    const { code, stdout, stderr } = await promtool(['test', 'rules', 'test.yaml'], { cwd: dir });
    if (code !== 0) throw new Error(`promtool test rules: exit code ${code}\n${stdout}${stderr}`);
    if (!stdout.includes('SUCCESS')) throw new Error(`promtool test rules ran nothing:\n${stdout}${stderr}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
