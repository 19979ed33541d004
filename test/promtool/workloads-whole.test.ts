import { expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL } from './allowances-input.ts';
import { holdAll } from './held.ts';
import { FILE } from './workloads-records.ts';
import { seriesOf } from './workloads-series.ts';
import { truthOf } from './workloads-truth.ts';
import { MINUTES, podsOf } from './workloads-world.ts';

const rules = generate({ flows: { source: 'none' } }).file(FILE);

test('every record holds what is true of every pod, and nothing else', async () => {
  const pods = podsOf(1);
  const truth = truthOf(pods);
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  const world = { name: 'world', interval: INTERVAL, input_series: seriesOf(pods) };
  const at = `${MINUTES}m`;
  await testRules([rules], [{ ...world, promql_expr_test: holdAll(truth, at) }], at);
});
