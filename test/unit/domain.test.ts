import { expect, test } from '@jest/globals';
import { isRecording } from '../../generators/index.ts';
import { generate } from '../support/generate.ts';
import { complaints } from '../support/problems.ts';
import { choicesByConstant, labelsOf } from '../support/promql.ts';
import { SCENARIOS } from '../support/scenarios.ts';

/**
 * Queries of rules and panels under a configuration with all records and with labels of its own, and the labels that rules have without
 * naming them in a query.
 */
function used(given: object) {
  const { ruleFiles, dashboards } = generate({
    ...given,
    cluster: { label: 'zz_cluster' },
    rules: { labels: { zz_team: 'net' }, compatibilityRecords: true },
  }).bundle;
  const rules = ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const panels = dashboards.flatMap(({ sections }) => sections.flatMap((section) => section.panels));
  return {
    queries: [...rules, ...panels.flatMap(({ panel }) => panel.targets)].map(({ expr }) => expr.text),
    labels: rules.flatMap((rule) => (isRecording(rule) ? rule.labels : Object.keys(rule.labels))),
  };
}

const flows = ['zone', 'pod'].map((granularity) => ({ flows: { source: 'obi', granularity } }));
const all = [...Object.values(SCENARIOS), ...flows].map(used);
const queries = new Set(all.flatMap((one) => one.queries));

test('no rule chooses between candidates by a constant', () => {
  expect([...queries].filter((query) => query.includes('topk by')).length).toBeGreaterThan(5);
  expect([...queries].flatMap(choicesByConstant)).toEqual([]);
});

test('every label that a rule or a panel names is refused as the label of the cluster', () => {
  const labels = new Set([
    ...all.flatMap((one) => one.labels),
    ...[...queries].flatMap((query) => [...labelsOf(query)]),
  ]);
  expect(labels.size).toBeGreaterThan(50);
  const accepted = [...labels].filter((label) => complaints({ cluster: { label } }).length === 0);
  expect(accepted.toSorted()).toEqual(['zz_cluster', 'zz_team']);
});
