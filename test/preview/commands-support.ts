import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killWithParent } from '../../bench/process/server-process.ts';
import type { State } from '../../preview/app/model/state.ts';

const BIN = resolve('bin/azimuth.mjs');
const TIMEOUT_MS = 200_000;

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts the program as a user does. */
export function command(cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd, env: { ...process.env, ...env } });
  killWithParent(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { child, output, ended: new Promise((done) => child.once('close', done)) };
}

/** Runs the program to its end. */
export async function runCommand(cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { output, ended } = command(cwd, argv, env);
  return { code: await ended, ...output };
}

/** Waits until something is there. */
export async function eventually<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = performance.now() + TIMEOUT_MS; performance.now() < deadline; await sleep(100)) {
    const value = await look().catch(() => undefined);
    if (value !== undefined) return value;
  }
  throw new Error(`${what}: not within ${TIMEOUT_MS} ms`);
}

/** The address that a command prints when it is ready. */
export const addressOf = ({ output, child }: Running): Promise<string> =>
  eventually('an address', () => {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output.stderr}`);
    return Promise.resolve(/^http:\/\/127\.0\.0\.1:\d+$/m.exec(output.stdout)?.[0]);
  });

/** What the host tells its page. */
export const hostState = async (url: string): Promise<State> =>
  (await (await fetch(`${url}/api/state`)).json()) as State;

/** Ids of the processes that a process has started and that still run, by their names. Linux. */
export function childrenOf(pid: number, name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        // The name is in parentheses and may hold anything; the parent's id is the second word after it.
        const [, comm, rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? [];
        return comm === name && Number(rest.split(' ')[1]) === pid ? [Number(entry)] : [];
      } catch {
        return [];
      }
    });
}

/** Whether a process still runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
