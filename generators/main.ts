import { adviseCommand } from './commands/advise.ts';
import { buildCommand, checkCommand } from './commands/build.ts';
import type { Flags, Io } from './commands/context.ts';
import { demoCommand } from './commands/demo.ts';
import { explainCommand } from './commands/explain.ts';
import { listCommand } from './commands/list.ts';
import { parseRequest } from './commands/options.ts';
import { ownPackage } from './commands/own-package.ts';
import { previewCommand } from './commands/preview.ts';
import { printCommand } from './commands/print.ts';
import { validateCommand } from './commands/validate.ts';
import { ProblemError } from './schema/problems.ts';
import { redactText } from './schema/urls.ts';

const COMMANDS: Readonly<Record<string, (io: Io, flags: Flags) => Promise<number>>> = {
  build: async (io, flags) => (flags.check ? checkCommand : buildCommand)(io, flags),
  check: checkCommand,
  validate: validateCommand,
  list: listCommand,
  print: printCommand,
  explain: explainCommand,
  preview: previewCommand,
  demo: demoCommand,
  advise: adviseCommand,
};

const USAGE = `usage: azimuth <command> [--config FILE] [--out DIR] [--json]

  build      write the artifacts of the configuration (--check: same as check)
  check      write nothing; list missing, changed, stray and foreign files, and an interrupted build; exit 2 if there are any
  validate   check the configuration and what it generates
  list       list artifacts, recorded series, alerts, dashboards, and parts that are left out
             (--sources: all flow sources with their units, granularity and blind spots;
             --prices: the prices that apply, and the price book)
  print      write nothing; print every artifact as JSON
  explain    say what a record, an alert, a panel, a metric, a setting or an artifact is: azimuth explain NAME
  preview    show the dashboards in a browser, without a Grafana server; rebuild them on every change
  demo       preview with data of a synthetic cluster, from a temporary Prometheus
  advise     list the changes that save most of the traffic across zones, from what a Prometheus has recorded

  --config FILE     the configuration, YAML or a .ts file (default: azimuth.yaml)
  --out DIR         the output folder (default: the folder of the configuration)
  --cluster NAME    the cluster of a fleet that list, print, explain, preview, demo and advise look at (default: what all share)
  --json            print JSON on standard output
  --prometheus URL  the Prometheus that preview and advise query (default: http://127.0.0.1:9090)
  --window TIME     how far advise looks back (default: 7d)
  --markdown        advise as Markdown
  --port PORT       port of preview and demo on 127.0.0.1 (default: 19200; 0: any free port)
  --png DIR         take a picture of each dashboard, dark and light, and exit; exit 2 if a panel is empty, fails or is cut off
  --before REV      with --png: compare with the dashboards committed at a Git revision, in DIR/index.html
  --version         print the version

exit codes: 0 success, 1 invalid input or a missing program, 2 the output folder differs, a panel is faulty, or there is advice
`;

/**
 * Runs the command line.
 * @returns the exit code.
 * @throws only for bugs of Azimuth; problems in the user's input are printed, with exit code 1.
 */
export async function main(argv: readonly string[], terminal: Io): Promise<number> {
  // Whatever is said, and by which command: it may end in the log of a pipeline.
  const io: Io = { ...terminal, stderr: (text) => terminal.stderr(redactText(text)) };
  const request = parseRequest(argv, Object.keys(COMMANDS));
  if ('misuse' in request) {
    io.stderr(`azimuth: ${request.misuse}\n\n${USAGE}`);
    return 1;
  }
  const { flags, asked } = request;
  if (asked === 'version') {
    io.stdout(`${ownPackage().version}\n`);
    return 0;
  }
  const command = COMMANDS[request.command];
  if (asked === 'help' || command === undefined) {
    io.stdout(USAGE);
    return 0;
  }
  try {
    return await command(io, flags);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (flags.json) io.stdout(`${JSON.stringify({ file: error.file, problems: error.problems }, null, 2)}\n`);
    io.stderr(`${error.message}\n`);
    return 1;
  }
}
