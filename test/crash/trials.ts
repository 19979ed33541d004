import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { findDrift } from '../../generators/output-dir/files.ts';
import { update } from '../../generators/output-dir/update.ts';
import { planOf, planted, type Texts } from '../support/planted.ts';
import { treeOf } from '../support/temp-dir.ts';

/** Files of each configuration. */
const FILES = 30;

const FOLDERS = ['rules/prometheus', 'rules/amp', 'dashboards/grafana', 'dashboards/configmaps', 'rules'];

/** The files of three configurations: most change their text, some come and go. */
const textsOf = (which: number): Texts =>
  planted(
    Object.fromEntries(
      Array.from({ length: FILES }, (_, index) => index)
        .filter((index) => index % 7 !== which)
        .map((index) => [`${FOLDERS[index % FOLDERS.length] ?? ''}/${index}.yaml`, 1 + which + (index % 3) * 300]),
    ),
  );

const CONFIGURATIONS = [textsOf(0), textsOf(1), textsOf(2)] as const;

/** Files of the user, which no build may touch. */
const FOREIGN: Texts = { 'rules/mine.yaml': 'of the user\n', 'notes.txt': 'of the user\n' };

/** What remains in a folder after a trial. */
export type Outcome = 'old' | 'new' | 'named' | 'mixed' | 'unmended' | 'wrong exit code';

/** The programs and texts of all trials. */
export interface Stage {
  readonly home: string;
  /** The program that writes. */
  readonly program: string;
}

/** Bundles the program that writes, and writes the texts for it. */
export function makeStage(): Stage {
  const home = mkdtempSync(join(tmpdir(), 'azimuth-crash-'));
  const program = join(home, 'writer.mjs');
  buildSync({
    entryPoints: [resolve('test/crash/writer.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  for (const [which, texts] of CONFIGURATIONS.entries()) {
    writeFileSync(join(home, `${which}.json`), JSON.stringify(texts));
  }
  for (const [path, text] of Object.entries({ ...CONFIGURATIONS[0], ...FOREIGN })) {
    mkdirSync(dirname(join(home, 'old', path)), { recursive: true });
    writeFileSync(join(home, 'old', path), text);
  }
  return { home, program };
}

export const removeStage = ({ home }: Stage): void => rmSync(home, { recursive: true, force: true });

let trials = 0;

/** A fresh folder with the files of the first configuration. */
function freshFolder({ home }: Stage): string {
  trials += 1;
  const dir = join(home, `trial-${trials}`);
  cpSync(join(home, 'old'), dir, { recursive: true });
  return dir;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function startBuild(
  { home, program }: Stage,
  dir: string,
  which: number,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, dir, join(home, `${which}.json`)], { stdio: 'ignore' });
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done({ code, signal }));
  });
  return { child, ended };
}

/**
 * Sends a signal at a random moment of the writing: after so many changes of files, of which there are some 200.
 * @returns whether it was sent before the end.
 */
function strike(
  dir: string,
  { child, ended }: ReturnType<typeof startBuild>,
  signal: NodeJS.Signals,
  changes: number,
): Promise<boolean> {
  let seen = 0;
  let isSent = false;
  const watchers: FSWatcher[] = [];
  let isWatched = false;
  const struck = (_event: unknown, name: string | null): void => {
    seen += 1;
    if (name === '.azimuth' && !isWatched) {
      isWatched = true;
      try {
        look(join(dir, name));
      } catch {
        // It is gone already.
      }
    }
    if (isSent || seen < changes) return;
    isSent = child.kill(signal);
  };
  const look = (folder: string): void => void watchers.push(watch(folder, struck).on('error', () => undefined));
  for (const folder of ['.', ...FOLDERS]) look(join(dir, folder));
  return ended.then(() => {
    for (const watcher of watchers) watcher.close();
    return isSent;
  });
}

const textOf = (tree: Texts): string => JSON.stringify(Object.entries(tree).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const isLeftover = (path: string): boolean => path.startsWith('.azimuth') || path.endsWith('.tmp');

/** Which configuration's files are in a folder; undefined if they are of several, or a file of the user is not as it was. */
async function found(dir: string): Promise<number | undefined> {
  const tree = Object.fromEntries(Object.entries(await treeOf(dir)).filter(([path]) => !isLeftover(path)));
  const text = textOf(tree);
  const which = CONFIGURATIONS.findIndex((texts) => text === textOf({ ...texts, ...FOREIGN }));
  return which === -1 ? undefined : which;
}

async function isNamed(dir: string): Promise<boolean> {
  const drift = await findDrift(
    dir,
    planOf(CONFIGURATIONS[1])(readFileSync(join(dir, 'artifacts.lock.json'), 'utf8')).expected,
  );
  return drift.some(({ state }) => state === 'interrupted');
}

/** Whether one build of a configuration brings a folder in order, and leaves nothing else. */
async function isMended(dir: string, which: 0 | 1 | 2): Promise<boolean> {
  await update(dir, planOf(CONFIGURATIONS[which]), { interrupted: () => new AbortController().signal });
  return (await found(dir)) === which && !readdirSync(dir, { recursive: true, encoding: 'utf8' }).some(isLeftover);
}

/** A build that a signal ends; undefined if it ended before. */
export async function signalTrial(stage: Stage, signal: NodeJS.Signals, changes: number): Promise<Outcome | undefined> {
  const dir = freshFolder(stage);
  const build = startBuild(stage, dir, 1);
  const isSent = await strike(dir, build, signal, changes);
  const { code, signal: death } = await build.ended;
  const which = await found(dir);
  let outcome: Outcome | undefined = which === 0 ? 'old' : 'new';
  if (which === undefined) outcome = signal === 'SIGKILL' && (await isNamed(dir)) ? 'named' : 'mixed';
  // Before the writing and after it, a signal ends the process as ever.
  const wanted = code === (which === 0 ? 1 : 0) || death === signal;
  if (outcome !== 'mixed' && !(outcome === 'named' || wanted)) outcome = 'wrong exit code';
  if (outcome !== 'mixed' && !(await isMended(dir, changes % 2 === 0 ? 1 : 2))) outcome = 'unmended';
  rmSync(dir, { recursive: true, force: true });
  return isSent || outcome === 'mixed' || outcome === 'unmended' ? outcome : undefined;
}

/** Two builds of different or of one configuration, begun together, with a third that is killed if `changes` is given. */
export async function rivalTrial(stage: Stage, configurations: readonly number[], changes?: number): Promise<Outcome> {
  const dir = freshFolder(stage);
  const builds = configurations.map((which) => startBuild(stage, dir, which));
  if (changes !== undefined) {
    const victim = startBuild(stage, dir, 2);
    await strike(dir, victim, 'SIGKILL', changes);
  }
  const ended = await Promise.all(builds.map(async (build) => build.ended));
  const which = await found(dir);
  let outcome: Outcome = 'new';
  if (which === undefined) outcome = (await isNamed(dir)) ? 'named' : 'mixed';
  else if (!ended.every(({ code }) => code === 0)) outcome = 'wrong exit code';
  if (outcome !== 'mixed' && !(await isMended(dir, 1))) outcome = 'unmended';
  rmSync(dir, { recursive: true, force: true });
  return outcome;
}
