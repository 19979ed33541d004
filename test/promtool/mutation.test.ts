import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { readCases } from '../../mutation/cases.ts';
import { equivalentOf } from '../../mutation/equivalents.ts';
import { type Mutant, sampleOf } from '../../mutation/mutants.ts';
import { groupsOf } from '../../mutation/rules.ts';
import { allMutants } from '../../mutation/run.ts';
import { survivorsOf } from '../../mutation/search.ts';
import { verdictsIn } from '../../mutation/verdicts.ts';
import { keepCases } from '../support/case-recorder.ts';
import { type Generated, generate } from '../support/generate.ts';
import type { testRules } from '../support/rule-test.ts';
import { inTempDir } from '../support/temp-dir.ts';
import { INTERVAL } from './allowances-input.ts';
import { casesOf } from './edges-cases.ts';
import { edgeInput, SOURCES } from './edges-input.ts';
import { holdAll } from './held.ts';
import { EDGES, edgesOf } from './pipeline-edges.ts';
import { ALL, alertsIn } from './pipeline-input.ts';
import { FILE } from './workloads-records.ts';
import { seriesOf } from './workloads-series.ts';
import { truthOf } from './workloads-truth.ts';
import { MINUTES, podsOf } from './workloads-world.ts';

jest.setTimeout(600_000);

const SEED = 1;
/** How many mutants are tried. */
const SIZE = 6;

type Tested = Parameters<typeof testRules>;

/** Mutants of the rules of some cases, and which of a sample none of these cases notices. */
const survivors = (
  tested: readonly Tested[],
  size: number,
  isWanted: (mutant: Mutant) => boolean,
): Promise<{ readonly sample: readonly string[]; readonly survivors: readonly string[] }> =>
  inTempDir(async (folder) => {
    for (const one of tested) await keepCases(folder, ...one);
    const cases = await readCases(folder);
    const read = new Set(cases.flatMap((one) => [...one.read]));
    const bases = tested.map(([rules]) => rules.flatMap((text) => groupsOf(text).flatMap((group) => group.rules)));
    const mutants = allMutants(cases, bases).filter(
      (mutant) =>
        isWanted(mutant) &&
        equivalentOf(mutant) === undefined &&
        mutant.variants.some(({ original }) => read.has(original)),
    );
    const sample = sampleOf(mutants, size, SEED);
    const found = await survivorsOf(cases, sample, await verdictsIn(join(folder, 'verdicts')), 1);
    expect(found.undecided).toEqual([]);
    return { sample: sample.map(({ id }) => id), survivors: found.survivors.map(({ id }) => id) };
  });

describe('alerts', () => {
  const source = SOURCES.find(({ source: id }) => id === 'retina-standard');
  if (source === undefined) throw new Error('no such source');
  const generated: Generated = generate({ ...ALL, flows: { source: source.source } });
  const names = new Set(alertsIn(generated));
  const edges = Object.entries({ ...EDGES, ...edgesOf(edgeInput(source, ALL)) }).filter(([alert]) => names.has(alert));
  const tested = edges.map(([alert, cases]): Tested => [...casesOf(generated, alert, cases), '1m']);
  // Waits and thresholds have a table of cases for each alert.
  const isOfEdges = ({ isAlert, kind }: Mutant) =>
    isAlert && !['for', 'keep_firing_for', 'threshold', 'comparison'].includes(kind);

  test('edges notice what changes an alert', async () => {
    const found = await survivors(tested, SIZE, isOfEdges);
    expect(found.sample).toHaveLength(SIZE);
    expect(found.survivors).toEqual([]);
  });

  test('a change survives where no edge looks at it', async () => {
    const isOfText = ({ id }: Mutant) =>
      id.startsWith('FlowSourceSilent') && id.includes('count by (cluster{{, node -> }})');
    const blind = tested.map(([rules, tests]): Tested => [
      rules,
      tests.map((one) => ({ ...one, alert_rule_test: [] })),
    ]);
    expect((await survivors(tested, 2, isOfText)).survivors).toEqual([]);
    const { sample, survivors: unseen } = await survivors(blind, 2, isOfText);
    expect(sample).toHaveLength(2);
    expect(unseen).toEqual(sample);
  });
});

describe('records', () => {
  test('a world that is judged whole notices what changes a record', async () => {
    const rules = generate({ flows: { source: 'none' }, zones: { valid: 'z.*' } }).file(FILE);
    const pods = podsOf(1);
    const at = `${MINUTES}m`;
    const world = { name: 'world', interval: INTERVAL, input_series: seriesOf(pods) };
    const tested: Tested = [[rules], [{ ...world, promql_expr_test: holdAll(truthOf(pods), at) }], at];
    const isOfUse = ({ isAlert, name }: Mutant) => !isAlert && /^(?:pod|workload):/.test(name);
    const found = await survivors([tested], 2 * SIZE, isOfUse);
    expect(found.sample).toHaveLength(2 * SIZE);
    expect(found.survivors).toEqual([]);
  });
});
