import { chmod, lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { LOCK_PATH } from '../../generators/output-dir/lock.ts';
import { planted, type Texts } from './planted.ts';
import { filesIn } from './temp-dir.ts';

const PATHS = ['rules/a.yaml', 'rules/deep/b.yaml', 'rules/deep/er/c.yaml', 'dashboards/d.yaml', 'rules/z.yaml'];

const arbitraryTexts: fc.Arbitrary<Texts> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...PATHS), fc.integer({ min: 1, max: 3 })), {
    minLength: 1,
    selector: ([path]) => path,
  })
  .map((entries) => planted(Object.fromEntries(entries)));

/** A folder as one configuration left it, the next configuration, and what else is in the folder. */
export interface Scene {
  readonly old: Texts;
  readonly next: Texts;
  /** Artifacts that the user keeps elsewhere, behind links. */
  readonly linked: readonly string[];
}

export const arbitraryScene: fc.Arbitrary<Scene> = fc.record({
  old: arbitraryTexts,
  next: arbitraryTexts,
  linked: fc.subarray(PATHS),
});

const FOREIGN: Readonly<Record<string, number>> = {
  'rules/mine.yaml': 0o640,
  'notes.txt': 0o400,
  'dashboards/deep/.x.1.tmp': 0o755,
};

async function put(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** Writes a scene, with files of the user beside the artifacts. A link is kept only while the next configuration has it. */
export async function stageScene(dir: string, { old, next, linked }: Scene): Promise<void> {
  for (const [path, mode] of Object.entries(FOREIGN)) {
    await put(join(dir, path), `of the user: ${path}`);
    await chmod(join(dir, path), mode);
  }
  for (const [path, each] of Object.entries(old)) {
    const isLinked = linked.includes(path) && path in next;
    const behind = join(dir, 'elsewhere', path);
    await put(isLinked ? behind : join(dir, path), each);
    if (!isLinked) continue;
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await symlink(behind, join(dir, path));
  }
}

/** Modes, links and texts of all files that are no artifacts: a build may change none of them. Without what builds leave behind. */
export async function foreignIn(dir: string): Promise<readonly unknown[]> {
  const paths = (await filesIn(dir)).filter((path) => path in FOREIGN);
  return Promise.all(
    paths.map(async (path) => [path, (await lstat(join(dir, path))).mode, await readFile(join(dir, path), 'utf8')]),
  );
}

/** Links in a folder, with what they lead to. */
export async function linksIn(dir: string): Promise<readonly string[]> {
  const paths = await filesIn(dir);
  const links = paths.map(async (path) =>
    (await lstat(join(dir, path))).isSymbolicLink() ? [`${path} > ${await readlink(join(dir, path))}`] : [],
  );
  return (await Promise.all(links)).flat();
}

/** The artifacts in a folder. */
export async function artifactsIn(dir: string): Promise<Texts> {
  const paths = (await filesIn(dir)).filter((path) => [...PATHS, LOCK_PATH].includes(path));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(dir, path), 'utf8')])),
  );
}

/** Files that are neither artifacts nor the user's: what builds left behind. */
export const leftIn = async (dir: string): Promise<readonly string[]> =>
  (await filesIn(dir)).filter(
    (path) =>
      ![...PATHS, LOCK_PATH].includes(path) && !(path in FOREIGN) && !PATHS.includes(path.replace(/^elsewhere\//, '')),
  );
