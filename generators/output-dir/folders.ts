import { access, constants, mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, ProblemError } from '../schema/problems.ts';

/** Messages for frequent errors. Other errors keep the system's message, without error codes and system calls. */
const WORDS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder, expected a file',
  ENOTDIR: 'a part of its path is a file, expected a folder',
  EEXIST: 'is there and is no folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'is a symbolic link that leads to itself',
};

/** The system's code of an error; empty if it has none. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** Whether an error means that a file or folder does not exist. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** The reason of a file system error, in words. */
export const reasonOf = (error: unknown): string =>
  WORDS[codeOf(error)] ?? messageOf(error).replace(/^[A-Z0-9]+: (.*?), [a-z]+( '.*')?$/s, '$1');

/** A file system error as a problem of the user, without a stack trace. */
export const refused = (file: string, error: unknown): ProblemError =>
  new ProblemError(file, [{ path: '', message: `cannot be used: ${reasonOf(error)}` }]);

/** The nearest existing folder at or above a path. @throws ProblemError if it is a file. */
async function existing(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!isMissing(error)) throw refused(path, error);
    const above = dirname(path);
    return above === path ? path : existing(above);
  }
  throw new ProblemError(path, [{ path: '', message: 'is a file, expected a folder' }]);
}

/**
 * Checks that a path is, or can become, a folder.
 * @throws ProblemError if it, or a path above it, is a file.
 */
export const checkFolder = async (path: string): Promise<void> => void (await existing(path));

/** Creates one folder. @returns false if it existed. */
async function createFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    // Another process may have created it meanwhile.
    if (codeOf(error) === 'EEXIST' && (await stat(folder).catch(() => undefined))?.isDirectory() === true) return false;
    if (codeOf(error) !== 'ENOENT') throw refused(folder, error);
    const message = `cannot be made, as ${dirname(folder)} takes no folders; expected a folder that can be written to`;
    throw new ProblemError(folder, [{ path: '', message }]);
  }
}

/**
 * Creates a folder and its parents, one by one: the recursive mkdir of Node 20 never returns on file systems such as /proc, where creating
 * a folder fails with ENOENT.
 * @returns the topmost folder that was created; undefined if all existed.
 * @throws ProblemError with the folder that cannot be created; then none has been created.
 */
export async function createFolders(path: string): Promise<string | undefined> {
  const base = await existing(path);
  const missing: string[] = [];
  for (let folder = path; folder !== base; folder = dirname(folder)) missing.unshift(folder);
  const created: string[] = [];
  try {
    for (const folder of missing) if (await createFolder(folder)) created.push(folder);
  } catch (error) {
    for (const folder of created.toReversed()) await rmdir(folder).catch(() => undefined);
    throw error;
  }
  return created[0];
}

/**
 * Creates a writable folder, before a command starts long work.
 * @param option the option that names the folder, such as `--png`.
 * @param shown the folder as the user wrote it.
 * @throws Error with the reason if the folder cannot be created or written to.
 */
export async function requireFolder(path: string, option: string, shown: string): Promise<void> {
  try {
    await createFolders(path);
    await access(path, constants.W_OK);
  } catch (error) {
    const reason =
      error instanceof ProblemError
        ? `: ${error.file} ${error.problems.map(({ message }) => message).join(', ')}`
        : `, expected a folder to write to (${reasonOf(error)})`;
    throw new Error(`${option}: got "${shown}"${reason}`, { cause: error });
  }
}
