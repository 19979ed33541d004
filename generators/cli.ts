import { spawn } from 'node:child_process';
import type { Io } from './commands/context.ts';
import { main } from './main.ts';

// The only file that uses `process`.

// The reader of the output may stop early (`| head`); that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

let interruption: AbortController | undefined;

/** The first Ctrl-C requests a clean exit, the second one exits at once. */
function interrupted(): AbortSignal {
  if (interruption === undefined) {
    const controller = new AbortController();
    interruption = controller;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // Unlike a signal, an exit also ends child processes.
      process.on(signal, () => (controller.signal.aborted ? process.exit(1) : controller.abort()));
    }
  }
  return interruption.signal;
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

// Only bugs are thrown, which bin/start.mjs reports.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  interrupted,
  rerun,
});
