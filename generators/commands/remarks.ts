import type { Note } from '../model/warning.ts';
import type { Omission } from '../model/skipped.ts';

/** What is named by a word of its own, so that several of them need that word only once. */
const NAMED = /^(alert|dashboard|panel) (\S+)$/;

/** `alerts A, B` for `alert A` and `alert B`; in the order in which the words first come. */
function together(whats: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const what of whats) {
    const [, noun = '', name = what] = NAMED.exec(what) ?? [];
    // Without a word of its own, each is a group.
    const key = noun === '' ? ` ${what}` : noun;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups]
    .map(([key, names]) => (key.startsWith(' ') ? '' : `${key}${names.length > 1 ? 's' : ''} `) + names.join(', '))
    .join(', ');
}

/** What is left out, a line for each reason, as people read it. */
export const omissionLines = (omissions: readonly Omission[]): readonly string[] =>
  [...new Set(omissions.map(({ reason }) => reason))].map((reason) => {
    const whats = omissions.filter((omission) => omission.reason === reason).map(({ what }) => what);
    return `  left out: ${together(whats)} (${reason})`;
  });

/** What whoever wrote the configuration may not have meant, a line for each note. */
export const noteLines = (notes: readonly Note[]): readonly string[] =>
  notes.map(({ kind, settings, reason }) => `  ${kind}: ${settings.join(', ')} (${reason})`);
