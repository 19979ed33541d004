import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promtool } from '../../bench/process/prometheus.ts';
import { type Group, groupsOf, needed, reading } from '../../mutation/rules.ts';
import { recordCases } from './case-recorder.ts';

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

/** The latest rule files as they were parsed: the cases of a table share them. */
const parsed = new Map<string, readonly Group[]>();
const KEPT = 8;

function groupsIn(text: string): readonly Group[] {
  const groups = parsed.get(text) ?? groupsOf(text);
  parsed.delete(text);
  parsed.set(text, groups);
  const [oldest = ''] = parsed.keys();
  if (parsed.size > KEPT) parsed.delete(oldest);
  return groups;
}

/** Rule files and cases with the rules and the series that the questions read, directly or through other rules, and no others. */
function onlyRead(
  texts: readonly string[],
  tests: readonly RuleTest[],
): { readonly files: readonly string[]; readonly cases: readonly RuleTest[] } {
  const files = texts.map(groupsIn);
  const queries = tests.flatMap(queriesOf);
  const kept = needed(
    files.flatMap((groups) => groups.flatMap(({ rules }) => rules)),
    queries,
  );
  const isRead = reading([...queries, ...[...kept].map(({ expr }) => expr)]);
  return {
    files: files.map((groups) => {
      const reduced = groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => kept.has(rule)) }));
      return JSON.stringify({ groups: reduced.filter(({ rules }) => rules.length > 0) });
    }),
    cases: tests.map((one) => ({
      ...one,
      input_series: one.input_series.filter(({ series }) => isRead(/^[^{]*/.exec(series)?.[0] ?? '')),
    })),
  };
}

/**
 * Runs `promtool test rules` with the rules that the cases read: evaluating takes most of the time.
 * @param rules texts of rule files.
 * @param every distance of evaluations, from 0 s on. Where nothing happens before the moment that is looked at, evaluations in
 *   between give nothing new.
 * @throws Error with promtool's report when a case fails or a file is refused.
 */
export async function testRules(rules: readonly string[], tests: readonly RuleTest[], every = '1m'): Promise<void> {
  const { files, cases } = onlyRead(rules, tests);
  await run(files, cases, every);
  await recordCases(rules, tests, every);
}

/** The same with every rule, so that a rule that cannot be evaluated is found whether or not a case reads it. */
export async function testAllRules(rules: readonly string[], tests: readonly RuleTest[], every = '1m'): Promise<void> {
  await run(rules, tests, every);
  await recordCases(rules, tests, every);
}

async function run(rules: readonly string[], tests: readonly RuleTest[], every: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-rules-'));
  try {
    const files = rules.map((text, index) => ({ name: `rules-${index}.yaml`, text }));
    await Promise.all(files.map(async ({ name, text }) => writeFile(join(dir, name), text)));
    const document = {
      rule_files: files.map(({ name }) => name),
      evaluation_interval: every,
      // Otherwise promtool takes them in the order of a hash map, which tells wherever evaluations are far apart.
      group_eval_order: [...new Set(rules.flatMap((text) => groupsIn(text).map(({ name }) => name)))],
      tests,
    };
    // JSON is YAML, and quicker to write.
    await writeFile(join(dir, 'test.yaml'), JSON.stringify(document));
    const { code, stdout, stderr } = await promtool(['test', 'rules', 'test.yaml'], { cwd: dir });
    if (code !== 0) throw new Error(`promtool test rules: exit code ${code}\n${stdout}${stderr}`);
    if (!stdout.includes('SUCCESS')) throw new Error(`promtool test rules ran nothing:\n${stdout}${stderr}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
