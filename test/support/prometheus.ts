import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { type PrometheusApi, prometheusApi } from '../../bench/prometheus-api.ts';
import { requireTool, runTool, type ToolOptions, type ToolResult } from './tools.ts';

export type { InstantSample, PrometheusApi, RangeSeries } from '../../bench/prometheus-api.ts';
export { freePort } from './tools.ts';

/** How to run Prometheus. */
export interface PrometheusOptions {
  /** Its configuration. Rule files are listed in `rule_files` unless that is already there. */
  readonly config: object;
  /** Texts of rule files, by name. */
  readonly rules?: Readonly<Record<string, string>>;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Directory for configuration and data, kept afterwards; a temporary one that is removed, unless told. */
  readonly dir?: string;
  /** Further command line flags. */
  readonly flags?: readonly string[];
}

/** A running Prometheus and its query API, whose methods reject with Prometheus' own message. */
export interface Prometheus extends PrometheusApi {
  /** Such as `http://127.0.0.1:19000`, without a trailing slash. */
  readonly url: string;
  /** Ends the process and removes the temporary directory. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** Starts Prometheus and waits until it is ready. Rejects with what it wrote to stderr when it does not get there. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const program = requireTool('prometheus');
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'azimuth-prometheus-')));
  const data = join(dir, 'data');
  const url = `http://127.0.0.1:${options.port}`;
  await writeFiles(dir, options);

  const child = spawn(program, [
    `--config.file=${join(dir, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${options.port}`,
    '--log.level=warn',
    ...(options.flags ?? []),
  ]);
  let log = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-16_384)));
  child.once('error', (error) => (log += error.message));
  // The last words of a process may arrive after its exit.
  const closed = new Promise((resolve) => child.once('close', resolve));
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);

  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', killWithParent);
    if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
  };

  try {
    await untilReady(child, url, data);
  } catch (error) {
    await stop();
    await Promise.race([closed, sleep(1_000)]);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Prometheus on port ${options.port}: ${reason}\n${log}`, { cause: error });
  }

  return { url, stop, ...prometheusApi(url) };
}

/** Runs promtool to its end; what it found is in the exit code and the output. */
export function promtool(args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return runTool('promtool', args, options);
}

async function writeFiles(dir: string, { config, rules = {} }: PrometheusOptions): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, text] of Object.entries(rules)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  const complete = { rule_files: Object.keys(rules), ...config };
  await writeFile(join(dir, 'prometheus.yaml'), dump(complete, { noRefs: true }));
}

async function untilReady(child: ChildProcess, url: string, data: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`exited with code ${child.exitCode ?? child.signalCode}`);
    if (await isReady(url, data)) return;
    await sleep(100);
  }
  throw new Error(`not ready after ${START_TIMEOUT_MS / 1_000} s`);
}

/** Checks the data directory as well: another Prometheus may already be listening on the port. */
async function isReady(url: string, data: string): Promise<boolean> {
  try {
    const ready = await fetch(`${url}/-/ready`);
    if (!ready.ok) return false;
    const flags = await fetch(`${url}/api/v1/status/flags`);
    return (await flags.text()).includes(JSON.stringify(data));
  } catch {
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timeout = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timeout);
}
