import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { ENS5, expectAnswers, exposed, growing, INTERVAL, type Labels, NODE, seen } from './allowances-input.ts';

const generated = generate();
const rules = generated.file(RULES.allowances);
const OTHER: Labels = { cluster: 'staging', instance: 'b', node: 'b', device: 'eth0' };

/** Packets at these minutes, of 120, of one statistic of an interface. */
const bursts = (statistic: string, labels: Labels, ...minutes: readonly number[]): InputSeries =>
  exposed(
    `${statistic}_allowance_exceeded`,
    labels,
    growing(Array.from({ length: 120 }, (_, minute) => (minutes.includes(minute) ? 100 : 0))),
  );

const at = (record: string, minute: number, ...expected: readonly (readonly [Labels, number])[]) => ({
  expr: record,
  eval_time: `${minute}m`,
  exp_samples: expected.map(([labels, value]) => ({ labels: seriesText(record, labels), value })),
});

const START = 'metric:allowance_exceeded:event_start';

/** The latest start of an event within a week, as the dashboard asks for it. */
const begun = (minute: number, ...expected: readonly (readonly [Labels, number])[]) => ({
  expr: `max_over_time(${START}[7d])`,
  eval_time: `${minute}m`,
  exp_samples: expected.map(([labels, value]) => ({ labels: seriesText('', labels), value: value * 60 })),
});

describe('events of nodes', () => {
  const first = seen(10, 10).first;

  test('begin with the first packets over any allowance, and are one in spite of short breaks', async () => {
    await expectAnswers(
      rules,
      INTERVAL,
      [bursts('pps', ENS5, 10, 22)],
      [
        at(START, first - 1),
        at(START, first, [NODE, first * 60]),
        // Only the first evaluation of an event has a sample.
        at(START, first + 1),
        begun(first + 3, [NODE, first]),
        begun(seen(22, 22).last, [NODE, first]),
      ],
    );
  });

  test('are two where the break is longer, whatever the allowance and the interface', async () => {
    const second = seen(40, 40).first;
    await expectAnswers(
      rules,
      INTERVAL,
      [bursts('pps', ENS5, 10), bursts('bw_in', { ...ENS5, device: 'ens6' }, 40)],
      [begun(second - 1, [NODE, first]), begun(second, [NODE, second])],
    );
  });

  test('are those of each node of each cluster', async () => {
    const { device: _device, ...other } = OTHER;
    await expectAnswers(
      rules,
      INTERVAL,
      [bursts('pps', ENS5, 10), bursts('linklocal', OTHER, 30)],
      [begun(60, [NODE, first], [other, seen(30, 30).first])],
    );
  });

  test('have a sample for each minute over a limit, of any interfaces and allowances', async () => {
    const both = [bursts('pps', ENS5, 10, 11, 12), bursts('bw_in', { ...ENS5, device: 'ens6' }, 12, 13)];
    const { first: from, last: to } = seen(10, 13);
    await expectAnswers(rules, INTERVAL, both, [
      at('metric:allowance_exceeded:node', from - 1),
      at('metric:allowance_exceeded:node', to + 1),
      {
        expr: 'count_over_time(metric:allowance_exceeded:node[7d])',
        eval_time: '60m',
        exp_samples: [{ labels: seriesText('', NODE), value: to - from + 1 }],
      },
    ]);
  });

  test('begin on each node for itself, however much it has in common with others', async () => {
    // As records name them: a node that is known is its own instance.
    const nodes: readonly Labels[] = [
      { cluster: 'c1', instance: 'a', node: 'a' },
      { cluster: 'c2', instance: 'a', node: 'a' },
      { cluster: 'c1', instance: 'a' },
      { cluster: 'c1', instance: 'b' },
    ];
    const every = 50;
    /** Seconds at which it is over its limit: apart, by turns, as by a minute less and by a minute more than the break takes. */
    const over = (index: number) => [1000, 1950, 2950].map((second) => second + index * every);
    const series = nodes.map((labels, index) => ({
      series: seriesText('metric:pps_allowance_exceeded', { ...labels, device: 'ens5' }),
      values: Array.from({ length: 70 }, (_, step) => (over(index).includes(step * every) ? 5 : 0)).join(' '),
    }));
    const starts = nodes.flatMap((labels, index) =>
      over(index).map((second, turn) => ({
        expr: START,
        eval_time: `${second}s`,
        exp_samples: turn === 1 ? [] : [{ labels: seriesText(START, labels), value: second }],
      })),
    );
    const world = { name: 'nodes', interval: `${every}s`, input_series: series, promql_expr_test: starts };
    await testRules([rules], [world], `${every}s`);
  });
});
