import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { carriesMark, type Artifact } from '../model/artifact.ts';
import { checkFolder, isMissing, reasonOf } from './folders.ts';
import { readJournal } from './journal.ts';
import { lifeOf } from './owner.ts';
import { each, problemAt, textAt } from './targets.ts';
import { ownerOf, WORK } from './work-folder.ts';

/** A difference between the output folder and a build. */
export interface Drift {
  readonly path: string;
  /**
   * `stray` has our mark, but is not generated (any more). build removes it if it is `known`, that is, if the lock lists it, and keeps it
   * otherwise: someone copied it. `foreign` does not have our mark, or is a link: build keeps it. `interrupted` is the work folder of a build that
   * has ended without a word, `writing` that of one at work: the other files may be old or new.
   */
  readonly state: 'missing' | 'changed' | 'stray' | 'foreign' | 'interrupted' | 'writing';
  readonly known?: boolean;
  /** The process that was interrupted, or writes. */
  readonly pid?: number;
}

/** A file to write. */
export type Written = Pick<Artifact, 'path' | 'text'>;

/** The expected content of an output folder. */
export interface Expected {
  readonly artifacts: readonly Written[];
  /** The folders of all outputs. They hold only artifacts and the files in `keep`. */
  readonly folders: readonly string[];
  /** Paths in the committed lock: files that were generated before. */
  readonly known: ReadonlySet<string>;
  /** The setting `keep`: files of the user. */
  readonly keep: readonly string[];
}

/** The folders of files, and all folders above them. */
export const foldersOf = (paths: readonly string[]): ReadonlySet<string> =>
  new Set(
    paths.flatMap((path) => {
      const parts = path.split('/').slice(0, -1);
      return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
    }),
  );

/** A file below the folders of outputs. */
interface Present {
  readonly path: string;
  readonly isLink: boolean;
}

/** All files below a folder. Links to folders are followed where artifacts are below them, and are files otherwise. */
function filesBelow(root: string, folder: string, ours: ReadonlySet<string>): Present[] {
  const visible = entriesOf(root, folder).filter(({ name }) => !name.startsWith('.'));
  return each(root, visible, (entry): Present[] => {
    const path = `${folder}/${entry.name}`;
    const isLink = entry.isSymbolicLink();
    if (entry.isDirectory() || (isLink && ours.has(path))) return filesBelow(root, path, ours);
    return /\.(ya?ml|json)$/.test(entry.name) ? [{ path, isLink }] : [];
  }).flat();
}

function entriesOf(root: string, folder: string): readonly Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw problemAt(root, folder, `cannot be used: ${reasonOf(error)}`);
  }
}

const isKept = (path: string, keep: readonly string[]): boolean =>
  keep.some((kept) => (kept.endsWith('/') ? path.startsWith(kept) : path === kept));

/** The build that is writing, or was interrupted while it was. */
async function unfinished(root: string): Promise<Drift[]> {
  if (!existsSync(join(root, WORK))) return [];
  const owner = (await ownerOf(join(root, WORK)))?.owner;
  if ((await readJournal(root)) === undefined) return [];
  if (owner === undefined) return [{ path: WORK, state: 'interrupted' }];
  const state = (await lifeOf(owner)) === 'alive' ? 'writing' : 'interrupted';
  return [{ path: WORK, state, pid: owner.pid }];
}

function compare(root: string, { artifacts, folders, known, keep }: Expected): Drift[] {
  const expected = new Set(artifacts.map(({ path }) => path));
  const compared = ({ path, text }: Written): Drift[] => {
    const found = textAt(root, path);
    if (found === text) return [];
    return [{ path, state: found === undefined ? 'missing' : 'changed' }];
  };
  const ours = foldersOf([...expected, ...known]);
  const strays = (top: string): Drift[] => {
    const others = filesBelow(root, top, ours).filter(({ path }) => !expected.has(path) && !isKept(path, keep));
    return each(root, others, ({ path, isLink }): Drift => {
      const isOurs = !isLink && carriesMark(textAt(root, path) ?? '');
      return isOurs ? { path, state: 'stray', known: known.has(path) } : { path, state: 'foreign' };
    });
  };
  const tops = [...new Set(folders.map((folder) => folder.split('/', 1)[0] ?? folder))];
  const parts = [...artifacts.map((artifact) => () => compared(artifact)), ...tops.map((top) => () => strays(top))];
  const drift = each(root, parts, (part) => part()).flat();
  return drift.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** How often a folder is read again because it changes. */
const READINGS = 20;

/**
 * Compares the output folder with a build, without writing, and without a lock. What was changed while it was read is read again, so that the answer is that
 * of one moment, or names the build that writes. Returns differences in the order of their paths, the unfinished build first.
 * @throws ProblemError if the output folder, or a folder above it, is a file; with all files that cannot be read.
 */
export async function findDrift(root: string, expected: Expected): Promise<readonly Drift[]> {
  await checkFolder(root);
  let last: string | undefined;
  for (let reading = 1; ; reading += 1) {
    const before = await unfinished(root);
    const drift = [...before, ...compare(root, expected)];
    if (drift.length === 0) return drift;
    const text = JSON.stringify(drift);
    if (before.length > 0 || text === last || reading === READINGS) return drift;
    last = text;
  }
}

/** Files of the user, and copies of generated files that are not in the lock: a build does not touch them. */
export const isLeft = ({ state, known }: Drift): boolean => state === 'foreign' || known === false;
