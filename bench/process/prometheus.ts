import { statfsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import { type PrometheusApi, prometheusApi } from '../prometheus-api.ts';
import { startProcess } from './server-process.ts';
import { temporaryFolder } from './temporary.ts';
import { runTool, type ToolOptions, type ToolResult } from './tools.ts';

export type { InstantSample, PrometheusApi, RangeSeries } from '../prometheus-api.ts';
export { freePort } from './tools.ts';

/** How to run Prometheus. */
export interface PrometheusOptions {
  /** Its configuration. Rule files are listed in `rule_files` unless that is already there. */
  readonly config: object;
  /** Texts of rule files, by name. */
  readonly rules?: Readonly<Record<string, string>>;
  /** Path of the program; the one on PATH by default. */
  readonly program?: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Directory for configuration and data, kept afterwards; a temporary one that is removed, by default. */
  readonly dir?: string;
  /** Further command line flags. */
  readonly flags?: readonly string[];
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Out of the reach of Ctrl-C in a terminal; false by default. */
  readonly detached?: boolean;
}

/** A running Prometheus and its query API, whose methods reject with Prometheus' own message. */
export interface Prometheus extends PrometheusApi {
  /** Such as `http://127.0.0.1:19000`, without a trailing slash. */
  readonly url: string;
  /** Resolves with a sentence (exit code, last words) when the process ends without `stop`; else never. */
  readonly died: Promise<string>;
  /** The latest of what it wrote to stderr. */
  readonly lastWords: () => string;
  /** Ends the process and removes the temporary directory. */
  stop(): Promise<void>;
}

/** Starts Prometheus and waits until it is ready. Rejects with what it wrote to stderr when it does not get there. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const own = options.dir === undefined ? await temporaryFolder('prometheus') : undefined;
  const dir = own?.path ?? options.dir ?? '';
  const data = join(dir, 'data');
  const url = `http://127.0.0.1:${options.port}`;
  await writeConfiguration(dir, options);

  try {
    const server = await startProcess({
      program: options.program ?? 'prometheus',
      name: `Prometheus on port ${options.port}`,
      args: [
        `--config.file=${join(dir, 'prometheus.yaml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${options.port}`,
        '--log.level=warn',
        ...(options.flags ?? []),
      ],
      isReady: () => isReady(url, data),
      detached: options.detached ?? false,
      env: options.env ?? {},
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      await own?.remove();
    };
    return { url, died: server.died, lastWords: server.lastWords, stop, ...prometheusApi(url) };
  } catch (error) {
    await own?.remove();
    throw error;
  }
}

const MEMORY = '/dev/shm';

/** Far more than the test storage of promtool. Containers often have 64 MB there. */
const ENOUGH_BYTES = 1_073_741_824;

/** A file system in memory with room; undefined where there is none. */
function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ENOUGH_BYTES ? MEMORY : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The environment of promtool: `test rules` writes a database for each case and throws it away, and evaluates one rule after the other, so that more
 * threads only collect garbage. Both together save a tenth to a fifth of its time.
 */
function environment(): NodeJS.ProcessEnv {
  const folder = memoryFolder();
  return { GOMAXPROCS: '1', ...process.env, ...(folder !== undefined && { TMPDIR: folder }) };
}

/** Runs promtool to its end; what it found is in the exit code and the output. */
export function promtool(args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return runTool('promtool', args, { env: environment(), ...options });
}

/** Writes what a Prometheus in that folder reads when it starts and when it reloads: its configuration and its rule files. */
export async function writeConfiguration(
  dir: string,
  { config, rules = {} }: Pick<PrometheusOptions, 'config' | 'rules'>,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(rules)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const complete = { rule_files: Object.keys(rules), ...config };
  await writeFile(join(dir, 'prometheus.yaml'), dump(complete, { noRefs: true }));
}

/** Checks the data directory as well: another Prometheus may already be listening on the port. */
async function isReady(url: string, data: string): Promise<boolean> {
  const ready = await fetch(`${url}/-/ready`);
  if (!ready.ok) return false;
  const flags = await fetch(`${url}/api/v1/status/flags`);
  return (await flags.text()).includes(JSON.stringify(data));
}
