import { chmod, chown, copyFile, link, mkdir, open, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import type { Stats } from 'node:fs';
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

async function write(file: string, text: string, like?: Stats): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    const { mode, uid, gid } = await handle.stat();
    if (like !== undefined && (uid !== like.uid || gid !== like.gid)) {
      // Only root may give files away; others keep what they write.
      await chown(file, like.uid, like.gid).catch(() => undefined);
    }
    if (like !== undefined && mode !== like.mode) await chmod(file, like.mode & 0o7777);
  } finally {
    await handle.close();
  }
}

async function keep(file: string, copy: string): Promise<void> {
  try {
    await link(file, copy);
  } catch {
    // Some file systems have no hard links, and some systems allow them to the owner only.
    await copyFile(file, copy);
    const { mode, uid, gid } = await stat(file);
    await chown(copy, uid, gid).catch(() => undefined);
    await chmod(copy, mode & 0o7777);
    await sync(copy);
  }
}

async function isNear(folder: string, other: string): Promise<boolean> {
  if ((await stat(folder)).dev !== (await stat(other)).dev) return false;
  // Two mounts of one device: Linux refuses before it looks whether the file exists.
  const absent = '.azimuth-absent';
  return rename(`${folder}/${absent}`, `${other}/${absent}`).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'EXDEV',
  );
}

/** The real disk. */
export const DISK: Disk = {
  mkdir: async (folder) => mkdir(folder),
  write,
  keep,
  rename,
  remove: async (path) => rm(path, { recursive: true, force: true }),
  rmdir,
  sync,
  touch: async (file) => utimes(file, new Date(), new Date()),
  isNear,
};
