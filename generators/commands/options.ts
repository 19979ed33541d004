import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { DURATION, seconds } from '../promql/index.ts';
import { listed, messageOf, show, suggestion } from '../schema/problems.ts';
import { redactUrl } from '../schema/urls.ts';
import type { Flags } from './context.ts';
import { DEFAULT_CONFIG } from './read-text.ts';

/** The options of all commands, for `parseArgs`. */
export const OPTIONS = {
  config: { type: 'string', short: 'c', default: DEFAULT_CONFIG },
  out: { type: 'string', short: 'o' },
  cluster: { type: 'string' },
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
  sources: { type: 'boolean', default: false },
  prices: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  window: { type: 'string' },
  source: { type: 'string' },
  provider: { type: 'string' },
  region: { type: 'string' },
  exporter: { type: 'string' },
  ci: { type: 'string' },
  prometheus: { type: 'string' },
  port: { type: 'string' },
  png: { type: 'string' },
  before: { type: 'string' },
  artifacts: { type: 'boolean', default: false },
  'fail-on': { type: 'string' },
  pictures: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

/** The name of an option. */
export type OptionName = keyof typeof OPTIONS;

/** Commands that take an option; the other options are for all commands. */
export const GOES_WITH: Partial<Record<OptionName, readonly string[]>> = {
  check: ['build', 'check'],
  json: ['build', 'check', 'validate', 'list', 'print', 'explain', 'diff', 'advise'],
  quiet: ['build', 'check', 'validate'],
  markdown: ['diff', 'advise'],
  artifacts: ['diff'],
  'fail-on': ['diff'],
  pictures: ['diff'],
  window: ['advise'],
  sources: ['list'],
  prices: ['list'],
  source: ['init'],
  provider: ['init'],
  region: ['init'],
  exporter: ['init'],
  ci: ['init'],
  cluster: ['init', 'list', 'print', 'explain', 'preview', 'demo', 'advise'],
  prometheus: ['init', 'preview', 'advise'],
  port: ['preview', 'demo'],
  png: ['preview', 'demo'],
  before: ['preview', 'demo'],
};

/** Commands with an argument of their own: what it is, and whether it may be left out. */
export const OPERANDS: Readonly<Record<string, { readonly name: string; readonly isOptional: boolean }>> = {
  init: { name: '[DIR]', isOptional: true },
  explain: { name: 'NAME', isOptional: false },
  diff: { name: '[REV|DIR]', isOptional: true },
  completion: { name: 'bash|zsh|fish', isOptional: false },
};

/** The parsed command line, or a message about its misuse. */
type Request =
  | { readonly command: string; readonly flags: Flags; readonly asked?: 'help' | 'version' }
  | { readonly misuse: string; readonly command?: string };

/** The output folder where none is named: that of the configuration. */
export const outFor = (config: string): string => dirname(config === '' ? DEFAULT_CONFIG : config);

const PORT = /^\d{1,5}$/;

function wrongValue(values: Readonly<Record<string, string | boolean | undefined>>): string | undefined {
  const { config, out, png, before, port, window, json, markdown, pictures, 'fail-on': failOn } = values;
  if (config === '') return `--config: got "", expected the name of a file such as ${DEFAULT_CONFIG}`;
  if (out === '') return '--out: got "", expected the name of a folder, such as . for this one';
  if (png === '') return '--png takes a folder';
  if (before !== undefined && png === undefined) return '--before goes with --png, which takes the pictures to compare';
  if (failOn !== undefined && failOn !== 'breaking') return `--fail-on: got ${show(failOn)}, expected breaking`;
  if (pictures !== undefined && markdown !== true) return '--pictures goes with --markdown, which links to them';
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
  const { 'fail-on': failOn, ...others } = values;
  const flags: Flags = { ...others, ...(failOn !== undefined && { failOn }) };
  const [command, ...rest] = positionals;
  if (values.help) return { command: command ?? 'help', flags, asked: 'help' };
  if (command === 'help') return { command: rest[0] ?? 'help', flags, asked: 'help' };
  if (values.version) return { command: 'version', flags, asked: 'version' };
  if (command === undefined) return { misuse: 'no command given' };
  if (!commands.includes(command))
    return { misuse: `unknown command ${redactUrl(command)}, ${suggestion(command, commands)}` };
  const wrong = (misuse: string): Request => ({ misuse, command });
  const taken = OPERANDS[command];
  const operand = taken === undefined ? undefined : rest[0];
  const unexpected = taken === undefined ? rest : rest.slice(1);
  if (operand === '' || (taken?.isOptional === false && operand === undefined))
    return wrong(`${command} takes ${taken?.name ?? 'nothing'}`);
  if (unexpected.length > 0) return wrong(`unexpected argument ${unexpected.map((each) => redactUrl(each)).join(' ')}`);
  for (const [name, goesWith] of Object.entries(GOES_WITH)) {
    const value = values[name as OptionName];
    if (value !== undefined && value !== false && !goesWith.includes(command)) {
      // check --check is accepted, but not advertised.
      const commandsOf = goesWith.filter((each) => each !== name);
      return wrong(`--${name} goes with ${listed(commandsOf, 'and')}, not with ${command}`);
    }
  }
  const misuse = wrongValue(values);
  return misuse === undefined
    ? { command, flags: { ...flags, ...(operand !== undefined && { operand }) } }
    : wrong(misuse);
}
