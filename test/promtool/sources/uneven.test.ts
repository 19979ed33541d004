import { expect, test } from '@jest/globals';
import { promtoolSeries, type SampledSeries, samplesOf } from '../../../bench/samples.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { REPORTS } from '../../support/expected-traffic.ts';
import { generate, RULES } from '../../support/generate.ts';
import { type ExpressionTest, testRules } from '../../support/rule-test.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expressionTests, rounded } from './expectations.ts';
import { givenFor, observedBy, type Setup, steadyScrapes, STEP, truthAt } from './harness.ts';
import { HOSTILE } from './hostile-cluster.ts';

/**
 * Steps of a steady counter that each scrape takes at once, the last ten within the window of 5 minutes. Ten of them are ten, and so are
 * the last nine plus one, as releases of Prometheus differ in whether the edge of a window is in it. Those of 4 and of 6 minutes are
 * not, nor is twice the last one.
 */
const TAKEN = [1, 1, 1, 0, 0, 1, 3, 0, 1, 0, 1, 1, 0, 1, 2];
const AT = (TAKEN.length - 1) * STEP;

const sum = (steps: readonly number[]) => steps.reduce((total, step) => total + step, 0);
const [FIRST = 0] = TAKEN.slice(-10);
const within = (minutes: number) => sum(TAKEN.slice((-minutes * 60) / STEP));

/** What nodes that masquerade have with the outside is worked out from rates of its own. */
const CLUSTER = { ...HOSTILE, masquerade: { except: [] } };

/** The values of a counter whose growth comes in bursts; it shows what the steady one will show, or showed. */
const inBursts = ({ labels, values }: SampledSeries): SampledSeries => {
  let at = 0;
  return { labels, values: TAKEN.map((steps) => values[(at += steps)]) };
};

/** Each side alone has all of the traffic: of its values, pairs read those of one side only. */
const endsOf = (setup: Setup): ExpressionTest[] =>
  Object.entries(observedBy(setup, CLUSTER)).flatMap(([unit, traffic]) =>
    (REPORTS[setup.id].includes('destinations') ? ['source', 'destination'] : ['source']).map((side) => ({
      expr: `round(sum(${side}_endpoint:${unit}:rate5m), 0.001)`,
      eval_time: `${AT}s`,
      exp_samples: [{ labels: '{}', value: rounded(sum(traffic.map(({ rate }) => rate)), 3) }],
    })),
  );

test('the bursts are as even as the window of 5 minutes, and no other', () => {
  expect([FIRST, within(5)]).toEqual([1, 10]);
  expect(within(4)).not.toBe(8);
  expect(within(6)).not.toBe(12);
  expect(TAKEN.at(-1)).not.toBe(1);
});

test.concurrent.each(SOURCE_IDS)(
  '%s: a rate is the mean of 5 minutes, whatever happens within them',
  async (id) => {
    const setup = { id };
    const generated = generate(givenFor(setup));
    const duration = sum(TAKEN) * STEP;
    const series = samplesOf(steadyScrapes(setup, CLUSTER), { step: STEP, duration });
    await testRules(
      [generated.file(RULES.zoneTraffic)],
      [
        {
          name: id,
          interval: `${STEP}s`,
          input_series: series.map(inBursts).map(promtoolSeries),
          promql_expr_test: [...expressionTests(generated.config, truthAt(setup, AT, CLUSTER)), ...endsOf(setup)],
        },
      ],
    );
  },
  TIMEOUT_MS,
);
