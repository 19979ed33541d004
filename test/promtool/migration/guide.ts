import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { dump } from 'js-yaml';
import { type ExpressionTest, type InputSeries, type RuleTest, testRules } from '../../support/rule-test.ts';

/** The guide to the change-over. The figures of its tables are what the tests expect. */
export const guide = readFileSync('docs/migration.md', 'utf8');

/** Errors of Prometheus where a join finds several series for one. */
export const AMBIGUOUS = /many-to-many matching not allowed|duplicate series|multiple matches for labels/;

/** The figures of a cell. */
export const figures = (cell = ''): number[] => cell.split(', ').map(Number);

/** A query that must answer one figure; rounded, as releases of Prometheus differ in the last bits, and 0 where there is no series. */
export const answers = (query: string, value: number, eval_time = '20m'): ExpressionTest => ({
  expr: `round(sum(${query}) or vector(0), 0.000001)`,
  eval_time,
  exp_samples: [{ labels: '{}', value }],
});

/** Queries that must answer the figures of a cell, one each. */
export const all = (queries: readonly string[], cell: string | undefined): ExpressionTest[] => {
  const expected = figures(cell);
  expect(expected).toHaveLength(queries.length);
  return queries.map((query, index) => answers(query, expected[index] ?? Number.NaN));
};

/** A test of queries over what Prometheus has scraped. */
export const caseTest = (
  name: string,
  input_series: readonly InputSeries[],
  tests: readonly ExpressionTest[],
): RuleTest => ({ name, interval: '30s', input_series, promql_expr_test: tests });

/** Runs such tests. Queries are asked after 20 minutes, so that rules need no evaluation each minute. */
export const expectQueries = async (rules: readonly string[], tests: readonly RuleTest[]): Promise<void> =>
  testRules(rules, tests, '5m');

/** The case of a row. @throws Error for a row of the guide without a case. */
export function caseOf<T>(cases: Readonly<Record<string, T>>, row: string): T {
  const found = cases[row];
  if (found === undefined) throw new Error(`no case for the row "${row}"`);
  return found;
}

/** A rule file of groups. */
export const groupsFile = (groups: readonly object[]): string => dump({ groups });
