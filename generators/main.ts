import { adviseCommand } from './commands/advise.ts';
import { buildCommand, checkCommand } from './commands/build.ts';
import { completionCommand } from './commands/completion.ts';
import type { Flags, Io } from './commands/context.ts';
import { demoCommand } from './commands/demo.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { listCommand } from './commands/list.ts';
import { parseRequest } from './commands/options.ts';
import { ownPackage } from './commands/own-package.ts';
import { previewCommand } from './commands/preview.ts';
import { printCommand } from './commands/print.ts';
import { helpOf, misuseText } from './commands/usage.ts';
import { validateCommand } from './commands/validate.ts';
import { ProblemError } from './schema/problems.ts';
import { redactText } from './schema/urls.ts';

const COMMANDS: Readonly<Record<string, (io: Io, flags: Flags) => Promise<number>>> = {
  init: initCommand,
  build: async (io, flags) => (flags.check ? checkCommand : buildCommand)(io, flags),
  check: checkCommand,
  validate: validateCommand,
  list: listCommand,
  print: printCommand,
  explain: explainCommand,
  diff: diffCommand,
  preview: previewCommand,
  demo: demoCommand,
  advise: adviseCommand,
  completion: completionCommand,
};

/**
 * Runs the command line.
 * @returns the exit code.
 * @throws only for bugs of Azimuth; problems in the user's input are printed, with exit code 1.
 */
export async function main(argv: readonly string[], terminal: Io): Promise<number> {
  // Whatever is said, and by which command: it may end in the log of a pipeline.
  const io: Io = { ...terminal, stderr: (text) => terminal.stderr(redactText(text)) };
  const request = parseRequest(argv, Object.keys(COMMANDS));
  if ('misuse' in request) {
    io.stderr(misuseText(request.misuse, request.command));
    return 1;
  }
  const { flags, asked } = request;
  if (asked === 'version') {
    io.stdout(`${ownPackage().version}\n`);
    return 0;
  }
  const command = COMMANDS[request.command];
  if (asked === 'help' || command === undefined) {
    io.stdout(helpOf(request.command));
    return 0;
  }
  try {
    return await command(flags.quiet && !flags.json ? { ...io, stdout: () => undefined } : io, flags);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (flags.json) io.stdout(`${JSON.stringify({ file: error.file, problems: error.problems }, null, 2)}\n`);
    io.stderr(`${error.message}\n`);
    return 1;
  }
}
