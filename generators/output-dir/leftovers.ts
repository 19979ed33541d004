import { readdirSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive, lifeOf, ownerNamed } from './owner.ts';
import { fileAt } from './targets.ts';
import { WORK } from './work-folder.ts';

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Age from which a work folder of another host or container is not that of a build that begins or ends, in milliseconds. */
const OLD = 60_000;

/** Work folders that were not taken yet, or were given up already, when their owner died. */
async function deadFolders(root: string): Promise<string[]> {
  const prefix = `${WORK}-`;
  const names = namesIn(root).filter((name) => /^\d+-\d*-[0-9a-f]{8}-[0-9a-f]{12}$/.test(name.replace(prefix, '')));
  const dead = names.map(async (name): Promise<string[]> => {
    const folder = join(root, name);
    const owner = await ownerNamed(name.slice(prefix.length));
    if (owner !== undefined) return (await lifeOf(owner)) === 'dead' ? [folder] : [];
    const status = await stat(folder).catch(() => undefined);
    return status !== undefined && Date.now() - status.mtimeMs > OLD ? [folder] : [];
  });
  return (await Promise.all(dead)).flat();
}

/** Files beside artifacts that a build of an earlier version, or one on another file system, left behind. */
function deadFiles(root: string, paths: readonly string[]): string[] {
  const ours = new Set(paths.flatMap((path) => [fileAt(root, path), join(root, path)]));
  const folders = [...new Set([...ours].map((file) => dirname(file)))];
  return folders.flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const [, of = '', pid = ''] = /^\.(.+)\.(\d+)\.tmp$/.exec(name) ?? [];
      const isOurs = ours.has(join(folder, of)) || /^azimuth\.\d+\.(?:new|old)$/.test(of);
      return isOurs && pid !== '' && !isAlive(Number(pid)) ? [join(folder, name)] : [];
    }),
  );
}

/**
 * Removes what builds left behind whose processes are dead, as far as that is possible: it does no harm, but could be committed.
 * @param paths all artifacts, present and former.
 */
export async function removeLeftovers(root: string, paths: readonly string[]): Promise<void> {
  const dead = [...(await deadFolders(root)), ...deadFiles(root, paths)];
  for (const path of dead) await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
