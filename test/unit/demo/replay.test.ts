import { describe, expect, test } from '@jest/globals';
import { alertSeries, statesOf, templatedLabels } from '../../../demo/replay/alerting.ts';
import { evaluate } from '../../../demo/replay/range.ts';
import { recordedSeries, stepsWithin, withEnds } from '../../../demo/replay/recording.ts';
import { rounded } from '../../../demo/replay/rounding.ts';
import { groupsInOrder, withInterval } from '../../../demo/replay/rule-files.ts';
import { generate } from '../../support/generate.ts';

const STEPS = { from: 0, until: 600, step: 60 };
const stale = (seconds: number) => ({ value: 'stale', milliseconds: seconds * 1000 });
const value = (seconds: number, one = 1) => ({ value: one, milliseconds: seconds * 1000 });

describe('the order of groups', () => {
  const rule = (record: string, expr: string) => ({ record, expr });
  const file = (...groups: object[]) => JSON.stringify({ groups });

  test('puts a group after those whose records it reads, whatever the files', () => {
    const files = {
      a: file(
        { name: 'last', rules: [{ alert: 'A', expr: 'x:b > 0' }] },
        { name: 'middle', rules: [rule('x:b', 'x:a')] },
      ),
      b: file({ name: 'first', interval: '2m', rules: [rule('x:a', 'rate(x:aa[5m])')] }, { name: 'other' }),
    };
    const ordered = groupsInOrder(files);
    expect(ordered.map(({ group, after }) => [group.name, after.map(({ name }) => name)])).toEqual([
      ['first', []],
      ['middle', ['first']],
      ['last', ['middle']],
      ['other', []],
    ]);
    expect(ordered.map(({ group }) => group.interval)).toEqual([120, 60, 60, 60]);
  });

  test('leaves out nothing where groups read each other', () => {
    const files = {
      a: file({ name: 'one', rules: [rule('a', 'b')] }, { name: 'two', rules: [rule('b', 'a')] }),
    };
    expect(
      groupsInOrder(files)
        .map(({ group }) => group.name)
        .toSorted(),
    ).toEqual(['one', 'two']);
  });

  test('begins with identities, as generated', () => {
    const rules = Object.fromEntries(
      generate().artifacts.flatMap(({ kind, path, text }) => (kind === 'rules' ? [[path, text]] : [])),
    );
    const names = groupsInOrder(rules).map(({ group }) => group.name);
    expect(names.indexOf('azimuth-identity')).toBeLessThan(names.indexOf('azimuth-network-flows'));
    expect(names.indexOf('azimuth-network-flows')).toBeLessThan(names.indexOf('azimuth-traffic-pipeline'));
    const hasty = groupsInOrder(withInterval(rules, '1s'));
    expect(hasty.map(({ group }) => ({ ...group, interval: 0 }))).toEqual(
      groupsInOrder(rules).map(({ group }) => ({ ...group, interval: 0 })),
    );
    expect(new Set(hasty.map(({ group }) => group.interval))).toEqual(new Set([1]));
  });
});

describe('what a recording rule stores', () => {
  test('is evaluated at multiples of the interval', () => {
    expect(stepsWithin(100, 500, 60)).toEqual({ from: 120, until: 480, step: 60 });
  });

  test('ends where values are missing, and goes on at the end', () => {
    const values = [0, 60, 240, 540, 600].map((time) => [time, 1] as const);
    expect(withEnds(values, STEPS)).toEqual([
      value(0),
      value(60),
      stale(120),
      value(240),
      stale(300),
      value(540),
      value(600),
    ]);
  });

  test('has the name and the labels of the rule; two series that become one are an error', () => {
    const answers = ['a', 'b'].map((pod) => ({ metric: { __name__: 'x', pod }, values: [[600, 1] as const] }));
    const [first] = recordedSeries({ record: 'r', expr: 'x', labels: { team: 'net' } }, answers, STEPS);
    expect(first).toEqual({ labels: { __name__: 'r', pod: 'a', team: 'net' }, samples: [value(600)] });
    expect(() => recordedSeries({ record: 'r', expr: 'x', labels: { pod: 'c' } }, answers, STEPS)).toThrow(
      'its labels make two of its series one',
    );
  });

  test('is the same in parts as in one piece', async () => {
    const asked: number[] = [];
    const range = (_query: string, from: number, until: number, step: number) => {
      for (let time = from; time <= until; time += step) asked.push(time);
      const values = Array.from({ length: (until - from) / step + 1 }, (_, index) => from + index * step);
      return Promise.resolve({
        series: [{ metric: { a: '1' }, values: values.map((time) => [time, time] as const) }],
        warnings: [],
      });
    };
    for (const until of [0, 60, 120, 540, 600]) {
      asked.length = 0;
      const [series] = await evaluate({ range }, 'x', { from: 0, until, step: 60 });
      const times = Array.from({ length: until / 60 + 1 }, (_, index) => index * 60);
      expect(asked).toEqual(times);
      expect(series?.values.map(([time]) => time)).toEqual(times);
    }
  });
});

describe('the states of an alert', () => {
  const states = (active: readonly number[], wait: number, keep: number) =>
    statesOf(new Set(active), STEPS, { wait, keep }).map(({ time, state, activeAt }) => `${time} ${state} ${activeAt}`);

  test('fire at once without a wait', () => {
    expect(states([120, 180], 0, 0)).toEqual(['120 firing 120', '180 firing 120']);
  });

  test('wait, and begin anew after a gap', () => {
    expect(states([0, 60, 180, 240, 300], 120, 0)).toEqual([
      '0 pending 0',
      '60 pending 0',
      '180 pending 180',
      '240 pending 180',
      '300 firing 180',
    ]);
  });

  test('go on firing for a while, never pending', () => {
    expect(states([0, 240, 300], 60, 180)).toEqual([
      '0 pending 0',
      '240 pending 240',
      '300 firing 240',
      '360 firing 240',
      '420 firing 240',
      '480 firing 240',
    ]);
    // A result in between ends the while, and the alert is still the same.
    expect(states([0, 60, 180], 60, 120)).toEqual([
      '0 pending 0',
      '60 firing 0',
      '120 firing 0',
      '180 firing 0',
      '240 firing 0',
      '300 firing 0',
    ]);
  });

  test('are stored with their labels, and since when', () => {
    const rule = { alert: 'A', expr: 'x', for: '1m', labels: { severity: 'warning' } };
    const answers = [{ metric: { __name__: 'x', node: 'n' }, values: [0, 60, 120].map((time) => [time, 5] as const) }];
    const labels = { alertname: 'A', severity: 'warning', node: 'n' };
    expect(alertSeries(rule, answers, { from: 0, until: 240, step: 60 })).toEqual([
      { labels: { ...labels, __name__: 'ALERTS', alertstate: 'pending' }, samples: [value(0), stale(60)] },
      { labels: { ...labels, __name__: 'ALERTS', alertstate: 'firing' }, samples: [value(60), value(120), stale(180)] },
      {
        labels: { ...labels, __name__: 'ALERTS_FOR_STATE' },
        samples: [value(0, 0), value(60, 0), value(120, 0), stale(180)],
      },
    ]);
  });

  test('have no templates in generated labels', () => {
    const rules = Object.fromEntries(
      generate().artifacts.flatMap(({ kind, path, text }) => (kind === 'rules' ? [[path, text]] : [])),
    );
    const alerts = groupsInOrder(rules).flatMap(({ group }) =>
      group.rules.flatMap((rule) => ('alert' in rule ? [rule] : [])),
    );
    expect(alerts.length).toBeGreaterThan(10);
    expect(alerts.flatMap(templatedLabels)).toEqual([]);
    expect(templatedLabels({ alert: 'A', expr: 'x', labels: { of: '{{ $labels.node }}', severity: 'info' } })).toEqual([
      'of',
    ]);
  });
});

describe('rounding', () => {
  const series = (...numbers: readonly number[]) => [
    { metric: {}, values: numbers.map((one, index) => [index, one] as const) },
  ];
  const valuesOf = (answers: ReturnType<typeof rounded>) =>
    answers.flatMap(({ values }) => values.map(([, one]) => one));

  test('keeps nine digits of the largest value, and whole numbers', () => {
    const [large = 0, small = 0] = valuesOf(rounded(series(1234.56789012345, 0.1)));
    expect(Math.abs(large / 1234.56789012345 - 1)).toBeLessThan(1e-9);
    expect(Math.abs(small - 0.1)).toBeLessThan(1e-6);
    expect(valuesOf(rounded(series(1_768_478_400, 0, 1)))).toEqual([1_768_478_400, 0, 1]);
    expect(valuesOf(rounded(series(0, -0)))).toEqual([0, -0]);
    expect(valuesOf(rounded(series(Number.NaN, Infinity, 2)))).toEqual([Number.NaN, Infinity, 2]);
  });

  test('keeps cores beside bytes', () => {
    const of = (resource: string, amount: number) => ({ metric: { resource }, values: [[0, amount] as const] });
    const [cores = 0, bytes = 0] = valuesOf(rounded([of('cpu', 0.6), of('memory', 2 ** 33)]));
    expect(Math.abs(cores - 0.6)).toBeLessThan(1e-9);
    expect(bytes).toBe(2 ** 33);
  });

  test('takes no notice of the last bits of a sum that lies between two multiples', () => {
    const unit = 2 ** -20;
    const kept = [1, 1 - 1e-15, 1 + 1e-15].map((noise) =>
      valuesOf(rounded(series(1024, 512.25 * noise + unit / 2, 512.25 * noise + (3 * unit) / 4))).slice(1),
    );
    expect(kept[1]).toEqual(kept[0]);
    expect(kept[2]).toEqual(kept[0]);
  });

  test('makes sums the same in any order', () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => Math.abs(Math.sin(index)) * 10 ** (index % 5));
    const kept = valuesOf(rounded(series(...numbers)));
    const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);
    expect(sum(numbers)).not.toBe(sum(numbers.toReversed()));
    expect(sum(kept)).toBe(sum(kept.toReversed()));
  });
});
