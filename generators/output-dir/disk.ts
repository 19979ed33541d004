import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf } from './folders.ts';

/**
 * Every operation by which a build changes the disk. Tests put another one in its place, in which a process dies, the disk is full, or
 * permissions are missing at any of them.
 */
export interface Disk {
  /** Creates one folder. */
  mkdir(folder: string): Promise<void>;
  /** Creates a file, with mode and owner of the one that it replaces. */
  write(file: string, text: string, like?: Stats): Promise<void>;
  /** Gives a file a second name, or copies it where that cannot be. */
  keep(file: string, copy: string): Promise<void>;
  /** Moves a file or folder, and replaces a file, at once. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it; neither need exist. */
  remove(path: string): Promise<void>;
  /** Removes an empty folder. */
  rmdir(folder: string): Promise<void>;
  /** Waits until the text of a file, or the names in a folder, are on the disk, so that they survive a power cut. */
  sync(path: string): Promise<void>;
  /** Sets the time of a file to now. */
  touch(file: string): Promise<void>;
  /** Whether files can be renamed from one folder into another. */
  isNear(folder: string, other: string): Promise<boolean>;
}

async function sync(path: string): Promise<void> {
  let isFolder = false;
  try {
    const handle = await open(path, 'r');
    try {
      isFolder = (await handle.stat()).isDirectory();
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Not every system can do this with folders.
    if (!isFolder && codeOf(error) !== 'EISDIR') throw error;
  }
}

/** Gives a file mode and owner of another one. */
function imitate(file: string, { mode, uid, gid }: Stats): void {
  const present = statSync(file);
  if (present.uid !== uid || present.gid !== gid) {
    try {
      chownSync(file, uid, gid);
    } catch {
      // Only root may give files away; others keep what they write.
    }
  }
  if (present.mode !== mode) chmodSync(file, mode & 0o7777);
}

function write(file: string, text: string, like?: Stats): void {
  writeFileSync(file, text, { flag: 'wx' });
  if (like !== undefined) imitate(file, like);
}

async function keep(file: string, copy: string): Promise<void> {
  try {
    linkSync(file, copy);
  } catch {
    // Some file systems have no hard links, and some systems allow them to the owner only.
    copyFileSync(file, copy);
    imitate(copy, statSync(file));
    await sync(copy);
  }
}

function isNear(folder: string, other: string): boolean {
  if (statSync(folder).dev !== statSync(other).dev) return false;
  // Two mounts of one device: Linux refuses before it looks whether the file exists.
  const absent = '.azimuth-absent';
  try {
    renameSync(`${folder}/${absent}`, `${other}/${absent}`);
    return true;
  } catch (error) {
    return codeOf(error) !== 'EXDEV';
  }
}

/** A quick operation as a promise. Waiting for a thread would take longer than the operation. */
const quick =
  <A extends unknown[], R>(operation: (...args: A) => R) =>
  (...args: A): Promise<R> =>
    new Promise((done) => done(operation(...args)));

/** The real disk. */
export const DISK: Disk = {
  mkdir: quick((folder) => mkdirSync(folder)),
  write: quick(write),
  keep,
  rename: quick(renameSync),
  remove: quick((path) => rmSync(path, { recursive: true, force: true })),
  rmdir: quick((folder) => rmdirSync(folder)),
  sync,
  touch: quick((file) => utimesSync(file, new Date(), new Date())),
  isNear: quick(isNear),
};
