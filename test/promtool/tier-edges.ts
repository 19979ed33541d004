import { describe, expect, test } from '@jest/globals';
import type { Generated } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, INTERVAL, type Labels } from './allowances-input.ts';
import type { Turn } from './pipeline-input.ts';

/** An alert that fires at some minutes, for nothing else. */
export type Firing = readonly (readonly [minute: number, ...where: Labels[]])[];

/** Runs a rule file over records as input, so that each holds exactly a value. */
export const firingOf =
  (rules: string) =>
  (alert: string, severity: string, series: readonly InputSeries[], firing: Firing): Promise<void> =>
    testRules(
      [rules],
      [
        {
          name: `${alert} ${severity}`,
          interval: INTERVAL,
          input_series: series,
          promql_expr_test: firing.map(([minute, ...where]) => fires(alert, severity, minute, where)),
        },
      ],
    );

/** What is held in minute 9 is seen at minute 10. */
export const SEEN = 1;
const QUIET = 10;
const LASTING = 30;
/** Minutes for which the cases of `describeTiers` need a series that never changes. */
export const ALWAYS = 2 * LASTING;

/** An alert with a threshold: series that hold a level, and for each tier the level that is just not enough and the one that just is. */
export interface Threshold {
  readonly alert: string;
  readonly where: Labels;
  readonly series: (...turns: readonly Turn[]) => readonly InputSeries[];
  readonly tiers: readonly (readonly [severity: string, threshold: number, above: number, pending: number])[];
}

/** How long all of these alerts go on. */
const KEPT = 15;

/** A test for each tier: it fires above the threshold, to the minute, and goes on to the minute. */
export function describeTiers(rules: string, alerts: readonly Threshold[]): void {
  const expectFiring = firingOf(rules);
  const tiers = alerts.flatMap(({ tiers: own, ...rest }) => own.map((tier) => ({ ...rest, tier })));
  describe('fires above the threshold, to the minute, and goes on to the minute', () => {
    test.each(tiers)(
      '$alert, $tier.0',
      async ({ alert, where, series, tier: [severity, threshold, above, pending] }) => {
        const begins = QUIET + SEEN;
        const ends = begins + LASTING;
        await expectFiring(alert, severity, series([QUIET, threshold], [LASTING, above], [KEPT + 5, threshold]), [
          [begins + pending - 1],
          [begins + pending, where],
          [ends + KEPT - 1, where],
          [ends + KEPT],
        ]);
      },
    );
  });
}

/** Expects that the alerts of a rule file are these tiers and those of other tests. */
export function expectAllTiers(
  { bundle }: Generated,
  file: string,
  alerts: readonly Threshold[],
  others: readonly string[],
): void {
  const tiers = bundle.ruleFiles
    .filter(({ name }) => name === file)
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels.severity}`] : []));
  const tested = alerts.flatMap(({ alert, tiers: own }) => own.map(([severity]) => `${alert} ${severity}`));
  expect(tiers.toSorted()).toEqual([...tested, ...others].toSorted());
}
