import { resolve } from 'node:path';
import { isExecutable, onPath, runTool, type ToolResult } from '../../bench/process/tools.ts';

/** What a program that ran to its end left behind. */
export type Ran = ToolResult;

/** Runs one program with these arguments, and this text for its standard input. */
export type Program = (args: readonly string[], input?: string) => Promise<Ran>;

/** A command that cannot do its work at all, in a sentence for the user. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
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
  const found = onPath(name);
  if (found !== undefined) return found;
  throw new CannotRun(`${name} is not on PATH: install it, or name it with ${option} PATH`);
}

/** The program at a path. Any exit code is a result; a call rejects only when the program cannot be started. */
export const programAt =
  (path: string): Program =>
  (args, input = '') =>
    runTool(resolve(path), args, { input });
