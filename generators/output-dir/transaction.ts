import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { foldersOf, type Written } from './files.ts';
import { reasonOf } from './folders.ts';
import { hashOf, type Journal, JOURNAL, placesOf, removeBeside, type Step, undo } from './journal.ts';
import { all, each, problemAt, type Target, targetOf } from './targets.ts';
import { type Work, WORK, type Writer } from './work-folder.ts';

/** What a build changes. */
export interface Changes {
  readonly written: readonly Written[];
  /** Paths of files to remove. */
  readonly removed: readonly string[];
}

/** The nearest folder at or above a path that exists, below the output folder; `.` for that itself. */
function existingFolder(root: string, folder: string): string {
  if (folder === '.') return folder;
  const exists = statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory() === true;
  return exists ? folder : existingFolder(root, dirname(folder));
}

/** Which folder has the new and the old file until the end: the work folder, or one on the file system of the file. */
async function besideOf(root: string, { path, file }: Target, { disk }: Writer): Promise<Step['beside']> {
  const isLink = file !== join(root, path);
  const folder = existingFolder(root, dirname(path));
  const isNear = await disk.isNear(join(root, WORK), isLink ? dirname(file) : join(root, folder));
  if (isNear) return null;
  return isLink ? 'link' : `/${folder}`;
}

/** Puts the new file and the present one beside their place. */
async function stage(root: string, journal: Journal, index: number, change: Change, { disk }: Writer): Promise<void> {
  const step = journal.steps[index];
  if (step === undefined) return;
  const { staged, old } = placesOf(root, journal, step, index);
  const { target, text } = change;
  if (text === undefined) return;
  await disk.write(staged, text, target.before?.status);
  await disk.sync(staged);
  if (target.before !== undefined) await disk.keep(target.file, old);
}

/** A change with what is there now; without a text, the file is removed. */
interface Change {
  readonly target: Target;
  readonly text: string | undefined;
}

/** Writes the journal, so that it is whole or not there. */
async function writeJournal(root: string, journal: Journal, { disk }: Writer): Promise<void> {
  const file = join(root, JOURNAL);
  await disk.write(`${file}.new`, `${JSON.stringify(journal)}\n`);
  await disk.sync(`${file}.new`);
  await disk.rename(`${file}.new`, file);
  await disk.sync(join(root, WORK));
}

/** Changes one file after another. */
async function commit(root: string, journal: Journal, changes: readonly Change[], writer: Writer): Promise<void> {
  const { disk, signal } = writer;
  for (const folder of journal.folders) {
    signal.throwIfAborted();
    await disk.mkdir(join(root, folder));
  }
  for (const [index, step] of journal.steps.entries()) {
    signal.throwIfAborted();
    const file = changes[index]?.target.file;
    const { staged, old } = placesOf(root, journal, step, index);
    if (file === undefined) continue;
    if (step.after === null) await disk.rename(file, old);
    else await disk.rename(staged, file);
  }
  const touched = new Set(changes.map(({ target }) => dirname(target.file)));
  await all(
    root,
    [...touched].map(async (folder) => disk.sync(folder)),
  );
  signal.throwIfAborted();
}

/** Undoes a build that failed. @throws ProblemError if the disk refuses that too: the journal then stays. */
async function undone(
  root: string,
  work: Work,
  journal: Journal | undefined,
  cause: unknown,
  disk: Disk,
): Promise<void> {
  try {
    if (journal !== undefined) await undo(root, journal, disk);
    await work.release();
  } catch (error) {
    work.abandon();
    // Nothing was changed yet.
    if (journal === undefined) return;
    const message = `${reasonOf(cause)}, and what was written cannot be undone: ${reasonOf(error)}; fix the cause and build again`;
    throw problemAt(root, WORK, message);
  }
}

/**
 * Writes and removes files, all or none: after an error and after a signal, the files are as before. Should the process die, the journal
 * tells so, and the next build undoes what this one did. Gives up the work folder.
 * @throws ProblemError with all files that are not ours to change; what the disk says; the signal's reason.
 */
export async function apply(root: string, work: Work, { written, removed }: Changes, writer: Writer): Promise<void> {
  const { disk, signal, self } = writer;
  let journal: Journal | undefined;
  try {
    const wanted = [...written, ...removed.map((path) => ({ path, text: undefined }))];
    const found = each(root, wanted, ({ path, text }): Change => ({ target: targetOf(root, path), text }));
    // What is gone already need not be removed.
    const changes = found.filter(({ target, text }) => text !== undefined || target.before !== undefined);
    if (changes.length === 0) {
      await work.release();
      return;
    }
    const folders = missingFolders(
      root,
      written.map(({ path }) => path),
    );
    const steps = changes.map(async ({ target, text }): Promise<Step> => {
      const hashes = { before: hashOf(target.before?.text), after: hashOf(text) };
      return { path: target.path, ...hashes, beside: await besideOf(root, target, writer) };
    });
    const plan: Journal = { pid: self.pid, steps: await all(root, steps), folders };
    journal = plan;
    await all(
      root,
      changes.map(async (change, index) => stage(root, plan, index, change, writer)),
    );
    signal.throwIfAborted();
    await writeJournal(root, plan, writer);
    await commit(root, plan, changes, writer);
    await work.release();
  } catch (error) {
    await undone(root, work, journal, error, disk);
    throw error;
  }
  await removeBeside(root, journal, disk).catch(() => undefined);
}

/** Folders of files that are not there yet, those above first. */
const missingFolders = (root: string, paths: readonly string[]): readonly string[] =>
  [...foldersOf(paths)].toSorted().filter((folder) => existingFolder(root, folder) !== folder);
