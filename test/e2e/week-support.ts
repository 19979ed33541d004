import { rulesOf } from '../preview/demo-support.ts';
import { generate } from '../support/generate.ts';
import { type Firing, firingsOf } from '../../demo/weeks/firing.ts';
import type { Happening, Week } from '../../demo/weeks/week.ts';
import { makeWeek } from '../../demo/weeks/week.ts';

/**
 * How the weeks are told. A Prometheus takes in every scrape of twelve nodes and about fifty pods, and evaluates every rule of the build at each minute as a
 * range query, records first; `statesOf` makes alerts of the answers (test/promtool/alert-states.test.ts holds it against promtool). Three things are
 * shorter than in reality: a day lasts 75 minutes, as hours in which nothing changes are left out; incidents of different subjects overlap; and there
 * is one scrape a minute instead of two, which costs half and changes no rule, as windows of five minutes then hold five samples. No `for` is shortened.
 *
 * The default build, with what all of its alerts need.
 */
export const generated = generate({
  scrape: { interval: '1m' },
  zones: { valid: 'eu-central-1[abc]' },
  nodeLocalDns: { scrape: true },
  cilium: { health: 'always' },
  controlPlane: { alerts: true },
});

/** All tiers of alerts of that build, by name and severity. */
export const tiers: readonly string[] = generated.bundle.ruleFiles
  .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
  .flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels.severity}`] : []));

/** A week, with what fires in it. */
export interface Told {
  readonly week: Week;
  readonly firings: readonly Firing[];
}

/** Replays a week of so many minutes: half a minute of work. */
export async function tell(happenings: readonly Happening[], minutes: number): Promise<Told> {
  const week = makeWeek(happenings, minutes, generated.config);
  return { week, firings: await firingsOf(week, generated.config, rulesOf(generated)) };
}

/** Prints a table; Jest's console would add a stack trace to it. */
export function print(title: string, rows: readonly (readonly (string | number)[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`${[title, ...lines].join('\n')}\n`);
}
