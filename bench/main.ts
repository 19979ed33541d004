import { run } from './cli.ts';

const outcome = await run(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
});

if ('exitCode' in outcome) {
  process.exitCode = outcome.exitCode;
} else {
  process.stderr.write('Serving until interrupted with Ctrl-C.\n');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void outcome.server.close());
  }
}
