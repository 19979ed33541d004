import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProblemError } from '../schema/problems.ts';
import { type Disk, DISK } from './disk.ts';
import { type Drift, type Expected, findDrift, isLeft } from './files.ts';
import { createFolders, refused } from './folders.ts';
import { readJournal, undo } from './journal.ts';
import { removeLeftovers } from './leftovers.ts';
import { LOCK_PATH } from './lock.ts';
import { type Owner, thisProcess } from './owner.ts';
import { textAt } from './targets.ts';
import { apply } from './transaction.ts';
import { acquire, isAbandoned, type Work, WORK, type Writer } from './work-folder.ts';

/** Time for another build to end, in milliseconds. */
const PATIENCE = 10_000;

/** Takes the work folder, and undoes first what a dead build left in it. */
async function begin(
  root: string,
  writer: Writer,
): Promise<{ readonly work: Work; readonly undone: readonly Drift[] }> {
  const undone: Drift[] = [];
  for (;;) {
    const work = await acquire(root, writer);
    if (work.isNew) return { work, undone };
    try {
      const journal = await readJournal(root);
      if (journal !== undefined) await undo(root, journal, writer.disk);
      await work.release();
      if (journal !== undefined) undone.push({ path: WORK, state: 'interrupted', pid: journal.pid });
    } catch (error) {
      work.abandon();
      throw error;
    }
  }
}

/** Removes the folders from one up to another, unless something is in them. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  await rmdir(folder).catch(() => undefined);
  if (folder !== last) await removeEmpty(dirname(folder), last);
}

/** What a build makes of the committed lock. */
interface Planned {
  readonly expected: Expected;
}

/** How to write; tests choose another disk, owner or patience. */
export interface Options {
  /** Called before the first write: from then on, the user's signals must undo it. */
  readonly interrupted: () => AbortSignal;
  readonly disk?: Disk;
  readonly self?: Owner;
  readonly patience?: number;
}

/**
 * Brings an output folder up to date: writes missing and changed files, removes known strays, keeps foreign files. All or nothing: after an
 * error or a signal, the folder is as before, and after a sudden death, the next build makes it so. One build at a time.
 * @param plan gives the expected content for the text of the committed lock; undefined if there is none. It is called again if another
 * build has changed the lock meanwhile.
 * @returns the last plan, and what was changed or left alone.
 * @throws ProblemError if a file is not ours to change, cannot be written, or another build does not end; the signal's reason when interrupted.
 */
export async function update<P extends Planned>(
  root: string,
  plan: (lock: string | undefined) => P,
  { interrupted, disk = DISK, self, patience = PATIENCE }: Options,
): Promise<{ readonly planned: P; readonly drift: readonly Drift[] }> {
  const lock = textAt(root, LOCK_PATH);
  const planned = plan(lock);
  const drift = await findDrift(root, planned.expected);
  const writer = async (): Promise<Writer> => ({
    self: self ?? (await thisProcess()),
    disk,
    signal: interrupted(),
    patience,
  });
  let result = { planned, drift };
  if (!drift.every(isLeft)) result = await write(root, (now) => (now === lock ? planned : plan(now)), await writer());
  // Not a reason to fail: the folder may be read-only.
  else if (await isAbandoned(root)) await write(root, plan, await writer()).catch(() => undefined);
  const { artifacts, known } = result.planned.expected;
  await removeLeftovers(root, [...new Set([...artifacts.map(({ path }) => path), ...known])]);
  return result;
}

/** Writes with the output folder for itself. */
async function write<P extends Planned>(
  root: string,
  plan: (lock: string | undefined) => P,
  writer: Writer,
): Promise<{ readonly planned: P; readonly drift: readonly Drift[] }> {
  const created = await createFolders(root);
  try {
    const { work, undone } = await begin(root, writer);
    let planned: P;
    let drift: readonly Drift[];
    try {
      planned = plan(textAt(root, LOCK_PATH));
      drift = await findDrift(root, planned.expected);
    } catch (error) {
      await work.release();
      throw error;
    }
    const paths = new Set(
      drift.filter(({ state }) => state === 'missing' || state === 'changed').map(({ path }) => path),
    );
    const written = planned.expected.artifacts.filter(({ path }) => paths.has(path));
    const removed = drift.filter((each) => each.state === 'stray' && !isLeft(each)).map(({ path }) => path);
    await apply(root, work, { written, removed }, writer);
    return { planned, drift: [...undone, ...drift] };
  } catch (error) {
    if (created !== undefined) await removeEmpty(root, created);
    throw error instanceof ProblemError || error === writer.signal.reason ? error : refused(root, error);
  }
}
