import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a program that ran to its end left behind. */
export interface Ran {
  /** Exit code, or -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one program with these arguments, and this text for its standard input. */
export type Program = (args: readonly string[], input?: string) => Promise<Ran>;

/** A command that cannot do its work at all, in a sentence for the user. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Finds a program: at the path that was given, or by its name on PATH.
 * @param option the option that names the path, for the message.
 * @throws CannotRun that names the program.
 */
export function programPath(name: string, given: string | undefined, option: string): string {
  if (given !== undefined) {
    if (isExecutable(given)) return given;
    throw new CannotRun(`${option}: got ${JSON.stringify(given)}, expected the path of an executable ${name}`);
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new CannotRun(`${name} is not on PATH: install it, or name it with ${option} PATH`);
}

/** The program at a path. Any exit code is a result; a call rejects only when the program cannot be started. */
export const programAt =
  (path: string): Program =>
  async (args, input = '') => {
    const child = spawn(path, args);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    // A program may exit without reading all of its input; its exit code tells more than the broken pipe.
    child.stdin.on('error', () => {}).end(input);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? -1, ...output }));
    });
  };
