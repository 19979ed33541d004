import { lstatSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError } from '../schema/problems.ts';
import { carriesMark } from '../model/artifact.ts';
import { isMissing, reasonOf } from './folders.ts';

/** Several errors as one: all problems; the first one that is none. */
function together(root: string, errors: readonly unknown[]): unknown {
  const problems = errors.flatMap((error) => (error instanceof ProblemError ? error.problems : []));
  // A file in place of a folder is in the way of all files below it.
  const different = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return errors.find((error) => !(error instanceof ProblemError)) ?? new ProblemError(root, [...different.values()]);
}

/** Waits for all, and then throws all problems at once: no promise is left that fails unseen. */
export async function all<T>(root: string, promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const errors = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  if (errors.length > 0) throw together(root, errors);
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Does all, and then throws all problems at once. */
export function each<A, B>(root: string, items: readonly A[], use: (item: A) => B): B[] {
  const done: B[] = [];
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      done.push(use(item));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw together(root, errors);
  return done;
}

/** A place that cannot be read or written. */
export const problemAt = (root: string, path: string, message: string): ProblemError =>
  new ProblemError(root, [{ path, message }]);

/** Status of a file; undefined if there is none. @throws ProblemError if the system refuses. */
function statusOf(root: string, path: string, status: (file: string) => Stats): Stats | undefined {
  try {
    return status(join(root, path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw problemAt(root, path, `cannot be used: ${reasonOf(error)}`);
  }
}

/** The text of a file, of the one that it links to; undefined if there is none. @throws ProblemError if it is none or cannot be read. */
export function textAt(root: string, path: string): string | undefined {
  const status = statusOf(root, path, statSync);
  if (status === undefined) return undefined;
  if (status.isDirectory()) throw problemAt(root, path, 'is a folder, expected a file');
  // Reading a pipe or a device may never end.
  if (!status.isFile()) throw problemAt(root, path, 'is no regular file');
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw problemAt(root, path, `cannot be used: ${reasonOf(error)}`);
  }
}

/** A file that a build replaces, creates or removes. */
export interface Target {
  /** Path below the output folder. */
  readonly path: string;
  /** The file itself: where a link leads to. */
  readonly file: string;
  /** What is there; undefined if nothing is. */
  readonly before: { readonly text: string; readonly status: Stats } | undefined;
}

/** The file behind a path: the one that a link leads to. */
export function fileAt(root: string, path: string): string {
  const file = join(root, path);
  const isLink = statusOf(root, path, lstatSync)?.isSymbolicLink() === true;
  try {
    return isLink ? realpathSync(file) : file;
  } catch {
    // It leads nowhere.
    return file;
  }
}

/** Why no file can be made at a path that is free; undefined if one can. */
function blocked(root: string, path: string): ProblemError | undefined {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const status = statusOf(root, folder, statSync);
    if (status?.isDirectory() === true) return undefined;
    if (status !== undefined) return problemAt(root, folder, 'is a file, expected a folder');
    if (statusOf(root, folder, lstatSync) !== undefined) {
      return problemAt(root, folder, 'is a link that leads nowhere, expected a folder');
    }
  }
  return undefined;
}

const HINT = 'move it away, or choose another --out';

/**
 * What a build would change at a path.
 * @throws ProblemError if that is not for a build to change: foreign, read-only, no file, or a link to such or to nothing.
 */
export function targetOf(root: string, path: string): Target {
  const link = statusOf(root, path, lstatSync)?.isSymbolicLink() === true;
  const text = textAt(root, path);
  const status = statusOf(root, path, statSync);
  const to = link ? readlinkSync(join(root, path)) : '';
  if (text === undefined || status === undefined) {
    if (link)
      throw problemAt(root, path, `is a link that leads nowhere (${to}); remove it, or create that file with a build`);
    const trouble = blocked(root, path);
    if (trouble !== undefined) throw trouble;
    return { path, file: join(root, path), before: undefined };
  }
  if (!carriesMark(text)) {
    const what = link
      ? `is a link to ${to}, which was not generated by Azimuth`
      : 'exists and was not generated by Azimuth';
    throw problemAt(root, path, `${what}; ${HINT}`);
  }
  if ((status.mode & 0o200) === 0) {
    throw problemAt(
      root,
      path,
      `is read-only${link ? ` (a link to ${to})` : ''}; make it writable, or choose another --out`,
    );
  }
  return { path, file: fileAt(root, path), before: { text, status } };
}
