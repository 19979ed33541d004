import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { DURATION, seconds } from '../promql/index.ts';
import { listed, messageOf, show, suggestion } from '../schema/problems.ts';
import { redactUrl } from '../schema/urls.ts';
import type { Flags } from './context.ts';
import { DEFAULT_CONFIG } from './read-text.ts';

/** The options of all commands, for `parseArgs`. */
const OPTIONS = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  out: { type: 'string' },
  cluster: { type: 'string' },
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  sources: { type: 'boolean', default: false },
  prices: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  window: { type: 'string' },
  prometheus: { type: 'string' },
  port: { type: 'string' },
  png: { type: 'string' },
  before: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

type Name = keyof typeof OPTIONS;

/** Commands that take an option; the other options are for all commands. */
const GOES_WITH: Partial<Record<Name, readonly string[]>> = {
  check: ['build', 'check'],
  json: ['build', 'check', 'validate', 'list', 'print', 'explain', 'advise'],
  markdown: ['advise'],
  window: ['advise'],
  sources: ['list'],
  prices: ['list'],
  cluster: ['list', 'print', 'explain', 'preview', 'demo', 'advise'],
  prometheus: ['preview', 'advise'],
  port: ['preview', 'demo'],
  png: ['preview', 'demo'],
  before: ['preview', 'demo'],
};

/** Commands with an argument of their own: what it is, and whether it may be left out. */
const OPERANDS: Readonly<Record<string, { readonly name: string; readonly isOptional: boolean }>> = {
  explain: { name: 'NAME', isOptional: false },
};

/** The parsed command line, or a message about its misuse. */
type Request =
  | { readonly command: string; readonly flags: Flags; readonly asked?: 'help' | 'version' }
  | { readonly misuse: string };

/** The output folder where none is named: that of the configuration. */
export const outFor = (config: string): string => dirname(config === '' ? DEFAULT_CONFIG : config);

const PORT = /^\d{1,5}$/;

function wrongValue(values: Readonly<Record<string, string | boolean | undefined>>): string | undefined {
  const { config, out, png, before, port, window, json, markdown } = values;
  if (config === '') return `--config: got "", expected the name of a file such as ${DEFAULT_CONFIG}`;
  if (out === '') return '--out: got "", expected the name of a folder, such as . for this one';
  if (png === '') return '--png takes a folder';
  if (before !== undefined && png === undefined) return '--before goes with --png, which takes the pictures to compare';
  if (json === true && markdown === true) return 'either --json or --markdown';
  if (typeof window === 'string' && (!DURATION.test(window) || seconds(window) === 0))
    return `--window: got ${show(window, true)}, expected a duration such as 7d or 12h`;
  if (typeof port === 'string' && !(PORT.test(port) && Number(port) < 65_536))
    return `--port: got ${show(port, true)}, expected a port such as 19200, or 0 for any that is free`;
  return undefined;
}

/** Reads the arguments after the program's name. `commands` are the known names. */
export function parseRequest(argv: readonly string[], commands: readonly string[]): Request {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [first = ''] = messageOf(error).split('. ');
    const flag = /^Unknown option '(--?[^']+)'/.exec(first)?.[1];
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    return { misuse: flag === undefined ? first : `unknown option ${flag}, ${suggestion(flag, known)}` };
  }
  const { positionals } = parsed;
  const values = { ...parsed.values, out: parsed.values.out ?? outFor(parsed.values.config) };
  const [command, ...rest] = positionals;
  if (values.help || command === 'help') return { command: 'help', flags: values, asked: 'help' };
  if (values.version) return { command: 'version', flags: values, asked: 'version' };
  if (command === undefined) return { misuse: 'no command given' };
  if (!commands.includes(command))
    return { misuse: `unknown command ${redactUrl(command)}, ${suggestion(command, commands)}` };
  const taken = OPERANDS[command];
  const operand = taken === undefined ? undefined : rest[0];
  const others = taken === undefined ? rest : rest.slice(1);
  if (taken?.isOptional === false && (operand === undefined || operand === ''))
    return { misuse: `${command} takes a name: azimuth ${command} ${taken.name}` };
  if (others.length > 0) return { misuse: `unexpected argument ${others.map((each) => redactUrl(each)).join(' ')}` };
  for (const [name, goesWith] of Object.entries(GOES_WITH)) {
    const value = values[name as Name];
    if (value !== undefined && value !== false && !goesWith.includes(command)) {
      // check --check is accepted, but not advertised.
      const commandsOf = goesWith.filter((each) => each !== name);
      return { misuse: `--${name} goes with ${listed(commandsOf, 'and')}, not with ${command}` };
    }
  }
  const misuse = wrongValue(values);
  return misuse === undefined
    ? { command, flags: { ...values, ...(operand !== undefined && { operand }) } }
    : { misuse };
}
