import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../bench/process/prometheus.ts';
import { requireTool } from '../../bench/process/tools.ts';
import { scrapeConfigs } from '../../bench/scrape-configs.ts';
import { startServer } from '../../bench/server.ts';
import { alertTruths, recordTruths } from '../../bench/truth.ts';
import { readOptions } from '../shared/options.ts';
import { CannotRun } from '../shared/program.ts';
import { reportTo, type Output, type Verdict } from '../shared/report.ts';
import { inTemporaryFolder } from '../shared/temporary.ts';
import { buildPrograms, type Programs } from './build.ts';
import { difference, type Expectation, recordsOf } from './compare.ts';
import { CLUSTER, CONFIG, recordsIn, ruleFiles, SOURCES } from './rules.ts';
import {
  type Engine,
  prometheusEngine,
  type Setup,
  startAlertmanager,
  thanosEngine,
  victoriaEngine,
} from './servers.ts';
import { MODULES, NOT_RUN } from './versions.ts';

const USAGE = `Runs the generated rules on the engines that people use, and compares every record and alert with the truth.

Usage: npm run conformance:engines -- [options]

  --cache <folder>   where the programs are built and kept (azimuth-engines in the folder for temporary files)
  --minutes <n>      how long the engines run (32; at least 30)
  --help             show this text

Needs go, and Debian's packages prometheus and victoria-metrics. Builds take several minutes each, once.
`;

const OPTIONS = {
  cache: { type: 'string', default: join(tmpdir(), 'azimuth-engines') },
  minutes: { type: 'string', default: '32' },
} as const;

/** Minutes since the start at which rulers and a replica fail, and at which rulers are back. */
const RULERS_STOP = 3;
const REPLICA_STOPS = 5;
const RULERS_START = 9;
/**
 * Rulers are down for longer than queries look back, so all records are gone when they start again. vmalert then fills them again one after the
 * other: a rule finds what the rule before it recorded only at the next evaluation. The longest chain has some 15 rules.
 */
const SHORTEST = 30;

/** How far in the past answers are compared: vmalert writes with a delay of half a minute, and groups start at an offset. */
const DELAY_SECONDS = 100;

/** The release of the module that has a program. */
const release = (program: string): string => MODULES.find(({ programs }) => program in programs)?.release ?? '';

/** Starts every engine. Those that start are stopped if a later one does not. */
async function startEngines(programs: Programs, setup: Setup): Promise<readonly Engine[]> {
  const starts = [
    () => prometheusEngine('Prometheus of Debian', requireTool('prometheus'), setup),
    () => prometheusEngine(`Prometheus ${release('prometheus')}`, programs['prometheus'] ?? '', setup),
    () => thanosEngine(`Thanos ${release('thanos')}`, programs, setup),
    () =>
      victoriaEngine(
        'VictoriaMetrics of Debian',
        { database: requireTool('victoria-metrics'), vmalert: requireTool('vmalert'), alerts: false },
        setup,
      ),
    () =>
      victoriaEngine(
        `VictoriaMetrics ${release('vmalert')}`,
        { database: programs['victoria-metrics'] ?? '', vmalert: programs['vmalert'] ?? '', alerts: true },
        setup,
      ),
  ];
  const engines: Engine[] = [];
  try {
    for (const start of starts) engines.push(await start());
  } catch (error) {
    await stopAll(engines);
    throw error;
  }
  return engines;
}

const stopAll = (engines: readonly Engine[]) => Promise.all(engines.map(({ stop }) => stop()));

/** Waits until so many minutes after the start. */
const until = (start: number, minutes: number) => sleep(Math.max(0, start + minutes * 60_000 - performance.now()));

type Records = ReturnType<typeof recordsOf>;

const queried = async (engine: Engine, seconds: number): Promise<Records> =>
  recordsOf((await engine.api.instant('{__name__=~".+:.+"}', seconds)).samples);

/**
 * Compares what an engine recorded with the truth. Records of which the truth is not computed are compared with those of the first
 * engine, so that every record is held against something that this engine did not make.
 */
async function verdict(engine: Engine, seconds: number, reference: Records): Promise<Verdict> {
  const truths = Object.assign({}, ...SOURCES.map((id) => recordTruths(id, CLUSTER))) as ReturnType<
    typeof recordTruths
  >;
  const expectationOf = (name: string): Expectation => {
    const series = truths[name];
    if (series !== undefined) return { series, kind: 'truth' };
    return { series: reference.get(name) ?? [], kind: name.endsWith(':avg1d') ? 'average' : 'reference' };
  };
  const records = await queried(engine, seconds);
  const problems = [...recordsIn(engine.rules)]
    .filter((name) => !records.has(name) && reference.has(name))
    .map((name) => `${name}: not recorded`);
  let worst = 0;
  let series = 0;
  for (const [name, found] of records) {
    const total = truths[name.replace(/_lost:/, ':')]?.reduce((sum, { value }) => sum + value, 0) ?? 0;
    const compared = difference(name, found, expectationOf(name), total);
    problems.push(...compared.problems);
    worst = Math.max(worst, compared.worst);
    series += found.length;
  }
  const hasAlerts = Object.keys(engine.rules).length === Object.keys(ruleFiles()).length;
  if (hasAlerts) {
    const { samples } = await engine.api.instant('ALERTS{alertstate="firing"}', seconds);
    const firing = samples.map(({ metric, value }) => ({ labels: metric, value }));
    problems.push(...difference('ALERTS', firing, { series: alertTruths(CLUSTER), kind: 'truth' }).problems);
  }
  const alerts = hasAlerts ? ', and the alerts that must fire' : '; its vmalert does not read the files with alerts';
  return {
    what: engine.name,
    found: `${records.size} records, ${series} series, at most ${worst.toExponential(1)} off${alerts}`,
    problems: problems.slice(0, 10),
  };
}

/** The command `conformance:engines`. @returns its exit code. */
export async function runEngines(argv: readonly string[], output: Output): Promise<number> {
  const { values, help } = readOptions(argv, OPTIONS);
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  const minutes = Number(values.minutes);
  if (!(minutes >= SHORTEST)) {
    throw new CannotRun(`--minutes: got ${JSON.stringify(values.minutes)}, expected a number of at least ${SHORTEST}`);
  }
  const log = (text: string): void => output.stderr(`${text}\n`);
  const programs = await buildPrograms(values.cache, log);
  const report = reportTo(output);
  for (const reason of NOT_RUN) report.omit(reason);
  await inTemporaryFolder(async (folder) => {
    const server = await startServer({ clusters: [CLUSTER], port: await freePort(), sources: SOURCES });
    const alertmanager = await startAlertmanager();
    const rules = ruleFiles();
    const setup = {
      folder,
      rules,
      scrapeInterval: CONFIG.scrape.interval,
      scrapeConfigs: scrapeConfigs(server.targets, server.url.replace('http://', '')),
      alertmanager: alertmanager.url,
    };
    const engines = await startEngines(programs, setup);
    try {
      const start = performance.now();
      log(`running ${engines.map(({ name }) => name).join(', ')} for ${minutes} minutes`);
      await until(start, RULERS_STOP);
      log('stopping the rulers of Thanos and VictoriaMetrics');
      await Promise.all(engines.map(async ({ stopRuler }) => stopRuler?.()));
      await until(start, REPLICA_STOPS);
      log('killing one replica of Thanos');
      await Promise.all(engines.map(async ({ stopReplica }) => stopReplica?.()));
      await until(start, RULERS_START);
      log('starting the rulers again');
      await Promise.all(engines.map(async ({ startRuler }) => startRuler?.()));
      await until(start, minutes);
      const seconds = Date.now() / 1_000 - DELAY_SECONDS;
      const [first] = engines;
      const reference: Records = first === undefined ? new Map() : await queried(first, seconds);
      for (const engine of engines) report.add(await verdict(engine, seconds, reference));
    } finally {
      await stopAll(engines);
      alertmanager.stop();
      await server.close();
    }
  });
  return report.finish();
}
