import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { parseRequest } from '../../../generators/commands/options.ts';
import { COMMAND_HELP, optionsOf } from '../../../generators/commands/usage.ts';
import { run } from '../../support/run-main.ts';

const COMMANDS = Object.keys(COMMAND_HELP);

test.each(COMMANDS)('help of %s: its options, and two examples that are understood', async (command) => {
  const { code, stdout } = await run('.', command, '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^usage: azimuth ${command}\\b`));
  for (const option of optionsOf(command)) expect(stdout).toContain(`--${option}`);
  expect((await run('.', 'help', command)).stdout).toBe(stdout);
  const examples = COMMAND_HELP[command]?.examples ?? [];
  expect(examples).toHaveLength(2);
  for (const example of examples) {
    const argv = (/azimuth ([^>)]*)/.exec(example)?.[1] ?? '').trim().split(/\s+/);
    expect(parseRequest(argv, COMMANDS)).toMatchObject({ command });
  }
});

test('help of all names every command and every option', async () => {
  const { stdout } = await run('.', '--help');
  for (const command of COMMANDS) {
    expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    for (const option of optionsOf(command)) expect(stdout).toContain(`--${option}`);
  }
  for (const name of ['nosuch', 'constructor', '__proto__']) expect((await run('.', 'help', name)).stdout).toBe(stdout);
});

test.each([
  [
    ['bild'],
    'azimuth: unknown command bild, did you mean build?\nusage: azimuth <command> [options]\nazimuth --help lists commands and options\n',
  ],
  [
    ['list', '--fail-on', 'breaking'],
    'azimuth: --fail-on goes with diff, not with list\nusage: azimuth list [options]\nazimuth list --help shows its options and examples\n',
  ],
  [
    ['explain'],
    'azimuth: explain takes NAME\nusage: azimuth explain NAME [options]\nazimuth explain --help shows its options and examples\n',
  ],
])('%j is answered in three lines', async (argv, text) => {
  expect(await run('.', ...argv)).toEqual({ code: 1, stdout: '', stderr: text });
});

test('bash completes commands, then options of the command', async () => {
  const { stdout } = await run('.', 'completion', 'bash');
  const completed = (...words: readonly string[]): readonly string[] => {
    const script = `${stdout}\nCOMP_WORDS=(azimuth ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _azimuth; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  };
  expect(completed('')).toEqual(COMMANDS);
  expect(completed('exp')).toEqual(['explain']);
  expect(completed('diff', '--fail')).toEqual(['--fail-on']);
  expect(completed('list', '--')).toEqual(optionsOf('list').map((name) => `--${name}`));
});

test.each(['bash', 'zsh', 'fish'])('the script of %s names every command with its options', async (shell) => {
  const { code, stdout } = await run('.', 'completion', shell);
  expect(code).toBe(0);
  for (const command of COMMANDS) {
    expect(stdout).toContain(command);
    for (const option of optionsOf(command)) expect(stdout).toContain(option);
  }
});

test('another shell is refused', async () => {
  expect(await run('.', 'completion', 'bsh')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'azimuth: completion takes a shell, did you mean bash?\n',
  });
});
