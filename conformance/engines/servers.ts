import { createServer } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { freePort, startPrometheus } from '../../bench/process/prometheus.ts';
import { type ServerProcess, startProcess } from '../../bench/process/server-process.ts';
import { type PrometheusApi, prometheusApi } from '../../bench/prometheus-api.ts';
import type { ScrapeConfig } from '../../bench/scrape-configs.ts';
import type { Programs } from './build.ts';

/** An engine with its ruler, as its documentation says to run them. */
export interface Engine {
  readonly name: string;
  /** Where its records are queried. */
  readonly api: PrometheusApi;
  /** The rule files that it reads: all, but for a vmalert that refuses those with alerts. */
  readonly rules: Setup['rules'];
  /** Ends its ruler; undefined where the ruler is part of the engine. */
  readonly stopRuler?: () => Promise<void>;
  readonly startRuler?: () => Promise<void>;
  /** Ends one of its replicas, if it has several. */
  readonly stopReplica?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What every engine gets. */
export interface Setup {
  readonly folder: string;
  /** Texts of the rule files, by path. */
  readonly rules: Readonly<Record<string, string>>;
  readonly scrapeInterval: string;
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly alertmanager: string;
}

const address = async (): Promise<string> => `127.0.0.1:${await freePort()}`;

const isUp = (url: string) => async (): Promise<boolean> => (await fetch(url)).ok;

/** A receiver that takes every alert, in place of an Alertmanager. */
export async function startAlertmanager(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const port = await freePort();
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() };
}

const configOf = ({ scrapeInterval, scrapeConfigs }: Setup, labels?: Readonly<Record<string, string>>) => ({
  global: { scrape_interval: scrapeInterval, ...(labels !== undefined && { external_labels: labels }) },
  scrape_configs: scrapeConfigs,
});

/** Writes the rule files, and returns the pattern that names them. */
async function writeRules(folder: string, rules: Setup['rules']): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(rules)) await writeFile(join(folder, path.replaceAll('/', '-')), text);
  return join(folder, '*.yaml');
}

/** Prometheus with its own ruler. */
export async function prometheusEngine(name: string, program: string, setup: Setup): Promise<Engine> {
  const prometheus = await startPrometheus({
    program,
    port: await freePort(),
    dir: join(setup.folder, name.replaceAll(' ', '-')),
    rules: setup.rules,
    config: configOf(setup),
  });
  return { name, api: prometheus, rules: setup.rules, stop: () => prometheus.stop() };
}

/** A ruler that can be stopped and started again over the same data. */
async function restartable(
  start: () => Promise<ServerProcess>,
): Promise<Required<Pick<Engine, 'stopRuler' | 'startRuler'>>> {
  let running = await start();
  return {
    stopRuler: () => running.stop(),
    startRuler: async () => {
      running = await start();
    },
  };
}

/**
 * VictoriaMetrics, which scrapes by itself, with vmalert by the command of docs/outputs.md. Versions that do not know
 * `keep_firing_for` get only the files without alerts.
 */
export async function victoriaEngine(
  name: string,
  programs: { readonly database: string; readonly vmalert: string; readonly alerts: boolean },
  setup: Setup,
): Promise<Engine> {
  const folder = join(setup.folder, name.replaceAll(' ', '-'));
  await mkdir(folder, { recursive: true });
  const scrape = join(folder, 'scrape.yaml');
  await writeFile(scrape, dump(configOf(setup), { noRefs: true }));
  const taken = Object.fromEntries(
    Object.entries(setup.rules).filter(([, text]) => programs.alerts || !text.includes('keep_firing_for')),
  );
  const rules = await writeRules(join(folder, 'rules'), taken);
  const listen = await address();
  const url = `http://${listen}`;
  const database = await startProcess({
    program: programs.database,
    name,
    args: [
      `-httpListenAddr=${listen}`,
      `-storageDataPath=${join(folder, 'data')}`,
      `-promscrape.config=${scrape}`,
      '-loggerLevel=WARN',
    ],
    isReady: isUp(`${url}/health`),
  });
  const ruler = await restartable(async () => {
    const own = await address();
    return startProcess({
      program: programs.vmalert,
      name: `vmalert of ${name}`,
      args: [
        `-rule=${rules}`,
        `-datasource.url=${url}`,
        `-remoteWrite.url=${url}`,
        `-remoteRead.url=${url}`,
        `-notifier.url=${setup.alertmanager}`,
        `-httpListenAddr=${own}`,
        '-loggerLevel=WARN',
      ],
      isReady: isUp(`http://${own}/health`),
    });
  });
  const stop = async (): Promise<void> => {
    await ruler.stopRuler();
    await database.stop();
  };
  return { name, api: prometheusApi(url), rules: taken, ...ruler, stop };
}

/** Two Prometheus replicas without rules, their sidecars, a deduplicating querier and Thanos Ruler. */
export async function thanosEngine(name: string, programs: Programs, setup: Setup): Promise<Engine> {
  const { prometheus = '', thanos = '' } = programs;
  const folder = join(setup.folder, 'thanos');
  const component = async (
    kind: string,
    flags: readonly string[],
  ): Promise<ServerProcess & { readonly http: string; readonly grpc: string }> => {
    const [http, grpc] = [await address(), await address()];
    const server = await startProcess({
      program: thanos,
      name: `thanos ${kind}`,
      args: [kind, `--http-address=${http}`, `--grpc-address=${grpc}`, '--log.level=warn', ...flags],
      isReady: isUp(`http://${http}/-/ready`),
    });
    return { ...server, http, grpc };
  };
  const replicas = await Promise.all(
    ['a', 'b'].map(async (replica) => {
      const dir = join(folder, `prometheus-${replica}`);
      const server = await startPrometheus({
        program: prometheus,
        port: await freePort(),
        dir,
        config: configOf(setup, { prometheus_replica: replica }),
      });
      const sidecar = await component('sidecar', [
        `--prometheus.url=${server.url}`,
        `--tsdb.path=${join(dir, 'data')}`,
      ]);
      return {
        grpc: sidecar.grpc,
        stop: async (): Promise<void> => {
          await sidecar.stop();
          await server.stop();
        },
      };
    }),
  );
  const rulerHttp = await address();
  const rulerGrpc = await address();
  const query = await component('query', [
    ...[...replicas.map(({ grpc }) => grpc), rulerGrpc].map((endpoint) => `--endpoint=${endpoint}`),
    '--query.replica-label=prometheus_replica',
    '--query.replica-label=rule_replica',
  ]);
  const rules = await writeRules(join(folder, 'rules'), setup.rules);
  const ruler = await restartable(() =>
    startProcess({
      program: thanos,
      name: 'thanos rule',
      args: [
        'rule',
        `--http-address=${rulerHttp}`,
        `--grpc-address=${rulerGrpc}`,
        `--data-dir=${join(folder, 'rule')}`,
        `--rule-file=${rules}`,
        `--query=${query.http}`,
        `--alertmanagers.url=${setup.alertmanager}`,
        '--label=rule_replica="a"',
        '--log.level=warn',
      ],
      isReady: isUp(`http://${rulerHttp}/-/ready`),
    }),
  );
  let second: (() => Promise<void>) | undefined = replicas[1]?.stop;
  const stopReplica = async (): Promise<void> => {
    await second?.();
    second = undefined;
  };
  const stop = async (): Promise<void> => {
    await ruler.stopRuler();
    await query.stop();
    await stopReplica();
    await replicas[0]?.stop();
  };
  return { name, api: prometheusApi(`http://${query.http}`), rules: setup.rules, ...ruler, stopReplica, stop };
}
