import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { builtinNames, builtinScope } from '../../../preview/app/model/builtins.ts';
import { interpolate, type Scope } from '../../../preview/app/model/interpolate.ts';
import { legendOf } from '../../../preview/app/model/legend.ts';
import { queryTiming } from '../../../preview/app/model/query-timing.ts';

const HOUR = 3_600_000;
const to = Date.parse('2026-11-21T07:15:31Z');

describe('queryTiming', () => {
  const sixHours = { from: to - 6 * HOUR, to, maxDataPoints: 1000, scrapeInterval: 15 };

  test('chooses the step that fits, in multiples of which it starts and ends', () => {
    expect(queryTiming(sixHours)).toEqual({
      step: 20,
      start: Date.parse('2026-11-21T01:15:20Z') / 1000,
      end: Date.parse('2026-11-21T07:15:20Z') / 1000,
      scrapeInterval: 15,
    });
  });

  test.each([
    [{ scrapeInterval: 30 }, 30, 30],
    [{ minInterval: '1m' }, 60, 15],
    [{ targetInterval: '5m' }, 300, 300],
    [{ minInterval: '1m', targetInterval: '30s' }, 30, 30],
    [{ minInterval: '', targetInterval: '' }, 20, 15],
    [{ targetInterval: '$__interval' }, 20, 15],
    [{ targetInterval: '${__rate_interval}' }, 60, 15],
    // Prometheus refuses more than 11,000 points: 21,600 s over them are 1.96 s.
    [{ maxDataPoints: 50_000, targetInterval: '1s' }, 2, 1],
  ])('%j: a step of %d s, scrapes every %d s', (more, step, scrapeInterval) => {
    expect(queryTiming({ ...sixHours, ...more })).toMatchObject({ step, scrapeInterval });
  });

  test('refuses what is no duration', () => {
    expect(() => queryTiming({ ...sixHours, targetInterval: 'often' })).toThrow('got "often", expected a duration');
  });

  test('starts and ends on the step, less than one before the range does', () => {
    const time = fc.integer({ min: 0, max: to });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 10, max: 3000 }), (a, b, maxDataPoints) => {
        const range = { from: Math.min(a, b), to: Math.max(a, b) + 1 };
        const { step, start, end } = queryTiming({ ...range, maxDataPoints, scrapeInterval: 15 });
        for (const [aligned, given] of [
          [start, range.from],
          [end, range.to],
        ] as const) {
          expect(aligned % step).toBe(0);
          expect(aligned * 1000).toBeLessThanOrEqual(given);
          expect(given - aligned * 1000).toBeLessThan(step * 1000);
        }
        expect((end - start) / step).toBeLessThanOrEqual(11_000);
      }),
    );
  });
});

describe('builtinScope', () => {
  const input = {
    from: to - 6 * HOUR,
    to,
    step: 20,
    scrapeInterval: 15,
    dashboard: { uid: 'zone-traffic', title: 'Zone traffic & cost' },
  };

  test.each([
    ['$__interval', '20s'],
    ['$__interval_ms', '20000'],
    ['$__rate_interval', '1m'],
    ['$__range', '21600s'],
    ['$__range_s', '21600'],
    ['${__range_ms}', '21600000'],
    ['${__to}', String(to)],
    ['${__to:date:iso}', '2026-11-21T07:15:31.000Z'],
    ['${__dashboard.uid}', 'zone-traffic'],
    ['$__dashboard', 'Zone traffic & cost'],
    ['${__url_time_range}', `from=${to - 6 * HOUR}&to=${to}`],
    ['$__from_', '$__from_'],
  ])('%s is %s', (text, expected) => {
    expect(interpolate(text, builtinScope(input), 'query')).toBe(expected);
  });

  test('a rate interval is a step and a scrape, where that is more than four scrapes', () => {
    const scope = builtinScope({ ...input, step: 300 });
    expect(interpolate('$__rate_interval', scope, 'query')).toBe('5m15s');
  });

  test('links carry the range as it is written, and the variables as they are chosen', () => {
    const variables: Scope = new Map([
      ['cluster', { value: ['a', 'b'], text: 'All', multi: true, url: ['$__all'] }],
      ['node', { value: ['n 1', 'n2'], text: 'n 1 + n2', multi: true }],
      ['none', { value: [], text: '', multi: true }],
    ]);
    const scope = builtinScope({ ...input, range: { from: 'now-1d/d', to: 'now' }, variables });
    expect(interpolate('?${__url_time_range}&${__all_variables}', scope, 'url')).toBe(
      '?from=now-1d%2Fd&to=now&var-cluster=%24__all&var-node=n%201&var-node=n2',
    );
  });

  test('all names are known', () => {
    expect([...builtinScope(input).keys()]).toEqual(builtinNames);
  });
});

describe('legendOf', () => {
  const labels = { __name__: 'up', job: 'node', instance: 'a"b' };

  test.each([
    ['{{job}} on {{ instance }}', true, 'node on a"b'],
    ['{{nothing}}!', true, '!'],
    ['Total', false, 'Total'],
    [undefined, true, 'up{instance="a\\"b", job="node"}'],
    ['', false, 'up{instance="a\\"b", job="node"}'],
    ['__auto', true, 'up{instance="a\\"b", job="node"}'],
    ['__auto', false, undefined],
  ])('%j, the only one: %j', (format, isOnly, expected) => {
    expect(legendOf(format, labels, isOnly)).toBe(expected);
  });

  test('a series without labels has its name only, if that', () => {
    expect(legendOf('__auto', { __name__: 'up' }, true)).toBe('up');
    expect(legendOf(undefined, { job: 'node' }, true)).toBe('{job="node"}');
    expect(legendOf('__auto', {}, true)).toBeUndefined();
  });
});
