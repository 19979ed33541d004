import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { promtool } from '../../bench/process/prometheus.ts';
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

/** A rule file as far as alerts are told from records. */
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
}

/**
 * A rule file, as JSON, with its records but without the alerts that none of these expressions reads: promtool spends most of its time on
 * the evaluation of alerts.
 * @example readBy(text, ['ALERTS{alertname="TrafficLost"}'])
 */
export function readBy(rules: string, expressions: readonly string[]): string {
  const onAlerts = expressions.filter((expr) => expr.includes('ALERTS'));
  const names = new Set(onAlerts.map((expr) => /\balertname="(\w+)"/.exec(expr)?.[1]));
  if (names.has(undefined)) return rules;
  const { groups } = load(rules) as RuleFile;
  const kept = groups.map((group) => ({
    ...group,
    rules: group.rules.filter(({ alert }) => alert === undefined || names.has(alert)),
  }));
  return JSON.stringify({ groups: kept.filter((group) => group.rules.length > 0) });
}

/**
 * Runs `promtool test rules`.
 * @param rules texts of rule files.
 * @param every distance of evaluations, from 0 s on. Evaluating takes most of a case's time: where nothing happens before
 *   the moment that is looked at, evaluations in between give nothing new.
 * @throws Error with promtool's report when a case fails or a file is refused.
 */
export async function testRules(rules: readonly string[], tests: readonly RuleTest[], every = '1m'): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-rules-'));
  try {
    const files = rules.map((text, index) => ({ name: `rules-${index}.yaml`, text }));
    await Promise.all(files.map(async ({ name, text }) => writeFile(join(dir, name), text)));
    const document = { rule_files: files.map(({ name }) => name), evaluation_interval: every, tests };
    // JSON is YAML, and quicker to write.
    await writeFile(join(dir, 'test.yaml'), JSON.stringify(document));
    const { code, stdout, stderr } = await promtool(['test', 'rules', 'test.yaml'], { cwd: dir });
    if (code !== 0) throw new Error(`promtool test rules: exit code ${code}\n${stdout}${stderr}`);
    if (!stdout.includes('SUCCESS')) throw new Error(`promtool test rules ran nothing:\n${stdout}${stderr}`);
    await recordCases(rules, tests, every);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
