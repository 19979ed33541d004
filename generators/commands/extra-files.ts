import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Texts } from '../extra/index.ts';
import type { ExtraPaths } from '../extra/settings.ts';
import { isMissing, reasonOf } from '../output-dir/folders.ts';
import { type Problem, ProblemError, show } from '../schema/problems.ts';

/** So many files are looked at for a pattern, and so many of them may match: more than anybody has in a folder of their own. */
const MAX_LOOKED_AT = 20_000;
const MAX_FILES = 500;

/** A pattern as a regular expression for whole paths: `*` within a name, `**` across folders. */
function patternOf(path: string): RegExp {
  const parts = path.split(/(\*\*\/|\*)/).map((part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** Names of all files below a folder, with what stands before them. Folder by folder: `opendir` of Node 20 leaves out files of deeper folders. */
async function* filesBelow(folder: string, before: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = `${before}${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(join(folder, entry.name), `${name}/`);
    else if (entry.isFile()) yield name;
  }
}

/**
 * Paths of files that a path or pattern names, from `cwd`, in the order of their names. Links are not followed.
 * @returns what is wrong instead, where nothing matches or too much is below the folder.
 */
async function matching(cwd: string, path: string): Promise<readonly string[] | string> {
  if (!path.includes('*')) return [path];
  // Only below the folder that stands before the first star.
  const top = path.slice(0, path.indexOf('*')).replace(/[^/]*$/, '');
  const pattern = patternOf(path);
  const found: string[] = [];
  let files = 0;
  try {
    for await (const name of filesBelow(resolve(cwd, top), top)) {
      files += 1;
      if (files > MAX_LOOKED_AT)
        return `is looked for among more than ${MAX_LOOKED_AT} files: name a folder before the star`;
      if (pattern.test(name)) found.push(name);
    }
  } catch (error) {
    if (!isMissing(error)) return `cannot be looked for: ${reasonOf(error)}`;
  }
  if (found.length > MAX_FILES) return `matches more than ${MAX_FILES} files`;
  return found.length === 0 ? 'matches no file' : found.toSorted();
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
    if (typeof found === 'string') {
      problems.push({ path: `${setting}.${index}`, message: `got ${show(path)}, which ${found}` });
      continue;
    }
    for (const file of found) {
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
