import { seconds, type Config } from '../../generators/index.ts';
import type { RangeSeries } from '../../bench/prometheus-api.ts';
import { createFeed } from '../feed.ts';
import { replay, writeInBatches } from '../replay.ts';
import { makeHome, type RuleFiles } from '../server.ts';
import type { Week } from './week.ts';

/** An alert that fired; times in minutes from the start of the week. */
export interface Firing {
  /** Name and severity. */
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly from: number;
  /** The last evaluation at which it fired. */
  readonly until: number;
}

const MINUTE = 60;
/** So much of a week is fed at a time; seconds. */
const SLICE = 3600;

/**
 * What fires in a week, in order. A real Prometheus takes in every scrape and evaluates every rule once a minute of the week's time, records first.
 * @throws Error that names the rule whose query fails.
 */
export async function firingsOf(
  week: Week,
  config: Config,
  rules: RuleFiles,
  log = (_text: string): void => {},
): Promise<readonly Firing[]> {
  const home = await makeHome();
  try {
    const prometheus = await home.start({});
    try {
      const feed = createFeed(week, config, seconds(config.scrape.interval), week.targetsOf);
      let written = Promise.resolve(0);
      for (let until = week.fedFrom; until < week.until;) {
        until = Math.min(week.until, until + SLICE);
        const next = feed.until(until);
        await written;
        written = writeInBatches(prometheus.url, next);
        // Awaited a moment later.
        written.catch(() => {});
      }
      await written;
      const { signal } = new AbortController();
      await replay({ prometheus, rules, from: week.from, until: week.until, signal, log });
      const { series } = await prometheus.range('ALERTS{alertstate="firing"}', week.from, week.until, MINUTE);
      return series.flatMap((one) => spellsOf(one, week.from)).toSorted((one, other) => one.from - other.from);
    } finally {
      await prometheus.stop();
    }
  } finally {
    await home.remove();
  }
}

/** The times without a gap at which an alert fired. */
function spellsOf({ metric, values }: RangeSeries, start: number): readonly Firing[] {
  const { __name__: _name, alertname, severity, alertstate: _state, ...labels } = metric;
  const spells: { from: number; until: number }[] = [];
  for (const [time] of values) {
    const at = (time - start) / MINUTE;
    const last = spells.at(-1);
    if (last !== undefined && at - last.until <= 1) last.until = at;
    else spells.push({ from: at, until: at });
  }
  return spells.map((spell) => ({ alert: `${alertname} ${severity}`, labels, ...spell }));
}
