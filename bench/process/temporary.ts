import { existsSync, rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lifeOf, parseOwner, thisProcess } from '../../generators/index.ts';
import { runTool } from './tools.ts';
import { guardFolder } from './watchdog.ts';

/** A folder that goes with this process, whatever ends it. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** In every folder of ours: the process that made it. */
const MARK = '.azimuth-owner';

/** What the mark says besides its owner. */
const markOf = (kind: string) => ({ program: 'azimuth', kind });

/** A process that was just killed may still write a file. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

const existing = new Set<string>();
const removeAll = (): void => {
  for (const path of existing) rmSync(path, { recursive: true, force: true });
};

/** Makes an empty folder `azimuth-KIND-...` for temporary files, and removes those of runs that have ended without doing so. */
export async function temporaryFolder(kind: string): Promise<TemporaryFolder> {
  await removeStale(kind);
  const path = await mkdtemp(join(await realpath(tmpdir()), `azimuth-${kind}-`));
  if (existing.size === 0) process.once('exit', removeAll);
  existing.add(path);
  const letGo = guardFolder(path);
  await writeFile(join(path, MARK), JSON.stringify({ ...markOf(kind), ...(await thisProcess()) }));
  return {
    path,
    async remove() {
      await rm(path, REMOVE);
      letGo();
      existing.delete(path);
      if (existing.size === 0) process.off('exit', removeAll);
    },
  };
}

/** Whether a path is a folder of this user that a process of ours made which has ended. */
async function isStale(path: string, kind: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return false;
    const text = await readFile(join(path, MARK), 'utf8');
    const mark = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const owner = parseOwner(text);
    const isOurs = Object.entries(markOf(kind)).every(([key, value]) => mark[key] === value);
    return isOurs && owner !== undefined && (await lifeOf(owner)) === 'dead';
  } catch {
    // Not ours, or not ours any more.
    return false;
  }
}

async function removeStale(kind: string): Promise<void> {
  const folder = await realpath(tmpdir());
  const names = (await readdir(folder)).filter((name) => name.startsWith(`azimuth-${kind}-`));
  for (const name of names) {
    const path = join(folder, name);
    if (!(await isStale(path, kind))) continue;
    await endUsers(path);
    await rm(path, REMOVE);
  }
}

/** The command lines of all processes, by their ids; their arguments are separated by spaces or zeros. */
async function commandLines(): Promise<readonly (readonly [pid: number, line: string])[]> {
  if (existsSync('/proc/self/cmdline')) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    return Promise.all(
      pids.map(async (pid) => [Number(pid), await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const),
    );
  }
  const { stdout } = await runTool('ps', ['-A', '-o', 'pid=,args=']);
  return stdout.split('\n').map((line) => [Number.parseInt(line, 10), line] as const);
}

/** Ends servers and browsers of an earlier run: programs with an option that names its folder. */
async function endUsers(path: string): Promise<void> {
  for (const [pid, line] of await commandLines()) {
    if (!line.includes(`=${path}/`) && !line.includes(`=${path}\0`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
