import { expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL } from './allowances-input.ts';
import { truthOf } from './dns-truth.ts';
import { countedBy, MINUTES, seriesOf } from './dns-world.ts';
import { holdAll } from './held.ts';

const AT = `${MINUTES}m`;

test('every record on DNS servers holds what is true of them, and nothing else', async () => {
  const counted = countedBy(1);
  const truth = truthOf(counted);
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  const world = { name: 'servers', interval: INTERVAL, input_series: seriesOf(counted) };
  await testRules([generate().file(RULES.dns)], [{ ...world, promql_expr_test: holdAll(truth, AT) }], AT);
});
