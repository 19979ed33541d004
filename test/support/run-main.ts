import { main } from '../../generators/main.ts';

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a folder, without a process. */
export async function run(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  const output = { stdout: '', stderr: '' };
  const code = await main(argv, {
    cwd,
    stdout: (text) => (output.stdout += text),
    stderr: (text) => (output.stderr += text),
    interrupted: () => new AbortController().signal,
    rerun: () => Promise.reject(new Error('no other process is started here')),
  });
  return { code, ...output };
}
