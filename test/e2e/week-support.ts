import { rulesOf } from '../preview/demo-support.ts';
import { generate } from '../support/generate.ts';
import { type Firing, firingsOf } from '../../demo/weeks/firing.ts';
import type { Happening, Week } from '../../demo/weeks/week.ts';
import { makeWeek } from '../../demo/weeks/week.ts';

/**
 * The default build, with what all of its alerts need. A scrape a minute instead of two costs half, and changes no rule: windows of five minutes
 * hold five samples.
 */
export const generated = generate({
  scrape: { interval: '1m' },
  zones: { valid: 'eu-central-1[abc]' },
  nodeLocalDns: { scrape: true },
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
