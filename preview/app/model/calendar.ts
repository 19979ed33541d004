const DAY = 86_400_000;

/** Months that a unit of the calendar is long. */
const MONTHS: Readonly<Record<string, number>> = { M: 1, Q: 3, y: 12 };

/** Milliseconds that a unit of the clock is long. */
const LENGTHS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };

/** A month later or earlier is the same day of that month, or its last where it is shorter. */
function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, length));
  return date.getTime();
}

/** A time and an amount of a unit (`s m h d w M Q y`), which may be negative; UTC, Unix milliseconds. */
export function add(time: number, amount: number, unit: string): number {
  const months = MONTHS[unit];
  return months === undefined ? time + amount * (LENGTHS[unit] ?? 0) : addMonths(time, amount * months);
}

/** Where the unit (`s m h d w M Q y`) begins that a time lies in; UTC, Unix milliseconds. Weeks begin on Sunday, as in Grafana's default. */
export function startOf(time: number, unit: string): number {
  const date = new Date(time);
  const months = MONTHS[unit];
  if (months !== undefined) {
    const month = date.getUTCMonth();
    return Date.UTC(date.getUTCFullYear(), month - (month % months), 1);
  }
  const length = LENGTHS[unit === 'w' ? 'd' : unit] ?? 1;
  const start = Math.floor(time / length) * length;
  return unit === 'w' ? start - date.getUTCDay() * DAY : start;
}

/** The last millisecond of the unit that a time lies in. */
export const endOf = (time: number, unit: string): number => add(startOf(time, unit), 1, unit) - 1;
