import { seconds } from '../../generators/index.ts';
import { keyOfLabels, type Labels } from '../../bench/model.ts';
import type { RangeSeries } from '../../bench/prometheus-api.ts';
import type { WrittenSeries } from '../../bench/remote-write.ts';
import { type Steps, withEnds } from './recording.ts';
import type { AlertingRuleData } from './rule-files.ts';

type State = 'pending' | 'firing';

/** An alert at a time: its state, and since when its query has had a result; both times in Unix seconds. */
export interface AlertAt {
  readonly time: number;
  readonly state: State;
  readonly activeAt: number;
}

/** How long an alert waits, and how long it goes on after its query has no result any more; seconds. */
interface Patience {
  readonly wait: number;
  readonly keep: number;
}

/**
 * The states that one alert goes through when its query has a result at these times.
 * Upstream: prometheus/prometheus, rules/alerting.go, AlertingRule.Eval.
 */
export function statesOf(
  active: ReadonlySet<number>,
  { from, until, step }: Steps,
  { wait, keep }: Patience,
): readonly AlertAt[] {
  const states: AlertAt[] = [];
  let alert: { state: State; activeAt: number; keptSince?: number } | undefined;
  for (let time = from; time <= until; time += step) {
    if (active.has(time)) {
      alert = { state: alert?.state ?? 'pending', activeAt: alert?.activeAt ?? time };
    } else if (alert !== undefined) {
      const keptSince = alert.keptSince ?? time;
      const isKept = alert.state === 'firing' && time - keptSince < keep;
      alert = isKept ? { ...alert, keptSince } : undefined;
    }
    if (alert === undefined) continue;
    if (alert.state === 'pending' && time - alert.activeAt >= wait) alert.state = 'firing';
    states.push({ time, state: alert.state, activeAt: alert.activeAt });
  }
  return states;
}

/**
 * What an alerting rule stores of the answers to its query: `ALERTS` with the state as a label, and `ALERTS_FOR_STATE`, the time
 * since when, from which Prometheus knows after a restart how long an alert has been waiting.
 */
export function alertSeries(
  rule: AlertingRuleData,
  answers: readonly RangeSeries[],
  steps: Steps,
): readonly WrittenSeries[] {
  const patience = { wait: secondsOf(rule.for), keep: secondsOf(rule.keep_firing_for) };
  return [...activeTimes(rule, answers)].flatMap(([, { labels, times }]) => {
    const states = statesOf(times, steps, patience);
    const series = (name: string, more: Labels, points: readonly (readonly [number, number])[]): WrittenSeries[] =>
      points.length === 0 ? [] : [{ labels: { ...labels, ...more, __name__: name }, samples: withEnds(points, steps) }];
    const inState = (state: State) => states.filter((one) => one.state === state).map(({ time }) => [time, 1] as const);
    return [
      ...series('ALERTS', { alertstate: 'pending' }, inState('pending')),
      ...series('ALERTS', { alertstate: 'firing' }, inState('firing')),
      ...series(
        'ALERTS_FOR_STATE',
        {},
        states.map(({ time, activeAt }) => [time, activeAt] as const),
      ),
    ];
  });
}

/** The labels of a rule that are templates: Prometheus alone can fill them in, so history shows them as they are. */
export const templatedLabels = ({ labels = {} }: AlertingRuleData): readonly string[] =>
  Object.keys(labels).filter((name) => labels[name]?.includes('{{'));

const secondsOf = (duration: string | undefined): number => (duration === undefined ? 0 : seconds(duration));

/** When each alert of a rule has a result, by its labels: those of the result, without its name, and those of the rule. */
function activeTimes(
  { alert, labels = {} }: AlertingRuleData,
  answers: readonly RangeSeries[],
): ReadonlyMap<string, { readonly labels: Labels; readonly times: Set<number> }> {
  const alerts = new Map<string, { labels: Labels; times: Set<number> }>();
  for (const { metric, values } of answers) {
    const { __name__: _name, ...rest } = metric;
    const all = { ...rest, ...labels, alertname: alert };
    const key = keyOfLabels(all);
    const entry = alerts.get(key) ?? { labels: all, times: new Set() };
    alerts.set(key, entry);
    for (const [time] of values) entry.times.add(time);
  }
  return alerts;
}
