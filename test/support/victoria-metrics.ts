import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { type PrometheusApi, prometheusApi } from '../../bench/prometheus-api.ts';
import type { SampledSeries } from '../../bench/samples.ts';
import type { GroupsData, RuleData } from './artifacts.ts';
import { startProcess } from '../../bench/process/server-process.ts';
import { temporaryFolder } from '../../bench/process/temporary.ts';
import { freePort, runTool } from '../../bench/process/tools.ts';

/** A running VictoriaMetrics with a query API like Prometheus'. */
export interface VictoriaMetrics extends PrometheusApi {
  /** Stores samples; the first of each series is of the time `start`, in Unix seconds, the others `step` seconds apart. */
  importSamples(series: readonly SampledSeries[], times: Times): Promise<void>;
  /** Has vmalert run a rule file over the past: rule after rule, each over the whole time. */
  replay(rules: string, past: Past): Promise<void>;
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

/** When samples were taken, in Unix seconds. */
export interface Times {
  readonly start: number;
  readonly step: number;
}

/** From when to when rules run, in Unix seconds. */
export interface Past {
  readonly from: number;
  readonly until: number;
}

/** Starts VictoriaMetrics, without the cache of answers, as the past changes under it. */
export async function startVictoriaMetrics(): Promise<VictoriaMetrics> {
  const folder = await temporaryFolder('victoria-metrics');
  const dir = folder.path;
  const data = join(dir, 'data');
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const clean = () => folder.remove();
  try {
    const server = await startProcess({
      program: 'victoria-metrics',
      name: `VictoriaMetrics on ${listen}`,
      args: [
        `-httpListenAddr=${listen}`,
        `-storageDataPath=${data}`,
        '-search.disableCache',
        '-memory.allowedBytes=128MB',
        '-loggerLevel=WARN',
      ],
      // The flags tell it from another one that listens there already.
      isReady: async () => (await (await fetch(`${url}/flags`)).text()).includes(JSON.stringify(data)),
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      await clean();
    };
    return {
      ...prometheusApi(url),
      importSamples: (series, times) => post(url, series.map((one) => lineOf(one, times)).join('\n')),
      replay: (rules, past) => replay(url, dir, rules, past),
      stop,
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

/** A series as VictoriaMetrics imports it. @throws RangeError for stale markers, which JSON has no number for. */
function lineOf({ labels, values }: SampledSeries, { start, step }: Times): string {
  const points = values.flatMap((value, index) => {
    if (value === 'stale') throw new RangeError(`${labels['__name__']} ends: stale markers cannot be imported`);
    return value === undefined ? [] : [{ value, time: (start + index * step) * 1_000 }];
  });
  return JSON.stringify({
    metric: labels,
    values: points.map(({ value }) => value),
    timestamps: points.map(({ time }) => time),
  });
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/import`, { method: 'POST', body });
  if (!response.ok) throw new Error(`import: ${response.status} ${await response.text()}`);
  await flush(url);
}

/**
 * vmalert itself goes through a file rule by rule, and waits a while after each of them for its samples to be found by queries. Here
 * each file holds rules that do not read each other, and nothing is left to time.
 */
async function replay(url: string, dir: string, rules: string, { from, until }: Past): Promise<void> {
  const file = join(dir, 'rules.yaml');
  const time = (seconds: number) => new Date(seconds * 1_000).toISOString();
  const { groups } = load(rules) as GroupsData;
  for (const group of groups.flatMap(independent)) {
    await writeFile(file, dump({ groups: [group] }, { lineWidth: -1 }));
    const { code, stderr } = await runTool('vmalert', [
      `-rule=${file}`,
      `-datasource.url=${url}`,
      `-remoteRead.url=${url}`,
      `-remoteWrite.url=${url}`,
      `-replay.timeFrom=${time(from)}`,
      `-replay.timeTo=${time(until)}`,
      '-replay.rulesDelay=0s',
      // 5 minutes unless told, whatever the interval of the group.
      `-datasource.queryStep=${group.interval}`,
      '-replay.disableProgressBar',
      '-loggerLevel=WARN',
    ]);
    // On its standard error is what went wrong, whatever its exit code.
    if (code !== 0 || stderr !== '') throw new Error(`vmalert: exit code ${code}\n${stderr}`);
    await flush(url);
  }
}

type Group = GroupsData['groups'][number];

/** A group in parts, with its rules in their order: no rule reads a record of its own part. */
function independent(group: Group): Group[] {
  const parts: RuleData[][] = [[]];
  for (const rule of group.rules) {
    const reads = ({ record }: RuleData) => record !== undefined && rule.expr.includes(record);
    if (parts.at(-1)?.some(reads)) parts.push([]);
    parts.at(-1)?.push(rule);
  }
  return parts.map((rules) => ({ ...group, rules }));
}

/** Makes queries find what was written. */
async function flush(url: string): Promise<void> {
  const response = await fetch(`${url}/internal/force_flush`);
  if (!response.ok) throw new Error(`flush: ${response.status} ${await response.text()}`);
  await response.text();
}
