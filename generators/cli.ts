import { main } from './main.ts';

// The only file that touches process: arguments and the terminal in, the exit code out.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
