import { parseArgs } from 'node:util';
import { buildCommand, checkCommand } from './commands/build.ts';
import type { Flags, Io } from './commands/context.ts';
import { listCommand } from './commands/list.ts';
import { validateCommand } from './commands/validate.ts';
import { messageOf, ProblemError, suggestion } from './config/problems.ts';

const COMMANDS: Readonly<Record<string, (io: Io, flags: Flags) => Promise<number>>> = {
  build: buildCommand,
  check: checkCommand,
  validate: validateCommand,
  list: listCommand,
};

const USAGE = `usage: azimuth <command> [--config FILE] [--out DIR] [--json]

  build      write the artifacts that the configuration asks for (--check: as check)
  check      write nothing; list missing, changed, stray and foreign files; exit 2 if there are any
  validate   check the configuration and what it generates
  list       show artifacts, recorded series, alerts, dashboards, and what is left out
             (--sources: every flow source with its units, granularity and blind spots)

  --config FILE   the configuration, YAML or a .ts file (default: azimuth.yaml)
  --out DIR       where artifacts go (default: the current folder)
  --json          data for programs on standard output

exit codes: 0 fine, 1 invalid input, 2 the output folder differs
`;

const OPTIONS = {
  config: { type: 'string', default: 'azimuth.yaml' },
  out: { type: 'string', default: '.' },
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  sources: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** A mistake on the command line, in a sentence. */
function misuse(io: Io, message: string): number {
  io.stderr(`azimuth: ${message}\n\n${USAGE}`);
  return 1;
}

/**
 * The command line as a function: arguments and a terminal in, the exit code out.
 * @throws only what is a bug of ours; users' mistakes are messages and exit code 1.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first = ''] = messageOf(error).split('. ');
    const flag = /^Unknown option '(--?[^']+)'/.exec(first)?.[1];
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    return misuse(io, flag === undefined ? first : `unknown option ${flag}, ${suggestion(flag, known)}`);
  }
  const { values, positionals } = parsed;
  const [name, ...rest] = positionals;
  if (values.help || name === 'help') {
    io.stdout(USAGE);
    return 0;
  }
  if (name === undefined) return misuse(io, 'no command given');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return misuse(io, `unknown command ${name}, ${suggestion(name, Object.keys(COMMANDS))}`);
  if (rest.length > 0) return misuse(io, `unexpected argument ${rest.join(' ')}`);
  if (values.check && name !== 'build' && name !== 'check')
    return misuse(io, `--check goes with build, not with ${name}`);
  if (values.sources && name !== 'list') return misuse(io, `--sources goes with list, not with ${name}`);
  if (values.config === '' || values.out === '') return misuse(io, '--config and --out take a name');
  try {
    return await (values.check && name === 'build' ? checkCommand : command)(io, values);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (values.json) io.stdout(`${JSON.stringify({ file: error.file, problems: error.problems }, null, 2)}\n`);
    io.stderr(`${error.message}\n`);
    return 1;
  }
}
