import { measureMoney } from './money.ts';
import { measure } from './measure.ts';
import { parseBenchOptions, USAGE } from './options.ts';
import { report, reportMoney, reportWorkloads } from './report.ts';
import { measureWorkloads } from './workloads.ts';

const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

try {
  const options = parseBenchOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    const text = options.money
      ? reportMoney(options.pods, await measureMoney(options, say))
      : options.workloads
        ? reportWorkloads(options.pods, await measureWorkloads(options, say))
        : report(options.pods, await measure(options, say));
    process.stdout.write(`${text}\n`);
  }
} catch (error) {
  process.stderr.write(
    `bench: ${error instanceof Error ? error.message : String(error)}\nRun with --help for the options.\n`,
  );
  process.exitCode = 2;
}
