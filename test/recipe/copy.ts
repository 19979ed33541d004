import { link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Addition, Edit } from './additions.ts';

/** Folders that no addition touches by hand, or that are too large to copy. */
const LEFT_OUT = new Set(['.git', '.cache', 'node_modules', 'dist', 'pictures', 'recipe']);

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? undefined : copyFolder(source, target);
      // A second name for the same bytes; whoever changes a file replaces it.
      return entry.isFile()
        ? link(source, target).catch(async () => writeFile(target, await readFile(source)))
        : undefined;
    }),
  );
}

/** A folder of links to every package, with a cache of its own. */
async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  const names = (await readdir(from)).filter((name) => !LEFT_OUT.has(name));
  await Promise.all(names.map(async (name) => symlink(join(from, name), join(to, name))));
}

/** A copy of this repository in an empty folder. */
export async function copyRepository(dir: string): Promise<void> {
  await copyFolder(resolve('.'), dir);
  await linkPackages(resolve('node_modules'), join(dir, 'node_modules'));
  await symlink(resolve('preview/node_modules'), join(dir, 'preview', 'node_modules'));
  await symlink(resolve('docs/pictures'), join(dir, 'docs', 'pictures'));
}

const replace = async (file: string, text: string): Promise<void> => {
  await rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
};

/** @throws Error when there is not exactly one line that begins so. */
async function edit(dir: string, { file, below, lines }: Edit): Promise<void> {
  const present = (await readFile(join(dir, file), 'utf8')).split('\n');
  const found = present.flatMap((line, index) => (line.trimStart().startsWith(below) ? [index] : []));
  const [index, ...others] = found;
  if (index === undefined || others.length > 0) throw new Error(`${file}: ${found.length} lines begin with ${below}`);
  await replace(join(dir, file), present.toSpliced(index + 1, 0, ...lines).join('\n'));
}

/** New files of a toy: their paths in the repository, and where they stand here. */
async function newFiles({ name }: Addition): Promise<readonly (readonly [path: string, template: string])[]> {
  const folder = resolve('test/recipe', name);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const template = join(entry.parentPath, entry.name);
      return [relative(folder, template).replace(/\.txt$/, ''), template] as const;
    });
}

/** Adds a toy to a copy. @returns the files that were touched. */
export async function add(dir: string, addition: Addition): Promise<readonly string[]> {
  const created = await newFiles(addition);
  for (const [path, template] of created) await replace(join(dir, path), await readFile(template, 'utf8'));
  for (const one of addition.edits) await edit(dir, one);
  return [...new Set([...created.map(([path]) => path), ...addition.edits.map(({ file }) => file)])].toSorted();
}
