import { describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { promtoolSeries, samplesOf } from '../../bench/samples.ts';
import { SIMULATORS, SOURCE_IDS, type SourceId } from '../../bench/sources/index.ts';
import { expressionTests } from '../promtool/sources/expectations.ts';
import type { Config } from '../../generators/index.ts';
import { courseOf, incident, type Incident } from '../support/arbitrary-scenario.ts';
import { conserved, type Granularity } from '../support/conservation.ts';
import { WINDOW } from '../support/expected-traffic.ts';
import { generate, RULES } from '../support/generate.ts';
import { type RuleTest, testAllRules } from '../support/rule-test.ts';

jest.setTimeout(120_000);

/** Distance of scrapes and of evaluations, in seconds. */
const STEP = 30;
const MINUTE = 60;

/** How long traffic of before is in the window; and how long all that rules remember may be from before, one after the other. */
const PASSED = 3 * MINUTE;
const SETTLED = 6 * MINUTE;

const wholeMinute = (seconds: number) => Math.ceil(seconds / MINUTE) * MINUTE;

/** Every minute, as rules run. */
const minutes = (from: number, until: number): number[] =>
  Array.from({ length: (until - from) / MINUTE + 1 }, (_, index) => from + index * MINUTE);

/** Nothing is lost before, amid and after an incident; when it is over, the records are the truth. */
function caseOf(id: SourceId, granularity: Granularity, config: Config, given: Incident) {
  const { scrapes, change, settled } = courseOf(id, given);
  const at = wholeMinute(change.until) + SETTLED;
  const truth = { [settled.name]: SIMULATORS[id].observed(settled) };
  return {
    name: JSON.stringify(given),
    interval: `${STEP}s`,
    input_series: samplesOf(scrapes, { step: STEP, duration: at }).map(promtoolSeries),
    promql_expr_test: [
      ...minutes(wholeMinute(change.from) - MINUTE, wholeMinute(change.until) + PASSED).flatMap((seconds) =>
        conserved(id, granularity, seconds),
      ),
      ...expressionTests(config, { at, truth }),
    ],
  } satisfies RuleTest;
}

const granularities = fc.constantFrom<Granularity>('zone', 'workload', 'pod');

describe('whatever happens to whatever cluster, traffic is conserved and then true', () => {
  test.each(SOURCE_IDS)('%s', async (id) => {
    await fc.assert(
      fc.asyncProperty(
        granularities,
        fc.array(incident, { minLength: 4, maxLength: 4 }),
        async (granularity, cases) => {
          const generated = generate({
            rules: { window: WINDOW, infoLookback: WINDOW },
            flows: { source: id, granularity },
          });
          await testAllRules(
            [generated.file(RULES.zoneTraffic)],
            cases.map((one) => caseOf(id, granularity, generated.config, one)),
          );
        },
      ),
      // Each run takes a second or more; the report of a case is small enough to be read as it is.
      { numRuns: 2, endOnFailure: true },
    );
  });
});

test('a rule that fails is noticed, although its record is only missing', async () => {
  const broken = `groups:
  - name: broken
    rules:
      - record: never
        expr: a * on (x) b
`;
  const many = ['1', '2'].map((copy) => ({ series: `b{x="1", copy="${copy}"}`, values: '1x5' }));
  const running = testAllRules(
    [broken],
    [{ name: 'many-to-many', interval: '1m', input_series: [{ series: 'a{x="1"}', values: '1x5' }, ...many] }],
  );
  await expect(running).rejects.toThrow('many-to-many matching not allowed');
});
