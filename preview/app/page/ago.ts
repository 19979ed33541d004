const MINUTE = 60_000;

/** A time in words: `12 min`, `1 h 5 min`. */
const amount = (minutes: number): string => {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
};

/** How far a time lies from now, in words: `12 min ago`, `in 3 min`. Both in Unix milliseconds. */
export function ago(time: number, now: number): string {
  const minutes = Math.round(Math.abs(now - time) / MINUTE);
  if (minutes === 0) return 'just now';
  return time > now ? `in ${amount(minutes)}` : `${amount(minutes)} ago`;
}

/** How long something has lasted, in words. Both in Unix milliseconds. */
export const lasting = (since: number, now: number): string =>
  now - since < MINUTE ? 'less than a minute' : amount(Math.floor((now - since) / MINUTE));
