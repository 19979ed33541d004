import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf, suggestion } from '../../generators/index.ts';
import { CannotRun } from './program.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options that both commands have. */
export const COMMON = {
  config: { type: 'string', multiple: true, default: [] },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies Options;

/** What was given for an option that takes one. */
const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.includes(''));

/**
 * Reads the arguments after a program's name. What follows without an option is one more file of --config, so that the shell may
 * expand `--config examples/*.yaml`.
 * @throws CannotRun that names the option, and the nearest known one.
 */
export function readOptions<Known extends Options>(argv: readonly string[], options: Known) {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: { ...options, ...COMMON }, allowPositionals: true });
  } catch (error) {
    const [first = ''] = messageOf(error).split('. ');
    const flag = /^Unknown option '(--?[^']+)'/.exec(first)?.[1];
    const known = Object.keys({ ...options, ...COMMON }).map((name) => `--${name}`);
    throw new CannotRun(flag === undefined ? first : `unknown option ${flag}, ${suggestion(flag, known)}`);
  }
  const { values, positionals } = parsed;
  const empty = Object.entries(values).find(([, value]) => isEmpty(value));
  if (empty !== undefined) throw new CannotRun(`--${empty[0]} takes a name`);
  const { config, help } = values as { readonly config: readonly string[]; readonly help: boolean };
  if (positionals.length > 0 && config.length === 0) {
    throw new CannotRun(`unexpected argument ${positionals.join(' ')}; files go with --config`);
  }
  return { values, files: [...config, ...positionals], help };
}
