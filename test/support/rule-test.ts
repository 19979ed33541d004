import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/**
 * Runs `promtool test rules`, rules evaluated every minute.
 * @param rules texts of rule files.
 * @throws Error with promtool's report when a case fails or a file is refused.
 */
export async function testRules(rules: readonly string[], tests: readonly RuleTest[]): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-rules-'));
  try {
    const files = rules.map((text, index) => ({ name: `rules-${index}.yaml`, text }));
    await Promise.all(files.map(async ({ name, text }) => writeFile(join(dir, name), text)));
    const document = { rule_files: files.map(({ name }) => name), evaluation_interval: '1m', tests };
    // JSON is YAML, and quicker to write.
    await writeFile(join(dir, 'test.yaml'), JSON.stringify(document));
    const { code, stdout, stderr } = await promtool(['test', 'rules', 'test.yaml'], { cwd: dir });
    if (code !== 0) throw new Error(`promtool test rules: exit code ${code}\n${stdout}${stderr}`);
    if (!stdout.includes('SUCCESS')) throw new Error(`promtool test rules ran nothing:\n${stdout}${stderr}`);
    await recordCases(rules, tests);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
