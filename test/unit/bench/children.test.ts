import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { killWithParent } from '../../../bench/process/server-process.ts';
import { temporaryFolder } from '../../../bench/process/temporary.ts';
import { thisProcess } from '../../../generators/index.ts';
import { inTempDir } from '../../support/temp-dir.ts';

/** Files that start a process without `killWithParent`, and why nothing is left of it when they are killed. */
const STARTS: Readonly<Record<string, string>> = {
  'bench/process/server-process.ts': 'startProcess: killWithParent itself',
  'bench/process/tools.ts': 'programs that run to their end within seconds: promtool, amtool, helm, ps',
  'bench/process/watchdog.ts': 'the watchdog, which ends when it has cleaned up',
  'conformance/agents/host.ts': 'a host ends with its input, with all that it started',
  'conformance/agents/inside.ts': 'a host ends what it started when its input ends',
  'generators/cli.ts': 'rerun: a build that ends within seconds',
  'generators/commands/diff/revision.ts': 'git reads and ends',
  'preview/host/git.ts': 'git reads and ends',
  'preview/host/browser.ts': 'Chromium ends with its pipe to Playwright; its folder is guarded',
  'test/crash/trials.ts': 'builds that end within seconds, most of them killed on purpose',
  'test/fuzz/outputs.ts': 'promtool, waited for',
  'test/preview/commands.test.ts': 'git, waited for',
  'test/preview/host-git.test.ts': 'git, waited for',
  'test/preview/host-pictures.test.ts': 'a script that takes pictures and ends',
  'test/package/installed.ts': 'npm, the installed program and tsc, waited for',
  'test/run.mjs': 'Jest, waited for; its tests guard their own',
  'test/unit/bench/children.test.ts': 'parents that are to be killed',
  'test/unit/commands/diff.test.ts': 'git and a comparison, waited for',
  'test/unit/commands/usage.test.ts': 'bash, waited for',
  'test/unit/cli.test.ts': 'builds that end within seconds',
  'test/unit/output-dir/targets.test.ts': 'mkfifo, waited for',
};

const STARTING = /\b(?:spawn|spawnSync|execFile|execFileSync|fork)\(|promisify\(execFile\)|\.launchPersistentContext\(/;

/** Files that start processes and do not see to their end. */
const unguarded = (texts: Readonly<Record<string, string>>): string[] =>
  Object.entries(texts)
    .filter(([file, text]) => STARTING.test(text) && !/^ *killWithParent\(child\);/m.test(text) && !(file in STARTS))
    .map(([file]) => file);

function sources(): Record<string, string> {
  const folders = ['bench', 'bin', 'conformance', 'demo', 'docs', 'generators', 'mutation', 'preview/host', 'test'];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  return Object.fromEntries(
    files.filter((file) => /\.m?tsx?$|\.mjs$/.test(file)).map((file) => [file, readFileSync(file, 'utf8')]),
  );
}

test('every child ends with its parent: guarded, or with the reason why that is not needed', () => {
  const found = sources();
  expect(unguarded(found)).toEqual([]);
  expect(unguarded({ ...found, 'demo/new.ts': "const child = spawn('prometheus', []);" })).toEqual(['demo/new.ts']);
  // Every reason is needed.
  expect(Object.keys(STARTS).filter((file) => !STARTING.test(found[file] ?? ''))).toEqual([]);
});

const moduleOf = (file: string): string => JSON.stringify(pathToFileURL(resolve(file)).href);
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Waits until something is so; @throws Error after half a minute. */
async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 30_000; !isSo(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error('it never became so');
  }
}

/** Whether a process runs. One that has ended, and that nobody has asked about, does not. Linux. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A parent with a Prometheus, another child and a folder of its own; it prints their ids and names, and waits. */
const PARENT = `
import { spawn } from 'node:child_process';
import { freePort, startPrometheus } from ${moduleOf('bench/process/prometheus.ts')};
import { killWithParent } from ${moduleOf('bench/process/server-process.ts')};
import { temporaryFolder } from ${moduleOf('bench/process/temporary.ts')};
const folder = await temporaryFolder('with space');
// It goes on writing when it is told to end.
const child = spawn('/bin/sh', ['-c', "trap '' TERM INT HUP; while :; do mkdir -p \\"$0/a\\"; date > \\"$0/a/b\\"; done", folder.path]);
killWithParent(child);
const ended = spawn('true');
killWithParent(ended);
await new Promise((done) => ended.once('exit', done));
const prometheus = await startPrometheus({ config: {}, port: await freePort() });
console.log(JSON.stringify({ pid: child.pid, folder: folder.path }));
if (process.argv[2] === 'stop') {
  child.kill('SIGKILL');
  await prometheus.stop();
  await folder.remove();
} else setInterval(() => {}, 1000);
`;

/** Ids of the processes whose command line has a text. Linux. */
const processesWith = (text: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);

interface Parent {
  /** Its Prometheus, and the child that writes. */
  readonly children: readonly number[];
  readonly folder: string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts a parent that ends as `use` or it itself says; then nothing of it is left. */
const withParent = async (how: 'killed' | 'stop', use: (parent: Parent) => void): Promise<void> =>
  inTempDir(async (dir) => {
    const tmp = join(dir, 'tmp');
    await mkdir(tmp);
    await writeFile(join(dir, 'parent.mts'), PARENT);
    const argv = ['--import', TSX, join(dir, 'parent.mts'), how];
    // Ports of its own, as other tests run at the same time.
    const parent = spawn(process.execPath, argv, { env: { ...process.env, TMPDIR: tmp, JEST_WORKER_ID: '9' } });
    const ended = once(parent, 'exit');
    let output = '';
    parent.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    parent.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    await until(() => output.includes('\n') || parent.exitCode !== null);
    const { pid, folder } = JSON.parse(output) as { pid: number; folder: string };
    const children = processesWith(`${tmp}/`).filter((each) => each !== parent.pid);
    use({ children, folder, kill: (signal) => parent.kill(signal) });
    await ended;
    await until(() => [pid, ...children].every((each) => !runs(each)));
    await until(() => readdirSync(tmp).every((name) => !name.startsWith('azimuth-')));
  });

describe('a parent leaves no child and no folder', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)(
    'when %s ends it',
    async (signal) => {
      await withParent('killed', ({ children, folder, kill }) => {
        expect(existsSync(join(folder, '.azimuth-owner'))).toBe(true);
        // Of this user only.
        expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
        expect(children.length).toBeGreaterThan(1);
        kill(signal);
      });
    },
    120_000,
  );

  test('when it stops them itself', async () => {
    await withParent('stop', ({ folder }) => expect(folder).toContain('azimuth-with space-'));
  }, 120_000);
});

describe('the next start', () => {
  const kind = `test${process.pid}`;
  const folderOf = async (mark: unknown): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), `azimuth-${kind}-`));
    if (mark !== undefined) await writeFile(join(path, '.azimuth-owner'), JSON.stringify(mark));
    return path;
  };

  test('removes what a run has left that was killed with its watchdog, and nothing else', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const mark = { program: 'azimuth', kind, ...(await thisProcess()), pid: dead.pid };
    const stale = await folderOf(mark);
    // Its number is that of another process by now.
    const reused = await folderOf({ ...mark, pid: process.pid, start: '1' });
    const kept = [
      await folderOf(undefined),
      await folderOf('text'),
      await folderOf({ ...mark, pid: process.pid }),
      await folderOf({ ...mark, pid: 1, start: '' }),
      await folderOf({ ...mark, pid: 0 }),
      await folderOf({ ...mark, pid: '12' }),
      await folderOf({ ...mark, kind: 'other' }),
      await folderOf({ ...mark, place: 'elsewhere' }),
      await folderOf({ ...mark, program: 'other' }),
    ];
    const link = join(tmpdir(), `azimuth-${kind}-link`);
    await symlink(await folderOf({ ...mark, pid: process.pid }), link);
    // A server of that run, and a program that only speaks of its folder.
    const wait = ['-e', 'setInterval(() => {}, 1000)', '--'];
    const server = spawn(process.execPath, [...wait, `--config.file=${stale}/prometheus.yaml`], { stdio: 'ignore' });
    const reader = spawn(process.execPath, [...wait, `${stale}/prometheus.yaml`], { stdio: 'ignore' });
    killWithParent(server);
    killWithParent(reader);
    await until(() => processesWith(`=${stale}/prometheus.yaml`).length > 0);
    const ended = once(server, 'exit');
    const next = await temporaryFolder(kind);
    try {
      expect(await ended).toEqual([null, 'SIGKILL']);
      expect(runs(reader.pid ?? 0)).toBe(true);
      expect([stale, reused].filter((path) => existsSync(path))).toEqual([]);
      expect([...kept, link, next.path].filter((path) => !existsSync(path))).toEqual([]);
    } finally {
      reader.kill();
      await next.remove();
      for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(`azimuth-${kind}-`))) {
        await rm(join(tmpdir(), name), { recursive: true, force: true });
      }
    }
    expect(existsSync(next.path)).toBe(false);
  }, 60_000);
});
