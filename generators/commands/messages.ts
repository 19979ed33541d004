import { partName, type Skipped, type Warning } from '../model/report.ts';

/** Kinds of skipped parts that have names; several of one kind share one noun. */
const NAMED = new Set(['alert', 'dashboard', 'panel']);

const nameOf = (skipped: Skipped): string => partName(skipped) ?? skipped.kind;

/** A skipped part with its kind: `alert TrafficLost`, `panel zone-traffic/matrix`, `records of cost`. */
export const skippedName = (skipped: Skipped): string =>
  NAMED.has(skipped.kind) ? `${skipped.kind} ${nameOf(skipped)}` : skipped.kind;

/** Skipped parts by kind, such as `alerts A, B, panel C`. */
function together(skipped: readonly Skipped[]): string {
  const kinds = [...new Set(skipped.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const names = skipped.filter((part) => part.kind === kind).map(nameOf);
      return NAMED.has(kind) ? `${kind}${names.length > 1 ? 's' : ''} ${names.join(', ')}` : kind;
    })
    .join(', ');
}

/** Skipped parts as text, one line per reason. */
export const skippedLines = (skipped: readonly Skipped[]): readonly string[] =>
  [...new Set(skipped.map(({ reason }) => reason))].map(
    (reason) => `  left out: ${together(skipped.filter((part) => part.reason === reason))} (${reason})`,
  );

/** Warnings as text, one line each. */
export const warningLines = (warnings: readonly Warning[]): readonly string[] =>
  warnings.map(({ kind, settings, reason }) => `  ${kind}: ${settings.join(', ')} (${reason})`);

/** Rows as aligned columns. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
