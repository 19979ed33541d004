import { expect, test } from '@jest/globals';
import { promtoolSeries, samplesOf } from '../../../bench/samples.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { generate, RULES } from '../../support/generate.ts';
import { testRules } from '../../support/rule-test.ts';
import { PIPELINE } from '../pipeline-input.ts';
import { inBursts, TAKEN } from './bursts.ts';
import { TIMEOUT_MS } from './cases.ts';
import { expressionTests } from './expectations.ts';
import { givenFor, isKubeStateMetrics, steadyScrapes, STEP, truthAt } from './harness.ts';
import { endsAt, ratiosAt } from './totals.ts';
import { HOSTILE } from './hostile-cluster.ts';

/** When the double-count check runs, every four minutes. */
const AT = 480;
const SCRAPES = AT / STEP + 1;

const sum = (steps: readonly number[]) => steps.reduce((total, step) => total + step, 0);
const [FIRST = 0] = TAKEN.slice(-10);
const within = (minutes: number) => sum(TAKEN.slice((-minutes * 60) / STEP));

/** What nodes that masquerade have with the outside is worked out from rates of its own. */
const CLUSTER = { ...HOSTILE, masquerade: { except: [] } };

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
      [generated.file(RULES.zoneTraffic), generated.file(PIPELINE)],
      [
        {
          name: id,
          interval: `${STEP}s`,
          input_series: series.map(promtoolSeries),
          promql_expr_test: [
            ...expressionTests(generated.config, truthAt(setup, AT, CLUSTER)),
            ...endsAt(setup, AT, CLUSTER),
            ...ratiosAt(setup, AT, CLUSTER),
          ],
        },
      ],
    );
  },
  TIMEOUT_MS,
);
