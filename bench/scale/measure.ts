import { join } from 'node:path';
import { makeBundle, makeCatalogue, completeConfig, isRecording, type PanelTarget } from '../../generators/index.ts';
import { freePort, startPrometheus } from '../process/prometheus.ts';
import { temporaryFolder } from '../process/temporary.ts';
import { generateCluster, scaleOptions } from '../generate.ts';
import { publishedPanels, publishedRules } from './published.ts';
import { timeGroups, type GroupTime } from './groups.ts';
import { load, type Loaded } from './load.ts';
import type { BenchOptions } from './options.ts';
import { costOf, selectorsOf, type QueryCost } from './queries.ts';

/** A panel of Azimuth, compared with the bare selectors that it reads. */
export interface PanelCost {
  readonly key: string;
  readonly ours: QueryCost;
  readonly bare: QueryCost;
  /** Whether the panel reads recorded series only. */
  readonly recorded: boolean;
}

/** A published panel, compared with Azimuth's for the same question. */
export interface PublishedCost {
  readonly title: string;
  readonly theirs: QueryCost;
  readonly ours: number;
}

/** All figures of one run. */
export interface Measured {
  readonly loaded: Loaded;
  readonly countedSeries: number;
  readonly floor: GroupTime;
  readonly ours: readonly GroupTime[];
  readonly published: GroupTime;
  readonly panels: readonly PanelCost[];
  readonly publishedPanels: readonly PublishedCost[];
  readonly residentBytes: number;
  readonly headSeries: number;
}

const STEP = 30;
/** The widest window, and one more step. */
const BEFORE = 390;
/** Prometheus takes samples up to ten minutes ahead. */
const AHEAD = 570;

const PAIR = ['source', 'destination'].flatMap((side) => ['namespace', 'pod', 'ip'].map((field) => `${side}_${field}`));

const gauge = async (url: string, name: string): Promise<number> => {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
};

const withAll = ({ expr }: PanelTarget, namespace: string): string =>
  expr.text
    .replaceAll(/\$(cluster|namespace)\b/g, '.*')
    .replaceAll('$locality', 'cross_zone')
    .replaceAll('$pods_namespace', namespace);

async function panelCost(
  url: string,
  key: string,
  targets: readonly PanelTarget[],
  namespace: string,
): Promise<PanelCost> {
  const sum = { ours: { milliseconds: 0, samples: 0, series: 0 }, bare: { milliseconds: 0, samples: 0, series: 0 } };
  const add = (to: 'ours' | 'bare', { milliseconds, samples, series }: QueryCost) => {
    const before = sum[to];
    sum[to] = {
      milliseconds: before.milliseconds + milliseconds,
      samples: before.samples + samples,
      series: before.series + series,
    };
  };
  const queries = targets.map((target) => withAll(target, namespace));
  for (const query of queries) {
    add('ours', await costOf(url, query));
    for (const selector of selectorsOf(query)) add('bare', await costOf(url, selector));
  }
  return { key, ...sum, recorded: !queries.some((query) => query.includes('hubble_flows_processed_total')) };
}

/** Runs everything on one Prometheus and one cluster; progress goes to `say`. */
export async function measure(
  { pods, flows, interval, evaluations }: BenchOptions,
  say: (text: string) => void,
): Promise<Measured> {
  const config = completeConfig('bench', {}, makeCatalogue());
  const bundle = makeBundle(config);
  const groups = bundle.ruleFiles.find(({ name }) => name === 'zone-traffic')?.groups ?? [];
  // The selection of the source, as endpoints read it; what completes it has selectors of its own.
  const selector = groups
    .flatMap(({ rules }) => rules.filter(isRecording))
    .filter(({ record }) => record.startsWith('source_endpoint:'))
    .flatMap(({ expr }) => selectorsOf(expr.text))
    .find((text) => text.startsWith('hubble_flows_processed_total'));
  if (selector === undefined) throw new Error('the rules read no flows');
  const folder = await temporaryFolder('bench');
  const dir = folder.path;
  const rulesDir = join(dir, 'measured');
  const flags = ['--web.enable-remote-write-receiver', '--web.enable-lifecycle', '--query.timeout=10m'];
  const prometheus = await startPrometheus({
    port: await freePort(19_400),
    dir,
    flags,
    config: { rule_files: [join(rulesDir, '*.json')] },
  });
  const { url } = prometheus;
  try {
    say(`generating a cluster of ${pods} pods`);
    const cluster = generateCluster(scaleOptions({ seed: 1, pods, countedSeries: flows }));
    const now = Math.floor(Date.now() / 1000);
    say('loading its series');
    const ahead = pods > 5000 ? 3 * AHEAD : AHEAD;
    const loaded = await load(url, cluster, { from: now - BEFORE, until: now + ahead, step: STEP });
    const countedSeries = (await costOf(url, selector, 1)).series;
    const timing = { interval, evaluations, timeout: 900 };
    say('evaluating the floor');
    const by = ['cluster', ...PAIR].join(', ');
    const pairs = { record: 'pod_pair:floor:rate5m', expr: `sum by (${by}) (rate(${selector}[5m]))` };
    const [floor] = await timeGroups(url, rulesDir, [{ name: 'floor', rules: [pairs] }], timing);
    say('evaluating the generated rules, and the panels on them');
    const panels: PanelCost[] = [];
    const placed = bundle.dashboards
      .find(({ uid }) => uid === 'zone-traffic')
      ?.sections.flatMap((section) => section.panels);
    const namespace = cluster.workloads.at(-1)?.namespace ?? '';
    const measured = groups.map(({ name, rules }) => ({
      name,
      rules: rules.filter(isRecording).map(({ record, expr }) => ({ record, expr: expr.text })),
    }));
    const ours = await timeGroups(url, rulesDir, measured, timing, async () => {
      for (const { key, panel } of placed ?? []) panels.push(await panelCost(url, key, panel.targets, namespace));
    });
    say('evaluating the published rules, and their panels');
    const theirs: PublishedCost[] = [];
    const [published] = await timeGroups(
      url,
      rulesDir,
      [{ name: 'published', rules: publishedRules }],
      timing,
      async () => {
        for (const { title, query, ours: key } of publishedPanels) {
          const own = panels.find((panel) => panel.key === key)?.ours.milliseconds ?? Number.NaN;
          theirs.push({ title, theirs: await costOf(url, query, 1), ours: own });
        }
      },
    );
    if (floor === undefined || published === undefined) throw new Error('a group was not evaluated');
    return {
      loaded,
      countedSeries,
      floor,
      ours,
      published,
      panels,
      publishedPanels: theirs,
      residentBytes: await gauge(url, 'process_resident_memory_bytes'),
      headSeries: await gauge(url, 'prometheus_tsdb_head_series'),
    };
  } finally {
    await prometheus.stop();
    await folder.remove();
  }
}
