import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promtool } from '../../bench/process/prometheus.ts';
import { parseLabels } from './recording.ts';
import { inTemporaryFolder } from './temporary.ts';

/** A series as `promtool test rules` reads it. */
interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** One sample of an answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What rules are run over. */
export interface Input {
  /** Seconds between the values of a series. */
  readonly step: number;
  readonly series: readonly InputSeries[];
  /** Each input has queries of its own: answers are told apart by their query. */
  readonly queries: readonly string[];
}

const SAMPLE = /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} ([^\s,]+)/g;

/** The samples in a line of promtool's report; `nil` is none. */
const samplesIn = (line: string): readonly Sample[] =>
  Array.from(line.matchAll(SAMPLE), ([, list = '', value]) => ({
    labels: parseLabels(list) ?? {},
    value: Number(value),
  }));

/**
 * The answers to queries over generated rules, by query. promtool evaluates rules, but only compares answers: it is told to expect none,
 * and reports those that there are.
 * @param rules texts of rule files.
 * @param at when to ask, in seconds.
 * @throws Error with promtool's report when it refuses the rules, or reports anything else.
 */
export async function answersOf(
  rules: readonly string[],
  inputs: readonly Input[],
  at: number,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const queries = inputs.flatMap((input) => input.queries);
  const tests = inputs.map(({ step, series, queries: own }) => ({
    interval: `${step}s`,
    input_series: series,
    promql_expr_test: own.map((expr) => ({ expr, eval_time: `${at}s`, exp_samples: [] })),
  }));
  const { code, stdout, stderr } = await inTemporaryFolder(async (folder) => {
    const files = rules.map((text, index) => ({ name: `rules-${index}.yaml`, text }));
    await Promise.all(files.map(async ({ name, text }) => writeFile(join(folder, name), text)));
    const document = { rule_files: files.map(({ name }) => name), evaluation_interval: '1m', tests };
    // JSON is YAML, and quicker to write.
    await writeFile(join(folder, 'test.yaml'), JSON.stringify(document));
    return promtool(['test', 'rules', 'test.yaml'], { cwd: folder });
  });
  const report = `${stdout}\n${stderr}`;
  const found = Array.from(
    report.matchAll(/^ *expr: ("(?:[^"\\]|\\.)*"), time: .*\n *exp: nil\n *got: (.*)$/gm),
    ([, query = '""', line = '']) => [JSON.parse(query) as string, samplesIn(line)] as const,
  );
  const strange = found.filter(([query, samples]) => !queries.includes(query) || samples.length === 0);
  if ((code !== 0 && found.length === 0) || strange.length > 0)
    throw new Error(`promtool test rules: exit code ${code}\n${report}`);
  return new Map([...queries.map((query) => [query, []] as const), ...found]);
}
