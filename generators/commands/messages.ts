import type { Skipped, Warning } from '../model/report.ts';

/** Kinds whose members have names of their own, so that several of them need the word only once. */
const NAMED = new Set(['alert', 'dashboard', 'panel']);

/** The name of one skipped part: `zone-traffic/matrix` of a panel; the kind itself where it says everything. */
const nameOf = ({ kind, alert, dashboard, panel }: Skipped): string =>
  alert ?? (panel === undefined ? dashboard : `${dashboard ?? ''}/${panel}`) ?? kind;

/** One skipped part in words: `alert TrafficLost`, `panel zone-traffic/matrix`, `records of cost`. */
export const skippedName = (skipped: Skipped): string =>
  NAMED.has(skipped.kind) ? `${skipped.kind} ${nameOf(skipped)}` : skipped.kind;

/** `alerts A, B` for the alerts A and B; kinds in the order in which they first come. */
function together(skipped: readonly Skipped[]): string {
  const kinds = [...new Set(skipped.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const names = skipped.filter((part) => part.kind === kind).map(nameOf);
      return NAMED.has(kind) ? `${kind}${names.length > 1 ? 's' : ''} ${names.join(', ')}` : kind;
    })
    .join(', ');
}

/** Parts that are left out, a line for each reason, as people read it. */
export const skippedLines = (skipped: readonly Skipped[]): readonly string[] =>
  [...new Set(skipped.map(({ reason }) => reason))].map(
    (reason) => `  left out: ${together(skipped.filter((part) => part.reason === reason))} (${reason})`,
  );

/** Settings that are probably a mistake, a line for each warning. */
export const warningLines = (warnings: readonly Warning[]): readonly string[] =>
  warnings.map(({ kind, settings, reason }) => `  ${kind}: ${settings.join(', ')} (${reason})`);
