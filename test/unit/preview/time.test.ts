import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatDuration, intervalMs, parseDuration, parseTime } from '../../../preview/app/model/time-range.ts';

/** A Saturday. */
const now = Date.parse('2026-11-21T07:15:30.123Z');

describe('parseTime', () => {
  test.each([
    ['now', '2026-11-21T07:15:30.123Z', '2026-11-21T07:15:30.123Z'],
    ['now-6h', '2026-11-21T01:15:30.123Z', '2026-11-21T01:15:30.123Z'],
    ['now+1h', '2026-11-21T08:15:30.123Z', '2026-11-21T08:15:30.123Z'],
    ['now-5m', '2026-11-21T07:10:30.123Z', '2026-11-21T07:10:30.123Z'],
    ['now-5M', '2026-06-21T07:15:30.123Z', '2026-06-21T07:15:30.123Z'],
    ['now-d', '2026-11-20T07:15:30.123Z', '2026-11-20T07:15:30.123Z'],
    ['now/d', '2026-11-21T00:00:00.000Z', '2026-11-21T23:59:59.999Z'],
    ['now-1d/d', '2026-11-20T00:00:00.000Z', '2026-11-20T23:59:59.999Z'],
    ['now/d+6h', '2026-11-21T06:00:00.000Z', '2026-11-22T05:59:59.999Z'],
    ['now/w', '2026-11-15T00:00:00.000Z', '2026-11-21T23:59:59.999Z'],
    ['now/M', '2026-11-01T00:00:00.000Z', '2026-11-30T23:59:59.999Z'],
    ['now/Q', '2026-10-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['now-1y/y', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
    ['1763712900000', '2025-11-21T08:15:00.000Z', '2025-11-21T08:15:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20 12:30:00', '2026-11-20T12:30:00.000Z', '2026-11-20T12:30:00.000Z'],
    ['2026-11-20T12:30:00+02:00', '2026-11-20T10:30:00.000Z', '2026-11-20T10:30:00.000Z'],
  ])('%s', (raw, start, end) => {
    expect(new Date(parseTime(raw, now, false)).toISOString()).toBe(start);
    expect(new Date(parseTime(raw, now, true)).toISOString()).toBe(end);
  });

  test('a month before the 31st of a long month is the last of a short one', () => {
    const end = Date.parse('2026-03-31T12:00:00Z');
    expect(new Date(parseTime('now-1M', end, false)).toISOString()).toBe('2026-02-28T12:00:00.000Z');
  });

  test.each([
    '',
    'yesterday',
    'now-6x',
    'now - 6h',
    '2026-13-01',
    '2026-11-21T25:00:00Z',
    'now-6',
    '12.5',
    'now-99999999999y',
  ])('refuses %j', (raw) => {
    expect(() => parseTime(raw, now, false)).toThrow(
      new Error(`got "${raw}", expected a time such as now-6h, now/d, 2026-11-21T07:15:00Z or Unix milliseconds`),
    );
  });

  const unit = fc.constantFrom('s', 'm', 'h', 'd', 'w', 'M', 'Q', 'y');
  const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
  const amount = fc.nat({ max: 100 });

  test('going back further is not later', () => {
    fc.assert(
      fc.property(instant, amount, amount, unit, (time, a, b, letter) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(parseTime(`now-${more}${letter}`, time, false)).toBeLessThanOrEqual(
          parseTime(`now-${less}${letter}`, time, false),
        );
      }),
    );
  });

  test('a later now is not earlier, and rounding encloses it', () => {
    fc.assert(
      fc.property(instant, amount, unit, (time, later, letter) => {
        const [start, end] = [parseTime(`now/${letter}`, time, false), parseTime(`now/${letter}`, time, true)];
        expect(start).toBeLessThanOrEqual(time);
        expect(end).toBeGreaterThanOrEqual(time);
        expect(parseTime(`now/${letter}`, time + later * 1000, false)).toBeGreaterThanOrEqual(start);
        expect(parseTime(`now/${letter}`, end + 1, false)).toBe(end + 1);
      }),
    );
  });
});

describe('durations', () => {
  test.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['>10s', 10_000],
    ['1d', 86_400_000],
    ['1M', 30 * 86_400_000],
    ['1y', 365 * 86_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '30', 's', '30 seconds', '-1m', '1m 30s'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(new Error(`got "${text}", expected a duration such as 30s, 5m or 1h`));
  });

  test('are read as they are written', () => {
    expect([0, 90_000, 86_400_000, 1250].map(formatDuration)).toEqual(['0s', '1m30s', '1d', '1s250ms']);
    fc.assert(fc.property(fc.nat(), (ms) => expect(parseDuration(formatDuration(ms))).toBe(ms)));
  });
});

describe('intervalMs', () => {
  // Six hours over 1000 points are 21.6 s, which is nearest to 20 s; and so on by hand.
  test.each([
    [6 * 3_600_000, 1000, 0, 20_000],
    [6 * 3_600_000, 1000, 30_000, 30_000],
    [3 * 3_600_000, 700, 0, 15_000],
    [24 * 3_600_000, 1500, 15_000, 60_000],
    [7 * 86_400_000, 500, 15_000, 1_200_000],
    [1000, 1000, 0, 1],
    [50 * 365 * 86_400_000, 10, 0, 31_536_000_000],
  ])('%d ms over %d points, at least %d ms: %d ms', (range, points, least, expected) => {
    expect(intervalMs(range, points, least)).toBe(expected);
  });

  test('grows with the range', () => {
    const range = fc.integer({ min: 1, max: 1e12 });
    fc.assert(
      fc.property(range, range, fc.integer({ min: 1, max: 3000 }), (a, b, points) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
        expect(intervalMs(shorter, points, 0)).toBeLessThanOrEqual(intervalMs(longer, points, 0));
      }),
    );
  });
});
