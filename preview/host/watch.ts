import { existsSync, type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

/** How to watch. */
export interface WatchOptions {
  /** Milliseconds of silence after which a change is reported; 100 by default. */
  readonly debounce?: number;
}

/** A watch that is kept. */
export interface Watcher {
  /** Ends it; nothing is reported afterwards. */
  close(): void;
}

const DEBOUNCE_MS = 100;
const IGNORED = new Set(['node_modules', '.git']);

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The folder and all those below it. One that goes away meanwhile counts as empty. */
function foldersUnder(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && !IGNORED.has(entry.name),
    );
    return [folder, ...below.flatMap(({ name }) => foldersUnder(join(folder, name)))];
  } catch {
    return [];
  }
}

/** The folder in which a path would appear or vanish: its own, or the nearest above that exists. */
function nearestFolder(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder);
}

/** Whether something that happened to `changed` concerns one of the paths: itself, what is in it, or a folder on the way to it. */
function concerns(changed: string, paths: readonly string[]): boolean {
  return paths.some((path) => changed === path || isBelow(changed, path) || isBelow(path, changed));
}

/**
 * Watches files and folders with all that is in them, but for `node_modules` and `.git`, and calls `onChange` once after each burst of
 * changes. Folders are watched, never files: so files may be replaced by renaming over them, as editors do, and need not exist yet.
 */
export function watchFiles(
  paths: readonly string[],
  onChange: () => void,
  { debounce = DEBOUNCE_MS }: WatchOptions = {},
): Watcher {
  const targets = paths.map((path) => resolve(path));
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const told = (folder: string, name: string | null): void => {
    // Without a name (some systems give none) anything in the folder may have changed.
    if (closed || (name !== null && !concerns(join(folder, name), targets))) return;
    if (name !== null && IGNORED.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Before the call, so that nothing that happens after it is missed.
      refresh();
      onChange();
    }, debounce);
  };

  const open = (folder: string): void => {
    try {
      const watcher = watch(folder, (_, name) => told(folder, name));
      // A folder that is removed: what is above it tells.
      watcher.on('error', () => drop(folder));
      watchers.set(folder, watcher);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
    }
  };

  const drop = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };

  /** Watches the folders that are to be watched now, some of them anew: a folder may have been replaced by another of its name. */
  const refresh = (): void => {
    const wanted = new Set(
      targets.flatMap((path) => [nearestFolder(path), ...(isFolder(path) ? foldersUnder(path) : [])]),
    );
    for (const folder of watchers.keys()) drop(folder);
    for (const folder of wanted) open(folder);
  };

  refresh();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      for (const folder of watchers.keys()) drop(folder);
    },
  };
}
