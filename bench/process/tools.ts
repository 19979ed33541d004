import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, isAbsolute, join } from 'node:path';

const PACKAGES = new Map([
  ['prometheus', 'prometheus'],
  ['promtool', 'prometheus'],
  ['amtool', 'prometheus-alertmanager'],
  ['helm', 'helm'],
  ['victoria-metrics', 'victoria-metrics'],
  ['vmalert', 'victoria-metrics'],
]);

/** Whether a file can be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a program in the first directory of PATH that has it; undefined where none does. */
export function onPath(name: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/**
 * Returns the path of a program the tests need; an absolute path is its own. Throws an Error that names the Debian package to install
 * when no directory of PATH has it.
 */
export function requireTool(name: string): string {
  if (isAbsolute(name)) return name;
  const found = onPath(name);
  if (found !== undefined) return found;
  throw new Error(`${name} is not on PATH; on Debian, install it with: apt-get install ${PACKAGES.get(name) ?? name}`);
}

/** What a program that ran to its end left behind. */
export interface ToolResult {
  /** Exit code, or -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a program runs and what it reads. */
export interface ToolOptions {
  readonly cwd?: string;
  /** Its environment; by default the one of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for its standard input, which is empty by default. */
  readonly input?: string;
}

/** Runs a program to its end. Any exit code is a result; rejects only when the program cannot be found or started. */
export async function runTool(name: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  const { cwd, env } = options;
  const child = spawn(requireTool(name), args, {
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A program may exit without reading all of its input; its exit code tells more than the broken pipe.
  child.stdin.on('error', () => {}).end(options.input ?? '');

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, ...output }));
  });
}

/** Below the ports that Linux gives to outgoing connections (`ip_local_port_range`). */
const LAST_RANDOM_PORT = 32_000;
const handedOut = new Set<number>();

/**
 * Finds a port that is free on 127.0.0.1, at `from` or above, and that was not returned before. In a test of Jest the
 * search begins at a random port: other tests, of this run or of another one on the machine, could otherwise find the
 * same port before either uses it.
 */
export async function freePort(from = 19_000): Promise<number> {
  const isTest = process.env['JEST_WORKER_ID'] !== undefined;
  for (let port = isTest ? randomInt(from, LAST_RANDOM_PORT) : from; port < 65_536; port += 1) {
    if (handedOut.has(port)) continue;
    // Before the wait, in which another search may look at the same port.
    handedOut.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 from ${from} up`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
