import { suggestion } from '../schema/problems.ts';
import type { Flags, Io } from './context.ts';
import { COMMAND_HELP, optionsOf } from './usage.ts';

const commands = (): readonly string[] => Object.keys(COMMAND_HELP);
const options = (command: string): string =>
  optionsOf(command)
    .map((name) => `--${name}`)
    .join(' ');

/** Upstream: bash, Programmable Completion (COMPREPLY, COMP_WORDS, compgen). */
const bash = (): string => `_azimuth() {
  local word=\${COMP_WORDS[COMP_CWORD]} options
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "${commands().join(' ')}" -- "$word")
    return
  fi
  case \${COMP_WORDS[1]} in
${commands()
  .map((command) => `    ${command}) options="${options(command)}" ;;`)
  .join('\n')}
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _azimuth azimuth
`;

/** Upstream: zsh, Completion System (compadd, words, CURRENT, _files). */
const zsh = (): string => `#compdef azimuth
_azimuth() {
  local -a options
  if (( CURRENT == 2 )); then
    compadd -- ${commands().join(' ')}
    return
  fi
  case $words[2] in
${commands()
  .map((command) => `    ${command}) options=(${options(command)}) ;;`)
  .join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    compadd -- $options
  else
    _files
  fi
}
if [ "$funcstack[1]" = _azimuth ]; then _azimuth "$@"; else compdef _azimuth azimuth; fi
`;

/** Upstream: fish, complete (-c, -n, -a, -l, -d). */
const fish = (): string =>
  [
    ...commands().map((command) => {
      const [summary = ''] = COMMAND_HELP[command]?.summary.split(/[\n;(]/, 1) ?? [];
      const text = summary.trim().replaceAll("'", String.raw`\'`);
      return `complete -c azimuth -n __fish_use_subcommand -a ${command} -d '${text}'`;
    }),
    ...commands().flatMap((command) =>
      optionsOf(command).map((name) => `complete -c azimuth -n '__fish_seen_subcommand_from ${command}' -l ${name}`),
    ),
    '',
  ].join('\n');

const SHELLS: Readonly<Record<string, () => string>> = { bash, zsh, fish };

/** Prints the script of a shell that completes commands and options. */
export function completionCommand(io: Io, { operand = '' }: Flags): Promise<number> {
  const script = Object.hasOwn(SHELLS, operand) ? SHELLS[operand] : undefined;
  if (script === undefined) {
    io.stderr(`azimuth: completion takes a shell, ${suggestion(operand, Object.keys(SHELLS))}\n`);
    return Promise.resolve(1);
  }
  io.stdout(script());
  return Promise.resolve(0);
}
