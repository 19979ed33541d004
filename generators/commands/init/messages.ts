import type { NewFile } from './files.ts';

/** What `init` did. */
interface Done {
  /** The folder, relative to the current one. */
  readonly shown: string;
  readonly reasons: readonly string[];
  readonly written: readonly string[];
  readonly left: readonly NewFile[];
  readonly warnings: readonly string[];
  /** Whether the folder may lie inside of a repository, where no pipeline is read. */
  readonly isNested: boolean;
}

/** What `init` prints: the answers and why, the files, and what comes next. */
export function messageLines({ shown, reasons, written, left, warnings, isNested }: Done): readonly string[] {
  const folder = /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
  const steps = [...(shown === '.' ? [] : [`cd ${folder}`]), 'npm install', 'npx azimuth build'];
  const notes = [
    ...warnings,
    ...(isNested
      ? ['if this folder is part of a larger repository, move the pipeline to its top: it is read nowhere else']
      : []),
  ];
  return [
    `${written.length} ${written.length === 1 ? 'file' : 'files'} in ${shown}`,
    ...written.map((path) => `  new: ${path}`),
    ...left.map(({ path, otherwise }) => `  left as it is: ${path} (${otherwise})`),
    'answers',
    ...reasons,
    ...(notes.length === 0 ? [] : ['notes', ...notes.map((line) => `  ${line}`)]),
    `next: ${steps.join(' && ')}`,
  ];
}
