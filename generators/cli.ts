import { main } from './main.ts';

// The only file that touches process: arguments and the terminal in, the exit code out.

// Whoever reads our output may stop early (`| head`): no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
} catch (error) {
  // Mistakes of users never come here. The stack alone: Node would print the whole line of the bundle above it.
  process.stderr.write(`azimuth: this is a bug of Azimuth, please report it\n${String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
