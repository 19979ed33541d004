import { expect, test } from '@jest/globals';
import { promtoolSeries, samplesOf } from '../../../bench/samples.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { REPORTS } from '../../support/expected-traffic.ts';
import { generate, RULES } from '../../support/generate.ts';
import { type ExpressionTest, readBy, testRules } from '../../support/rule-test.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { inBursts, TAKEN } from './bursts.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expressionTests, rounded } from './expectations.ts';
import { givenFor, isKubeStateMetrics, observedBy, type Setup, steadyScrapes, STEP, truthAt } from './harness.ts';
import { HOSTILE } from './hostile-cluster.ts';

/** When the double-count check runs, every four minutes. */
const AT = 480;
const SCRAPES = AT / STEP + 1;

const sum = (steps: readonly number[]) => steps.reduce((total, step) => total + step, 0);
const [FIRST = 0] = TAKEN.slice(-10);
const within = (minutes: number) => sum(TAKEN.slice((-minutes * 60) / STEP));

/** What nodes that masquerade have with the outside is worked out from rates of its own. */
const CLUSTER = { ...HOSTILE, masquerade: { except: [] } };

/** Each side alone has all of the traffic: of its values, pairs read those of one side only. */
const endsOf = (setup: Setup): ExpressionTest[] =>
  Object.entries(observedBy(setup, CLUSTER)).flatMap(([unit, traffic]) =>
    (REPORTS[setup.id].includes('destinations') ? ['source', 'destination'] : ['source']).map((side) => ({
      expr: `round(sum(${side}_endpoint:${unit}:rate5m), 0.001)`,
      eval_time: `${AT}s`,
      exp_samples: [{ labels: '{}', value: rounded(sum(traffic.map(({ rate }) => rate)), 3) }],
    })),
  );

/** Both ends of what two agents report say the same. */
const ratiosOf = (setup: Setup): ExpressionTest[] =>
  (REPORTS[setup.id].includes('peer views') ? Object.keys(observedBy(setup, CLUSTER)) : []).map((unit) => ({
    expr: `round(cluster:${unit}_initiator_over_receiver:ratio_rate5m, 0.000001)`,
    eval_time: `${AT}s`,
    exp_samples: [{ labels: `{cluster="${CLUSTER.name}"}`, value: 1 }],
  }));

test('the bursts are as even as the window of 5 minutes, and no other', () => {
  expect([FIRST, within(5)]).toEqual([1, 10]);
  expect(within(4)).not.toBe(8);
  expect(within(6)).not.toBe(12);
  expect(TAKEN.at(-1)).toBe(0);
});

test.concurrent.each(SOURCE_IDS)(
  '%s: a rate is the mean of 5 minutes, whatever happens within them',
  async (id) => {
    const setup = { id };
    const generated = generate(givenFor(setup));
    const scrapes = steadyScrapes(setup, CLUSTER);
    const steady = samplesOf(scrapes, { step: STEP, duration: AT });
    // One agent counts in bursts, so the two ends of its traffic differ at every moment, and agree over the window.
    const agent = scrapes.find((scrape) => !isKubeStateMetrics(scrape))?.labels['instance'];
    const series = steady.map(({ labels, values }) => ({
      labels,
      values: labels['instance'] === agent ? inBursts(values, SCRAPES) : values,
    }));
    await testRules(
      [generated.file(RULES.zoneTraffic), readBy(generated.file(PIPELINE), [])],
      [
        {
          name: id,
          interval: `${STEP}s`,
          input_series: series.map(promtoolSeries),
          promql_expr_test: [
            ...expressionTests(generated.config, truthAt(setup, AT, CLUSTER)),
            ...endsOf(setup),
            ...ratiosOf(setup),
          ],
        },
      ],
    );
  },
  TIMEOUT_MS,
);
