import { access, constants, mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, ProblemError } from '../schema/problems.ts';

/** Sentences for what people run into; of anything else, what the system says, without its codes and calls. */
const WORDS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder, expected a file',
  ENOTDIR: 'a part of its path is a file, expected a folder',
  EEXIST: 'is there and is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** Whether an error says that there is no such file or folder. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** What the system refused, in words. */
const reasonOf = (error: unknown): string =>
  WORDS[codeOf(error)] ?? messageOf(error).replace(/^[A-Z0-9]+: (.*?), [a-z]+( '.*')?$/s, '$1');

/** A sentence for what the system refused, without a stack trace. */
export const refused = (file: string, error: unknown): ProblemError =>
  new ProblemError(file, [{ path: '', message: `cannot be used: ${reasonOf(error)}` }]);

/** The nearest folder at or above a path that is there. @throws ProblemError when it is a file. */
async function standing(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!isMissing(error)) throw refused(path, error);
    const above = dirname(path);
    return above === path ? path : standing(above);
  }
  throw new ProblemError(path, [{ path: '', message: 'is a file, expected a folder' }]);
}

/**
 * Stops before anything is done where an output folder cannot be: it, or something above it, is a file.
 * @throws ProblemError naming the file.
 */
export const checkFolder = async (path: string): Promise<void> => void (await standing(path));

/** Makes one folder. @returns whether it was not there. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) === 'EEXIST' && (await stat(folder).catch(() => undefined))?.isDirectory() === true) return false;
    if (codeOf(error) !== 'ENOENT') throw refused(folder, error);
    const message = `cannot be made, as ${dirname(folder)} takes no folders; expected a folder that can be written to`;
    throw new ProblemError(folder, [{ path: '', message }]);
  }
}

/**
 * Makes a folder and those above it, one by one: the recursive mkdir of Node 20 tries for ever where a file system lets nobody make
 * folders and says that there is no such one, as /proc does.
 * @returns the uppermost folder that was made; undefined where all were there.
 * @throws ProblemError naming the folder that the system refuses; then none has been made.
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  const ground = await standing(path);
  const missing: string[] = [];
  for (let folder = path; folder !== ground; folder = dirname(folder)) missing.unshift(folder);
  const made: string[] = [];
  try {
    for (const folder of missing) if (await makeFolder(folder)) made.push(folder);
  } catch (error) {
    for (const folder of made.toReversed()) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  return made[0];
}

/**
 * Makes a folder that can be written to, before anything that takes long.
 * @param option the option that names it, such as `--png`.
 * @param shown the folder as the user named it.
 * @throws Error that says why there is none.
 */
export async function requireFolder(path: string, option: string, shown: string): Promise<void> {
  try {
    await makeFolders(path);
    await access(path, constants.W_OK);
  } catch (error) {
    const [problem] = error instanceof ProblemError ? error.problems : [];
    const reason = problem?.message ?? reasonOf(error);
    throw new Error(`${option}: got "${shown}", expected a folder to write to (${reason})`, { cause: error });
  }
}
