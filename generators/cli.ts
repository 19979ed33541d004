import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import type { Io } from './commands/context.ts';
import { main } from './main.ts';
import { interrupted } from './signals.ts';

// The process, as commands see it. Only signals.ts and output-dir/owner.ts use `process` too.

// The reader of the output may stop early (`| head`), and a terminal may be closed (SIGHUP); that is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

/** Runs this program again, with the same Node options. */
const rerun: Io['rerun'] = (argv) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...argv]);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, ...output }));
  });

/** Asks a question on the terminal. The end of the input is an empty answer; Ctrl-C ends the process. */
const ask = async (question: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<string>((answer) => terminal.once('close', () => answer('')));
    return await Promise.race([terminal.question(question), closed]);
  } finally {
    terminal.close();
  }
};

// Only bugs are thrown, which bin/start.mjs reports.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interrupted,
  rerun,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
});
