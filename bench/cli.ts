import { parseOptions, USAGE } from './cli-options.ts';
import { generateCluster } from './generate.ts';
import { type Server, startServer } from './server.ts';
import { summarise } from './summary.ts';

/** Where the command writes to. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** The exit code of a command that is done, or the server of one that keeps running. */
export type Outcome = { readonly exitCode: number } | { readonly server: Server };

/** Runs the command: a summary in JSON goes to stdout, a problem to stderr with exit code 2. */
export async function run(argv: readonly string[], { stdout, stderr }: Output): Promise<Outcome> {
  try {
    const options = parseOptions(argv);
    if (options.help) {
      stdout(USAGE);
      return { exitCode: 0 };
    }
    const cluster = generateCluster(options.generate);
    const server = await startServer({ clusters: [cluster], port: options.port, ...options.targets });
    stdout(`${JSON.stringify(summarise(cluster, server, options.targets), undefined, 2)}\n`);
    return { server };
  } catch (error) {
    stderr(`synthetic: ${explain(error)}\nRun with --help for the options.\n`);
    return { exitCode: 2 };
  }
}

function explain(error: unknown): string {
  // Not instanceof: test runners evaluate modules in a realm whose Error is not the one Node's own functions throw.
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const message = String(error.message);
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  return isTaken ? `the port is taken, choose another with --port (${message})` : message;
}
