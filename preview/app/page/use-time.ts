import { dateTime, type TimeRange } from '@grafana/data';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { parseDuration, parseTime } from '../model/time-range.ts';
import { messageOf } from '../model/message.ts';

/** A time range as it is written and as it is now. */
export interface PageTime {
  readonly range: TimeRange;
  /** Unix milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly raw: { readonly from: string; readonly to: string };
  /** Why the range cannot be read; the last six hours are shown then. */
  readonly problem: string | undefined;
}

/** Not more often than this, in milliseconds, whatever the address says. */
const LEAST_REFRESH = 1000;

/** The picker writes relative times as they are, and others as dates. */
const picked = (text: string, time: number) => (text.startsWith('now') ? text : dateTime(time));

function timeOf(raw: { from: string; to: string }, now: number): PageTime {
  try {
    const [from, to] = [parseTime(raw.from, now, false), parseTime(raw.to, now, true)];
    if (from >= to) throw new Error(`got "${raw.from}" to "${raw.to}", expected a range that ends after it begins`);
    const written = { from: picked(raw.from, from), to: picked(raw.to, to) };
    return { range: { from: dateTime(from), to: dateTime(to), raw: written }, from, to, raw, problem: undefined };
  } catch (error) {
    const known = timeOf({ from: 'now-6h', to: 'now' }, now);
    return { ...known, problem: `time range: ${messageOf(error)}` };
  }
}

function refreshMs(text: string): number | undefined {
  try {
    return text === '' ? undefined : Math.max(LEAST_REFRESH, parseDuration(text));
  } catch {
    return undefined;
  }
}

/**
 * The time range, which moves on with every refresh.
 * @param fixed a clock that stands still, in Unix milliseconds; nothing is refreshed then.
 * @param refresh how often, such as `30s`; empty is never.
 */
export function useTime(raw: { from: string; to: string }, refresh: string, fixed: number | null) {
  const [clock, setClock] = useState(() => Date.now());
  const tick = useCallback(() => setClock(Date.now()), []);
  const every = fixed === null ? refreshMs(refresh) : undefined;

  useEffect(() => {
    if (every === undefined) return undefined;
    // Nobody looks at a hidden page; it catches up when it is shown again.
    const timer = setInterval(() => document.hidden || tick(), every);
    const shown = (): void => {
      if (!document.hidden) tick();
    };
    document.addEventListener('visibilitychange', shown);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [every, tick]);

  const now = fixed ?? clock;
  const { from, to } = raw;
  const time = useMemo(() => timeOf({ from, to }, now), [from, to, now]);
  return { time, now, tick };
}
