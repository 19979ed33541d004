import { expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { createRandom } from '../../bench/random.ts';
import { statesOf } from '../../demo/replay/alerting.ts';
import { sample } from './scenario.ts';
import { seriesText, testRules } from '../support/rule-test.ts';

/**
 * The demo and the weeks of the noise budget know from `statesOf` when an alert waits, fires and goes on. Here promtool has the last word, on conditions
 * that come and go at random.
 */
test('alerts of a replay wait, fire and go on as those of Prometheus', async () => {
  const MINUTES = 60;
  const random = createRandom(7);
  const patterns = Array.from({ length: 30 }, (_, index) => {
    const levels: number[] = [];
    while (levels.length <= MINUTES) {
      const level = levels.at(-1) === 1 ? 0 : 1;
      levels.push(...Array.from({ length: random.int(1, 3 + (index % 15)) }, () => level));
    }
    return levels.slice(0, MINUTES + 1);
  });
  const rules = [0, 1, 5, 10].flatMap((wait) =>
    [0, 1, 4, 15].map((keep) => ({ alert: `W${wait}K${keep}`, wait, keep })),
  );
  const file = dump({
    groups: [
      {
        name: 'states',
        interval: '1m',
        rules: rules.map(({ alert, wait, keep }) => ({
          alert,
          expr: 'condition == 1',
          for: `${wait}m`,
          keep_firing_for: `${keep}m`,
        })),
      },
    ],
  });
  const expected = rules.flatMap(({ alert, wait, keep }) => {
    const told = patterns.map((levels) => {
      const active = new Set(levels.flatMap((level, minute) => (level === 1 ? [minute * 60] : [])));
      return statesOf(active, { from: 0, until: MINUTES * 60, step: 60 }, { wait: wait * 60, keep: keep * 60 });
    });
    return Array.from({ length: MINUTES + 1 }, (_, minute) => ({
      expr: `ALERTS{alertname="${alert}"}`,
      eval_time: `${minute}m`,
      exp_samples: told.flatMap((states, index) =>
        states
          .filter(({ time }) => time === minute * 60)
          .map(({ state }) =>
            sample({ __name__: 'ALERTS', alertname: alert, alertstate: state, case: String(index) }, 1),
          ),
      ),
    }));
  });
  const states = expected.flatMap(({ exp_samples }) => exp_samples.map(({ labels }) => labels));
  for (const state of ['pending', 'firing']) {
    expect(states.filter((labels) => labels.includes(`"${state}"`)).length).toBeGreaterThan(1000);
  }
  await testRules(
    [file],
    [
      {
        name: 'states',
        interval: '1m',
        input_series: patterns.map((levels, index) => ({
          series: seriesText('condition', { case: String(index) }),
          values: levels.join(' '),
        })),
        promql_expr_test: expected,
      },
    ],
  );
});
