import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { edgeInput, SOURCES } from './edges-input.ts';
import { casesOf } from './edges-cases.ts';
import { NAMES } from './pipeline-cases.ts';
import { EDGES, edgesOf } from './pipeline-edges.ts';
import { ALL, alertsIn } from './pipeline-input.ts';

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
