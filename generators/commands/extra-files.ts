import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Texts } from '../extra/index.ts';
import type { ExtraPaths } from '../extra/settings.ts';
import { isMissing } from '../output-dir/folders.ts';
import { type Problem, ProblemError } from '../schema/problems.ts';

/** More than anybody writes by hand. */
const MAX_FILES = 500;

/** A pattern as a regular expression for whole paths: `*` within a name, `**` across folders. */
function patternOf(path: string): RegExp {
  const parts = path.split(/(\*\*\/|\*)/).map((part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** Paths of files that a path or pattern names, from `cwd`, in the order of their names. */
async function matching(cwd: string, path: string): Promise<readonly string[]> {
  if (!path.includes('*')) return [path];
  // Only below the folder that stands before the first star.
  const top = path.slice(0, path.indexOf('*')).replace(/[^/]*$/, '');
  const pattern = patternOf(path);
  try {
    const names = await readdir(resolve(cwd, top), { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile())
      .map((entry) => `${top}${relative(resolve(cwd, top), join(entry.parentPath, entry.name)).replaceAll(sep, '/')}`)
      .filter((name) => pattern.test(name))
      .toSorted();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The texts of a list of paths and patterns; what cannot be read is added to the problems. */
async function textsOf(
  cwd: string,
  setting: string,
  paths: readonly string[],
  read: (path: string) => Promise<string>,
  problems: Problem[],
): Promise<Texts> {
  const texts: Record<string, string> = {};
  for (const [index, path] of paths.entries()) {
    const found = await matching(cwd, path);
    if (found.length === 0)
      problems.push({ path: `${setting}.${index}`, message: `got ${JSON.stringify(path)}, which matches no file` });
    for (const file of found.slice(0, MAX_FILES)) {
      try {
        texts[file] = await read(file);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        problems.push(
          ...error.problems.map(({ message }) => ({ path: `${setting}.${index}`, message: `${file}: ${message}` })),
        );
      }
    }
  }
  return texts;
}

/**
 * Reads the files that `extra` names.
 * @param read gives the text of a file. @throws ProblemError
 * @throws ProblemError with all files that are missing or cannot be read.
 */
export async function readExtra(
  cwd: string,
  file: string,
  paths: ExtraPaths,
  read: (path: string) => Promise<string>,
): Promise<{ readonly rules: Texts; readonly dashboards: Texts }> {
  const problems: Problem[] = [];
  const rules = await textsOf(cwd, 'extra.rules', paths.rules, read, problems);
  const dashboards = await textsOf(cwd, 'extra.dashboards', paths.dashboards, read, problems);
  if (problems.length > 0) throw new ProblemError(file, problems);
  return { rules, dashboards };
}
