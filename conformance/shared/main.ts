import { ProblemError } from '../../generators/index.ts';
import { CannotRun } from './program.ts';
import type { Output } from './report.ts';

/** A command: reads arguments, writes, and gives its exit code. */
export type Command = (argv: readonly string[], output: Output) => Promise<number>;

/** Runs a command; what keeps it from its work becomes a sentence on stderr, and exit code 1. */
export async function runCommand(
  name: string,
  command: Command,
  argv: readonly string[],
  output: Output,
): Promise<number> {
  try {
    return await command(argv, output);
  } catch (error) {
    if (!(error instanceof CannotRun || error instanceof ProblemError)) throw error;
    output.stderr(`${name}: ${error.message}\nRun with --help for the options.\n`);
    return 1;
  }
}

/** Runs a command as this process. */
export async function asProcess(name: string, command: Command): Promise<void> {
  process.exitCode = await runCommand(name, command, process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  });
}
