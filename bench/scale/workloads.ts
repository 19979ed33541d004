import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeConfig, isRecording, makeBundle, makeCatalogue, seconds } from '../../generators/index.ts';
import { generateCluster, scaleOptions } from '../generate.ts';
import { freePort, startPrometheus } from '../process/prometheus.ts';
import { type MeasuredGroup, timeGroups } from './groups.ts';
import { load, type Loaded } from './load.ts';
import type { BenchOptions } from './options.ts';
import { costOf, selectorsOf } from './queries.ts';

/** What a rule costs: the least of several runs, as others use the machine too. */
export interface RuleCost {
  readonly group: string;
  readonly name: string;
  readonly milliseconds: number;
  /** Evaluations in \`rules.interval\`: 1 for the floor, and less where a group runs less often. */
  readonly pace: number;
}

/** Figures of the rules on resources of workloads. */
export interface MeasuredWorkloads {
  readonly loaded: Loaded;
  /** One sum by pod of each metric that the rules read; those named `rate` are rates of counters. */
  readonly floor: readonly RuleCost[];
  readonly ours: readonly RuleCost[];
}

const STEP = 30;
const BEFORE = 390;
const AHEAD = 570;
const RUNS = 7;
const KEY = 'cluster, namespace, pod';

/** The cheapest that could be done with what the rules read: each selection once, summed by pod and recorded. */
export function floorOf(groups: readonly MeasuredGroup[]): MeasuredGroup {
  const read = new Map<string, string>();
  for (const { expr } of groups.flatMap(({ rules }) => rules)) {
    for (const selector of selectorsOf(expr)) {
      if (!/^(container_|kube_pod_container_)/.test(selector)) continue;
      const isCounter = expr.includes(`rate(${selector}[`);
      // One selection of two resources is two metrics.
      const by = selector.includes('resource=~') ? `${KEY}, resource` : KEY;
      read.set(selector, isCounter ? `sum by (${by}) (rate(${selector}[5m]))` : `sum by (${by}) (${selector})`);
    }
  }
  return {
    name: 'floor',
    rules: [...read.values()].map((expr, index) => ({
      record: `pod:floor_${index}:${expr.includes('rate(') ? 'rate' : 'sum'}`,
      expr,
    })),
  };
}

/** Runs the rules on resources of workloads, and their floor, on one Prometheus; progress goes to `say`. */
export async function measureWorkloads(
  { pods, interval, evaluations }: BenchOptions,
  say: (text: string) => void,
): Promise<MeasuredWorkloads> {
  const config = completeConfig('bench', { flows: { source: 'none' } }, makeCatalogue());
  const generated = makeBundle(config).ruleFiles.flatMap((file) =>
    file.name === 'workload-resources' ? file.groups : [],
  );
  const paces = new Map(
    generated.map(({ name, interval: own }) => [name, seconds(config.rules.interval) / seconds(own)]),
  );
  const groups: readonly MeasuredGroup[] = generated.map(({ name, rules }) => ({
    name,
    rules: rules.filter(isRecording).map(({ record, expr }) => ({ record, expr: expr.text })),
  }));
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-bench-'));
  const rulesDir = join(dir, 'measured');
  const prometheus = await startPrometheus({
    port: await freePort(19_400),
    dir,
    flags: ['--web.enable-remote-write-receiver', '--web.enable-lifecycle', '--query.timeout=10m'],
    config: { rule_files: [join(rulesDir, '*.json')] },
  });
  try {
    say(`loading a cluster of ${pods} pods`);
    const cluster = generateCluster({ ...scaleOptions({ seed: 1, pods, countedSeries: 2 * pods }), usage: true });
    const now = Math.floor(Date.now() / 1000);
    const loaded = await load(prometheus.url, cluster, { from: now - BEFORE, until: now + AHEAD, step: STEP }, []);
    const floor = floorOf(groups);
    say('evaluating the rules');
    const costs = new Map<string, RuleCost>();
    const timing = { interval, evaluations: 1, timeout: 900 };
    // While their records are there: all of them in turn, again and again, so that a busy moment hits none of them alone.
    await timeGroups(prometheus.url, rulesDir, groups, timing, async () => {
      // One moment for all runs: on a busy machine they outlive the samples, and queries of nothing are cheap.
      const at = Date.now() / 1000;
      for (let run = 0; run < RUNS * evaluations; run += 1) {
        for (const { name: group, rules } of [floor, ...groups]) {
          for (const { record: name = '', expr } of rules) {
            const { milliseconds } = await costOf(prometheus.url, expr, 1, at);
            const known = costs.get(name)?.milliseconds ?? Infinity;
            const pace = paces.get(group) ?? 1;
            costs.set(name, { group, name, pace, milliseconds: Math.min(known, milliseconds) });
          }
        }
      }
    });
    const all = [...costs.values()];
    return {
      loaded,
      floor: all.filter(({ group }) => group === 'floor'),
      ours: all.filter(({ group }) => group !== 'floor'),
    };
  } finally {
    await prometheus.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
