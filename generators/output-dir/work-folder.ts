import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '../schema/problems.ts';
import type { Disk } from './disk.ts';
import { codeOf, isMissing, refused } from './folders.ts';
import { lifeOf, type Owner, parseOwner } from './owner.ts';

/**
 * The folder that a build has in the output folder while it writes. It appears with its owner's name in it, and vanishes, by one rename
 * each: whoever has it, has the output folder to itself. Git ignores it, whenever the build ends.
 */
export const WORK = '.azimuth';

/** Who writes: its name, its disk, and how long it waits for others. */
export interface Writer {
  readonly self: Owner;
  readonly disk: Disk;
  /** Aborted when the user interrupts; the reason is the name of the signal. */
  readonly signal: AbortSignal;
  /** How long to wait for another build, in milliseconds. */
  readonly patience: number;
}

/** How often a build shows a sign of life, and how often another one looks, in milliseconds. */
const BEAT = 1000;
const POLL = 25;

/** How often a work folder may be seen without an owner. */
const UNOWNED = 20;

/** The last owner of a work folder, and the file that names it. */
interface Current {
  readonly owner: Owner;
  readonly file: string;
}

/** An owner whose file was damaged by a power cut: it is not written with the care that the files of the user get. */
const damaged = (after: string | undefined): Owner => ({ id: `${after ?? ''}-damaged`, pid: 0, start: '', place: '' });

/**
 * The owner of a work folder: the first one, or the last one that took over from a dead one. Undefined if there is none. A successor's
 * folder has the name of its predecessor, so there can be one only, and one that comes too late succeeds nobody.
 */
export async function ownerOf(work: string): Promise<Current | undefined> {
  let current: Current | undefined;
  let file = join(work, 'owner');
  for (;;) {
    try {
      const owner = parseOwner(await readFile(file, 'utf8')) ?? damaged(current?.owner.id);
      current = { owner, file };
      file = join(work, `after-${owner.id}`, 'owner');
    } catch (error) {
      if (isMissing(error)) return current;
      throw refused(file, error);
    }
  }
}

const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Moves a folder to a name that no folder with files may have. @returns whether it was free. */
async function claimed(disk: Disk, from: string, to: string): Promise<boolean> {
  try {
    await disk.rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error) || ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error)) || (await exists(to))) return false;
    throw error;
  }
}

/** Tells whether an owner is dead: at once on this host, by its silence during half of the patience on another. */
function mortuary(patience: number): (current: Current) => Promise<boolean> {
  let last = '';
  let since = performance.now();
  return async ({ owner, file }) => {
    if (owner.pid === 0) return true;
    const life = await lifeOf(owner);
    if (life !== 'unknown') return life === 'dead';
    const sign = await stat(file).then(
      ({ mtimeMs }) => `${file} ${mtimeMs}`,
      () => '',
    );
    if (sign !== last) since = performance.now();
    last = sign;
    return performance.now() - since > Math.max(POLL, patience / 2);
  };
}

/** The refusal of a work folder that is not ours, or whose owner does not end. */
const busy = (root: string, message: string): ProblemError => new ProblemError(root, [{ path: WORK, message }]);

/** Prepares a work folder beside its place. */
async function prepare(folder: string, { disk, self }: Writer): Promise<void> {
  await disk.mkdir(folder);
  await disk.write(join(folder, '.gitignore'), '*\n');
  await disk.write(join(folder, 'owner'), `${JSON.stringify(self)}\n`);
}

/** Whether a dead build of this host left its work folder. */
export async function isAbandoned(root: string): Promise<boolean> {
  const owner = (await ownerOf(join(root, WORK)).catch(() => undefined))?.owner;
  return owner !== undefined && (owner.pid === 0 || (await lifeOf(owner)) === 'dead');
}

/** A work folder, while it is ours. */
export interface Work {
  /** False if it was that of a dead build, whose files may be in it. */
  readonly isNew: boolean;
  /** Gives it up, with all that is in it: after this, the output folder counts as written. */
  release(): Promise<void>;
  /** Leaves it, as it is, to the next build. */
  abandon(): void;
}

/**
 * Takes the work folder of an output folder. Waits for another build; succeeds one that is dead, whose files are then in it.
 * @throws ProblemError that names the other build if it does not end in time; the signal's reason if the user interrupts.
 */
export async function acquire(root: string, writer: Writer): Promise<Work> {
  const { disk, self, signal, patience } = writer;
  const folder = join(root, WORK);
  const own = `${folder}-${self.id}`;
  const isDead = mortuary(patience);
  const start = performance.now();
  let unowned = 0;
  let isNew = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      if (!(await exists(own))) await prepare(own, writer);
      isNew = await claimed(disk, own, folder);
      if (isNew) break;
      const current = await ownerOf(folder);
      if (current === undefined) {
        // Another build may have given it up at this moment, but not again and again.
        unowned += 1;
        if (unowned > UNOWNED) {
          throw busy(root, 'exists and was not made by Azimuth; move it away, or choose another --out');
        }
      } else if (await isDead(current)) {
        const isClaimed = await claimed(disk, own, join(folder, `after-${current.owner.id}`));
        if (isClaimed && (await ownerOf(folder))?.owner.id === self.id) break;
      } else if (performance.now() - start >= patience) {
        const { pid, place } = current.owner;
        const where = (await lifeOf(current.owner)) === 'unknown' ? ` on ${place.split(' ', 1)[0] ?? ''}` : '';
        throw busy(root, `another build writes here: process ${pid}${where}; wait until it has ended, or end it`);
      }
      await pause(POLL);
    }
  } catch (error) {
    await disk.remove(own).catch(() => undefined);
    throw error instanceof ProblemError || error === signal.reason ? error : refused(root, error);
  }
  const beat = setInterval(() => void lastSign(), BEAT).unref();
  const lastSign = async (): Promise<void> => {
    const current = await ownerOf(folder).catch(() => undefined);
    if (current?.owner.id === self.id) await disk.touch(current.file).catch(() => undefined);
  };
  return {
    isNew,
    abandon: () => clearInterval(beat),
    release: async () => {
      clearInterval(beat);
      await disk.rename(folder, own);
      // Another build removes it if this one cannot.
      await disk.remove(own).catch(() => undefined);
    },
  };
}
