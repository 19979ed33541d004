import { add, endOf, startOf } from './calendar.ts';

export { formatDuration, parseDuration } from './duration.ts';
export { intervalMs } from './interval.ts';

const RELATIVE = /^now((?:[+-]\d*[smhdwMQy]|\/[smhdwMQy])*)$/;
const STEP = /([+\-/])(\d*)([smhdwMQy])/g;
const ABSOLUTE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Applies `-6h`, `/d` and so on, one after the other. */
function relative(steps: string, now: number, roundUp: boolean): number {
  let time = now;
  for (const [, sign, amount, unit = ''] of steps.matchAll(STEP)) {
    if (sign === '/') time = roundUp ? endOf(time, unit) : startOf(time, unit);
    else time = add(time, (sign === '-' ? -1 : 1) * Number(amount === '' ? 1 : amount), unit);
  }
  return time;
}

/** A date without a zone is meant in UTC, as all of the preview's times are. */
function absolute(raw: string): number {
  const text = raw.replace(' ', 'T');
  return Date.parse(/^.{10}T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`);
}

/**
 * Unix milliseconds of a time as Grafana writes it: `now`, `now-6h`, `now-1d/d` (rounded to the day, down or up), Unix milliseconds, or a
 * date such as `2026-11-21` or `2026-11-21T07:15:00Z`. Units: `s m h d w M Q y`; UTC.
 *
 * @param roundUp for the end of a range: `/d` is then the last millisecond of the day, otherwise the first
 * @throws Error that names the text when it is none of these
 */
export function parseTime(raw: string, now: number, roundUp: boolean): number {
  const text = raw.trim();
  const steps = RELATIVE.exec(text)?.[1];
  const time =
    steps === undefined
      ? /^-?\d+$/.test(text)
        ? Number(text)
        : ABSOLUTE.test(text)
          ? absolute(text)
          : Number.NaN
      : relative(steps, now, roundUp);
  if (Number.isNaN(new Date(time).getTime()))
    throw new Error(`got "${raw}", expected a time such as now-6h, now/d, 2026-11-21T07:15:00Z or Unix milliseconds`);
  return time;
}
