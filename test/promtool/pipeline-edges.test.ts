import { expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { readBy, testRules } from '../support/rule-test.ts';
import { fires, INTERVAL } from './allowances-input.ts';
import { NAMES, severityOf } from './pipeline-cases.ts';
import { EDGES } from './pipeline-edges.ts';
import { ALL, PIPELINE } from './pipeline-input.ts';

const generated = generate(ALL);

test('edges are those of alerts that exist', () => {
  expect(NAMES).toEqual(expect.arrayContaining(Object.keys(EDGES)));
});

// promtool names the case that fails.
test.each(Object.entries(EDGES))('%s', async (alert, edges) => {
  const rules = readBy(generated.file(PIPELINE), [`ALERTS{alertname="${alert}"}`]);
  await testRules(
    [rules],
    edges.map(({ name, series, firing }) => ({
      name,
      interval: INTERVAL,
      input_series: series,
      promql_expr_test: firing.map(([minute, ...where]) => fires(alert, severityOf(alert), minute, where)),
    })),
  );
});
