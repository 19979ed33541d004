import type { NewFile } from './files.ts';

/** What `init` did. */
interface Done {
  /** The folder, relative to the current one. */
  readonly shown: string;
  readonly reasons: readonly string[];
  readonly written: readonly string[];
  readonly left: readonly NewFile[];
  readonly warnings: readonly string[];
  /** Whether package.json is new, so that packages must be installed. */
  readonly hasPackage: boolean;
}

/** What `init` prints: the answers and why, the files, and what comes next. */
export function messageLines({ shown, reasons, written, left, warnings, hasPackage }: Done): readonly string[] {
  const steps = [
    ...(shown === '.' ? [] : [`cd ${shown}`]),
    ...(hasPackage ? ['npm install'] : []),
    'npx azimuth build',
  ];
  return [
    `${written.length} files in ${shown}`,
    ...written.map((path) => `  new: ${path}`),
    ...left.map(({ path, otherwise }) => `  left as it is: ${path} (${otherwise})`),
    'answers',
    ...reasons,
    ...(warnings.length === 0 ? [] : ['to do', ...warnings.map((warning) => `  ${warning}`)]),
    `next: ${steps.join(' && ')}`,
  ];
}
