import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireTool } from './tools.ts';
import { guardProcess } from './watchdog.ts';

/** A server to run. */
export interface ServerProgram {
  /** Name of the program on PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** What it is called in error messages. */
  readonly name: string;
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * A process group of its own, so that Ctrl-C in a terminal reaches this process only, which then ends the server in
   * good order; false by default.
   */
  readonly detached?: boolean;
  /** Whether it, and not another server at its port, answers; may reject as long as nothing does. */
  readonly isReady: () => Promise<boolean>;
}

/** A server that is ready. */
export interface ServerProcess {
  /** Resolves, when the process ends without `stop`, with how: a sentence with its exit code and last words. */
  readonly died: Promise<string>;
  /** The latest of what it wrote to stderr. */
  readonly lastWords: () => string;
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** Processes that must not outlive this one. One listener for all of them: a run may start a dozen. */
const running = new Set<ChildProcess>();

const killAll = (): void => running.forEach((child) => void child.kill('SIGKILL'));

/** Ends a child when this process ends, whatever ends it. */
export function killWithParent(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (running.size === 0) process.once('exit', killAll);
  running.add(child);
  const letGo = guardProcess(child.pid);
  child.once('exit', () => {
    letGo();
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
}

/** Starts a server and waits until it is ready. Rejects with what it wrote to stderr when it does not get there. */
export async function startProcess({
  program,
  args,
  name,
  isReady,
  detached = false,
  env = {},
}: ServerProgram): Promise<ServerProcess> {
  const child = spawn(requireTool(program), args, { detached, env: { ...process.env, ...env } });
  let log = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-16_384)));
  child.once('error', (error) => (log += error.message));
  // The last words of a process may arrive after its exit.
  const closed = new Promise((resolve) => child.once('close', resolve));
  killWithParent(child);

  let isStopping = false;
  const died = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      if (!isStopping) resolve(`${name} ended by itself: ${ending(code, signal, log)}`);
    });
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    await end(child);
  };

  try {
    await untilReady(child, isReady);
  } catch (error) {
    await stop();
    await Promise.race([closed, sleep(1_000)]);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name}: ${reason}\n${log}`, { cause: error });
  }
  return { stop, died, lastWords: () => log };
}

/** How a process ended: its exit code or signal, and the last line that it wrote. */
function ending(code: number | null, signal: string | null, log: string): string {
  const how = code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}`;
  const lastLine = log.trim().split('\n').at(-1) ?? '';
  return lastLine === '' ? `${how}, without a word` : `${how}, ${lastLine}`;
}

async function untilReady(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`exited with code ${child.exitCode ?? child.signalCode}`);
    if (await isReady().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`not ready after ${START_TIMEOUT_MS / 1_000} s`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}
