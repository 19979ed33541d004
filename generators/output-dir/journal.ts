import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { ProblemError } from '../schema/problems.ts';
import { carriesMark } from '../model/artifact.ts';
import type { Disk } from './disk.ts';
import { isMissing, refused } from './folders.ts';
import { fileAt, textAt } from './targets.ts';
import { WORK } from './work-folder.ts';

/** One file that a build writes or removes. */
export interface Step {
  /** Path below the output folder. */
  readonly path: string;
  /** Hashes of the text before and after; null where there is no file. */
  readonly before: string | null;
  readonly after: string | null;
  /**
   * The folder, below the output folder, that has the new and the old file until the build ends, because the work folder is on another file
   * system; `link` for the folder of the file that the path links to. Null for the work folder.
   */
  readonly beside: string | null;
}

/** What a build changes. It is in the work folder from before the first change until after the last one. */
export interface Journal {
  readonly pid: number;
  readonly steps: readonly Step[];
  /** Folders that the build creates, those above first. */
  readonly folders: readonly string[];
}

/** The journal's place in the output folder. */
export const JOURNAL = `${WORK}/journal.json`;

/** The hash of a text; null if there is none. */
export const hashOf = (text: string | undefined): string | null =>
  text === undefined ? null : createHash('sha256').update(text).digest('hex');

/** Where the new and the old file of a step are until the build ends. */
export function placesOf(
  root: string,
  { pid }: Pick<Journal, 'pid'>,
  { path, beside }: Pick<Step, 'path' | 'beside'>,
  index: number,
): { readonly staged: string; readonly old: string } {
  if (beside === null) return { staged: join(root, WORK, `${index}.new`), old: join(root, WORK, `${index}.old`) };
  const folder = beside === 'link' ? dirname(fileAt(root, path)) : join(root, beside.slice(1));
  const name = join(folder, `.azimuth.${index}`);
  return { staged: `${name}.new.${pid}.tmp`, old: `${name}.old.${pid}.tmp` };
}

/** Whether a path stays in the output folder and outside of the work folder. A journal may come with a stranger's commit. */
const isInside = (path: unknown): boolean =>
  typeof path === 'string' && posix.normalize(path) === path && !/^(?:\/|\.\.(?:\/|$)|\.azimuth(?:\/|$))/.test(path);

const isHash = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));

function isJournal(value: unknown): value is Journal {
  const { pid, steps, folders } = (value ?? {}) as Partial<Record<keyof Journal, unknown>>;
  return (
    Number.isInteger(pid) &&
    Array.isArray(folders) &&
    folders.every(isInside) &&
    Array.isArray(steps) &&
    (steps as readonly (Partial<Step> | null)[]).every(
      (step) =>
        isInside(step?.path) &&
        isHash(step?.before) &&
        isHash(step?.after) &&
        (step?.beside === null ||
          step?.beside === 'link' ||
          (step?.beside?.startsWith('/') === true && isInside(step.beside.slice(1)))),
    )
  );
}

/** The journal in an output folder; undefined if nothing was interrupted. @throws ProblemError if it is damaged. */
export async function readJournal(root: string): Promise<Journal | undefined> {
  let text: string;
  try {
    text = await readFile(join(root, JOURNAL), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw refused(join(root, JOURNAL), error);
  }
  try {
    const journal: unknown = JSON.parse(text);
    if (isJournal(journal)) return journal;
  } catch {
    // Reported below.
  }
  const message = `damaged, so the interrupted build cannot be undone: restore the artifacts from version control and remove ${WORK}`;
  throw new ProblemError(root, [{ path: JOURNAL, message }]);
}

/** Whether a file that was put aside is ours. */
async function isOurs(file: string): Promise<boolean> {
  const status = await lstat(file).catch(() => undefined);
  return status?.isFile() === true && carriesMark(await readFile(file, 'utf8'));
}

/** Removes what was put beside files on other file systems. */
export async function removeBeside(root: string, journal: Journal, disk: Disk): Promise<void> {
  for (const [index, step] of journal.steps.entries()) {
    if (step.beside === null) continue;
    const { staged, old } = placesOf(root, journal, step, index);
    for (const left of [staged, old]) await disk.remove(left);
  }
}

/**
 * Undoes a build: every file that is as the build left it is as before again; one that was changed since stays. May be repeated, should
 * this be interrupted as well.
 */
export async function undo(root: string, journal: Journal, disk: Disk): Promise<void> {
  const { steps, folders } = journal;
  for (const [index, step] of [...steps.entries()].toReversed()) {
    const { old } = placesOf(root, journal, step, index);
    const file = fileAt(root, step.path);
    const text = textAt(root, step.path);
    if (hashOf(text) === step.after && (text === undefined || carriesMark(text))) {
      if (step.before === null) await disk.remove(file);
      else if (await isOurs(old)) await disk.rename(old, file);
    }
  }
  await removeBeside(root, journal, disk);
  // Not those in which someone has put something meanwhile.
  for (const folder of folders.toReversed()) await disk.rmdir(join(root, folder)).catch(() => undefined);
}
