import { test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { ENS5, exposed, holds, type Labels, NODE } from './allowances-input.ts';

const rules = generate().file(RULES.allowances);

const AVAILABLE = 'metric:conntrack_allowance_available';
const MOVED = `${AVAILABLE}:moved`;
const HOUR = `${AVAILABLE}:max1h`;
const WEEK = `${AVAILABLE}:max7d`;

test('the maximum of a week forgets after a week', async () => {
  // Hourly maxima in place of those of the rules, so that two evaluations are enough.
  const every = 167.5;
  const at = (hour: number, ...expected: readonly (readonly [Labels, number])[]) =>
    holds(WEEK, `${60 * hour}m`, expected);
  // 1000 at that hour, and 100 at the time of both evaluations.
  const was = (cluster: string, hour: number): InputSeries => {
    const halves = Array.from({ length: 4 * every + 1 }, (_, half) => {
      if (half === 2 * hour) return '1000';
      return half > 0 && half % (2 * every) === 0 ? '100' : '_';
    });
    return { series: seriesText(HOUR, { ...NODE, cluster }), values: halves.join(' ') };
  };
  const node = (cluster: string): Labels => ({ ...NODE, cluster });
  await testRules(
    [rules],
    [
      {
        name: 'week',
        interval: '30m',
        input_series: [was('first', 0), was('before', 166), was('odd', 169)],
        promql_expr_test: [
          at(every, [node('first'), 1000], [node('before'), 1000], [node('odd'), 100]),
          at(2 * every, [node('first'), 100], [node('before'), 100], [node('odd'), 1000]),
        ],
      },
    ],
    `${60 * every}m`,
  );
});

test('a change is forgotten after a day, or with its interface; a maximum after an hour', async () => {
  const every = 3570;
  const day = 24 * 3600;
  // A day before the 25th evaluation, and a second later.
  const [old, young] = [25 * every - day, 25 * every - day + 1];
  const nameless = (instance: string, device = 'ens5'): Labels => ({ cluster: 'production', instance, device });
  const n3 = (device: string): Labels => ({ ...nameless('n3', device), node: 'n3' });
  /** Interfaces that are there, when they changed and what they show. */
  const there: readonly (readonly [labels: Labels, moved: number | undefined, left: number])[] = [
    [ENS5, old, 100],
    [{ ...NODE, device: 'ens6' }, young, 900],
    [nameless('10.0.0.8:9417'), day, 900],
    [nameless('n3'), day, 900],
    [n3('ens6'), day, 900],
    [nameless('n3', 'ens7'), day, 950],
    [n3('ens7'), undefined, 100],
  ];
  // Each differs in one label from one that is there.
  const gone: readonly Labels[] = [
    { ...NODE, device: 'ens7' },
    { ...ENS5, cluster: 'staging' },
    nameless('10.0.0.9:9417'),
    n3('ens5'),
  ];
  const moved = there.flatMap(([labels, at]) => (at === undefined ? [] : [[labels, at] as const]));
  const nodes = [NODE, ...['10.0.0.8:9417', 'n3'].map((instance) => ({ cluster: 'production', instance }))].concat([
    { cluster: 'production', instance: 'n3', node: 'n3' },
  ]);
  const at = (evaluation: number, record: string, expected: readonly (readonly [Labels, number])[]) =>
    holds(record, `${evaluation * every}s`, expected);
  const all = (value: number) => nodes.map((labels) => [labels, value] as const);
  await testRules(
    [rules],
    [
      {
        name: 'a day',
        interval: `${every}s`,
        input_series: [
          ...there.map(([labels, , left]) => exposed('conntrack_allowance_available', labels, `1000 ${left}x30`)),
          ...[...moved, ...gone.map((labels) => [labels, day] as const)].map(([labels, when]) => ({
            series: seriesText(MOVED, labels),
            values: `${when}`,
          })),
        ],
        promql_expr_test: [
          at(1, AVAILABLE, all(900)),
          at(1, HOUR, all(1000)),
          at(2, HOUR, all(900)),
          at(24, MOVED, moved),
          at(25, MOVED, moved.slice(1)),
        ],
      },
    ],
    // Almost an hour, so that few evaluations are enough.
    `${every}s`,
  );
});
