import { expect, test } from '@jest/globals';
import { isRecording } from '../../generators/model/rules.ts';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL } from './allowances-input.ts';
import { exposedBy, seriesOfExposed } from './control-plane-world.ts';
import { placesHeld, placesInput } from './control-plane-places.ts';
import { truthOfProcesses } from './control-plane-truth.ts';
import { MINUTES } from './dns-world.ts';
import { holdAll } from './held.ts';

const AT = `${MINUTES}m`;
// With everything that a control plane of one's own shows.
const generated = generate({ controlPlane: { managed: false } });
const file = generated.file(RULES.controlPlane);

test('every record on processes holds what is true of them, and nothing else', async () => {
  const world = exposedBy(3);
  const truth = truthOfProcesses(world);
  expect(Object.values(truth).every((held) => held.length > 1)).toBe(true);
  const one = { name: 'processes', interval: INTERVAL, input_series: seriesOfExposed(world) };
  await testRules([file], [{ ...one, promql_expr_test: holdAll(truth, AT) }], AT);
});

test('the bound of a promise counts once where two Prometheus write it differently', async () => {
  const world = exposedBy(3);
  const input_series = seriesOfExposed(world).map(({ series, values }) => ({
    // Prometheus 2 writes whole seconds without a fraction.
    series: series.includes('prometheus_replica=') ? series.replace('.0"', '"') : series,
    values,
  }));
  const truth = Object.entries(truthOfProcesses(world)).filter(([record]) => record.startsWith('apiserver_kind:'));
  const one = { name: 'bounds', interval: INTERVAL, input_series };
  await testRules([file], [{ ...one, promql_expr_test: holdAll(Object.fromEntries(truth), AT) }], AT);
});

test('every record on nodes, pods and runs holds what is true of them, and nothing else', async () => {
  const world = { name: 'nodes', interval: INTERVAL, input_series: placesInput };
  await testRules([file], [{ ...world, promql_expr_test: holdAll(placesHeld, AT) }], AT);
});

test('these are all records', () => {
  const records = generated.bundle.ruleFiles
    .filter(({ name }) => name === 'control-plane')
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isRecording)))
    .map(({ record }) => record);
  const judged = [...Object.keys(truthOfProcesses(exposedBy(3))), ...Object.keys(placesHeld)];
  expect(records.toSorted()).toEqual(judged.toSorted());
});
