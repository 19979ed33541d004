import { measure } from './measure.ts';
import { parseBenchOptions, USAGE } from './options.ts';
import { report } from './report.ts';

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    const measured = await measure(options, (text) => void process.stderr.write(`bench: ${text}\n`));
    process.stdout.write(`${report(options.pods, measured)}\n`);
  }
} catch (error) {
  process.stderr.write(
    `bench: ${error instanceof Error ? error.message : String(error)}\nRun with --help for the options.\n`,
  );
  process.exitCode = 2;
}
