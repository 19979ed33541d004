import { describe, expect, test } from '@jest/globals';
import { type Generated, generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { fires, INTERVAL } from './allowances-input.ts';
import { type Edge, edgeInput, SOURCES } from './edges-input.ts';
import { NAMES, severityOf } from './pipeline-cases.ts';
import { EDGES, edgesOf } from './pipeline-edges.ts';
import { ALL, alertsIn, PIPELINE } from './pipeline-input.ts';

/** Rules and cases of an alert's edges; promtool names the case that fails. */
const casesOf = (generated: Generated, alert: string, edges: readonly Edge[]): Parameters<typeof testRules> => [
  [generated.file(PIPELINE)],
  edges.map(({ name, series, firing }) => ({
    name,
    interval: INTERVAL,
    input_series: series,
    promql_expr_test: firing.map(([minute, ...where]) => fires(alert, severityOf(alert), minute, where)),
  })),
];

const inputs = SOURCES.map((source) => edgeInput(source, ALL));

test('edges are those of alerts that exist', () => {
  const tested = [...Object.keys(EDGES), ...inputs.flatMap((input) => Object.keys(edgesOf(input)))];
  expect(new Set(tested)).toEqual(new Set(NAMES));
});

test.each(Object.entries(EDGES))('%s', async (alert, edges) => {
  await testRules(...casesOf(generate(ALL), alert, edges));
});

describe.each(inputs)('$source', (input) => {
  const generated = generate({ ...ALL, flows: { source: input.source } });
  const names = new Set(alertsIn(generated));
  test.each(Object.entries(edgesOf(input)).filter(([alert]) => names.has(alert)))('%s', async (alert, edges) => {
    await testRules(...casesOf(generated, alert, edges));
  });
});
