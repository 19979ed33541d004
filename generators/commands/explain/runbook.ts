import { ownFile } from '../own-package.ts';

/** The start of a runbook: what the alert means, and the first steps. Markdown, as in `docs/runbooks/`. */
export interface RunbookStart {
  /** Path in the package. */
  readonly file: string;
  readonly meaning: string;
  /** The steps of the first five minutes, without their queries. */
  readonly steps: readonly string[];
}

/** The text under a heading of the second level, up to the next one. */
const under = (markdown: string, heading: string): string =>
  markdown
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`))
    ?.slice(heading.length)
    .trim() ?? '';

/** The start of the runbook of an alert; undefined for alerts of the user's own. */
export function runbookOf(alert: string): RunbookStart | undefined {
  // A name is part of a path here: only what alerts are called.
  const file = `docs/runbooks/${alert}.md`;
  const text = /^\w+$/.test(alert) ? ownFile(...file.split('/')) : undefined;
  if (text === undefined) return undefined;
  const [meaning = ''] = under(text, 'What it means').split('\n\n');
  const steps = Array.from(under(text, 'First five minutes').matchAll(/^\d+\. (.*)$/gm), ([, step = '']) => step);
  return { file, meaning, steps };
}
