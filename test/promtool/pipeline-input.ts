import { type Generated, generate } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText } from '../support/rule-test.ts';
import { expectAnswers, INTERVAL, type Labels, phases } from './allowances-input.ts';

/** What a configuration needs to have all alerts. */
export const ALL = { zones: { valid: '.*[^0-9].*' }, nodeLocalDns: { scrape: true }, controlPlane: { alerts: true } };

/** The file of the alerts on the data itself. */
export const PIPELINE = 'rules/prometheus/traffic-pipeline.rules.yaml';

/** Instead of a value: the series ends, as when its target or the rule that records it does not have it any more. */
export const ABSENT = 'stale';

/** What a series holds during one minute. */
export type Level = number | typeof ABSENT;

/** For how many minutes a series holds a level. */
export type Turn = readonly [minutes: number, level: Level];

/** Turns in order, as a level for each minute. */
export const during = (...turns: readonly Turn[]): Level[] =>
  turns.flatMap(([minutes, level]) => Array.from({ length: minutes }, () => level));

/**
 * A series that holds a level for each minute, from half a minute on: what is scraped in minute 8 is seen at the evaluation of
 * minute 9. Input and evaluation never coincide, so no version of Prometheus decides what is on the edge of a window.
 */
export const holding = (name: string, labels: Labels, levels: readonly Level[]): InputSeries => ({
  series: seriesText(name, labels),
  values: levels.map((level) => `_ ${level}`).join(' '),
});

/** A counter that grows by so much in each minute, and that restarts at 0 where the growth is absent. */
export function counting(name: string, labels: Labels, growth: readonly Level[]): InputSeries {
  let value = 1000;
  const values = growth.map((by) => (value = by === ABSENT ? 0 : value + by));
  return holding(name, labels, values);
}

/** A series that never changes. */
export const constant = (name: string, labels: Labels, level: number, minutes: number): InputSeries =>
  holding(name, labels, phases([minutes, level]));

/** Expects answers of the file of alerts over series. */
export const expectAlerts = (
  generated: Generated,
  series: readonly InputSeries[],
  ...expected: readonly ExpressionTest[]
): Promise<void> => expectAnswers(generated.file(PIPELINE), INTERVAL, series, expected);

/** Names of the alerts that a configuration leaves out, with the reason for each; without those on money and routing, which have tests of their own. */
export const skippedAlerts = (given: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    generate(given).bundle.skipped.flatMap(({ alert, reason }) =>
      alert === undefined || /^CrossZone|ZoneHints/.test(alert) ? [] : [[alert, reason] as const],
    ),
  );

/** Names of the alerts in the file, in order; none where there is no such file. */
export const alertsIn = ({ bundle }: Generated): readonly string[] =>
  bundle.ruleFiles
    .filter(({ name }) => name === 'traffic-pipeline')
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => ('alert' in rule ? [rule.alert] : []));
