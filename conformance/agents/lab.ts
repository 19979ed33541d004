import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun, programAt } from '../shared/program.ts';
import type { TrafficCase } from './cases.ts';
import { type Host, startHost, writeProgram } from './host.ts';
import { ADDRESSES, type Argv, HOSTS, networkDown, networkUp, SERVER_PORT } from './network.ts';

const PREFIX = 'azimuth-agents';

/** The time at which a process began, in ticks since the boot; undefined if there is none. Upstream: proc(5), field 22 of stat. */
function beganAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** What all names of a run begin with: its process, and when that began, as numbers of processes are used again. */
export const runName = (pid: number, began: string): string => `${PREFIX}-${pid}-${began}`;

/** The run that a name belongs to; undefined for what no run made. */
export function runOf(name: string): { readonly pid: number; readonly began: string } | undefined {
  const [, pid, began] = /^azimuth-agents-(\d+)-(\d+)(?:-|$)/.exec(name) ?? [];
  return pid === undefined || began === undefined ? undefined : { pid: Number(pid), began };
}

/** Names of which the run has ended, or was killed before it could clean up. */
export const leftovers = (
  names: readonly string[],
  isRunning: (run: { readonly pid: number; readonly began: string }) => boolean,
): readonly string[] =>
  names.filter((name) => {
    const run = runOf(name);
    return run !== undefined && !isRunning(run);
  });

const isRunning = ({ pid, began }: { readonly pid: number; readonly began: string }): boolean => beganAt(pid) === began;

const ip = programAt('ip');

const NETNS = '/run/netns';

/** Ends what still runs in a namespace that a run made, and waits until it has ended. */
async function endProcesses(namespace: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const { stdout } = await ip(['netns', 'pids', namespace]);
    const pids = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map(Number);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended meanwhile.
      }
    }
    await sleep(1000);
  }
}

/** Removes what runs left behind that were killed: their processes, namespaces and folders. Returns how many namespaces there were. */
export async function removeLeftovers(): Promise<number> {
  const spaces = existsSync(NETNS) ? leftovers(readdirSync(NETNS), isRunning) : [];
  for (const namespace of spaces) await endProcesses(namespace);
  for (const namespace of spaces) await ip(['netns', 'del', namespace]);
  for (const folder of leftovers(readdirSync(tmpdir()), isRunning))
    await rm(join(tmpdir(), folder), { recursive: true, force: true });
  return spaces.length;
}

/** Network namespaces with their processes, and a folder for files. */
export interface Lab {
  readonly folder: string;
  readonly host: (name: string) => Host;
  /** Runs a command that changes the network. @throws CannotRun with its last words if it fails. */
  readonly run: (commands: readonly Argv[]) => Promise<void>;
  readonly naming: (host: string) => string;
  /** Ends all processes and removes the namespaces. May be called twice, and while the network is being built. */
  readonly remove: () => Promise<void>;
}

async function runAll(commands: readonly Argv[]): Promise<void> {
  for (const [program = '', ...args] of commands) {
    const { code, stderr } = await programAt(program)(args);
    if (code !== 0) throw new CannotRun(`${[program, ...args].join(' ')}: ${stderr.trim() || `exit code ${code}`}`);
  }
}

/** The folder of this run. */
export const runFolder = (): string => join(tmpdir(), runName(process.pid, beganAt(process.pid) ?? '0'));

/**
 * Builds the network of a CNI, and starts a process and the servers on every host.
 * @param register gets the lab before anything of it exists, so that an interrupted start can be undone.
 */
export async function startLab(cni: TrafficCase['cni'], register: (lab: Lab) => void): Promise<Lab> {
  const folder = runFolder();
  await mkdir(folder, { recursive: true });
  const prefix = runName(process.pid, beganAt(process.pid) ?? '0');
  const naming = (host: string): string => `${prefix}-${host}`;
  const hosts = new Map<string, Host>();
  const remove = async (): Promise<void> => {
    await Promise.all([...hosts.values()].map((host) => host.stop()));
    hosts.clear();
    await Promise.all(
      networkDown(naming).map(async ([, ...args]) => {
        const namespace = args.at(-1) ?? '';
        if (!existsSync(join(NETNS, namespace))) return;
        await endProcesses(namespace);
        await ip(args);
      }),
    );
  };
  const lab: Lab = {
    folder,
    naming,
    remove,
    run: runAll,
    host(name) {
      const host = hosts.get(name);
      if (host === undefined) throw new TypeError(`no host ${name}`);
      return host;
    },
  };
  register(lab);
  await runAll(networkUp(naming, cni));
  const program = join(folder, 'inside.mjs');
  await writeProgram(program);
  await Promise.all(
    HOSTS.map(async (name) => {
      const host = await startHost(name, naming(name), program);
      hosts.set(name, host);
      const addresses = ADDRESSES[name];
      if (addresses !== undefined)
        await host.call({ do: 'serve', port: SERVER_PORT, addresses: Object.values(addresses) });
    }),
  );
  return lab;
}
