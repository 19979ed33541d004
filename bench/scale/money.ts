import { completeConfig, isRecording, makeBundle, makeCatalogue, MONTH_NAMES } from '../../generators/index.ts';
import { generateCluster, scaleOptions } from '../generate.ts';
import { groupBy } from '../group.ts';
import type { Labels } from '../model.ts';
import { freePort, startPrometheus } from '../process/prometheus.ts';
import { remoteWrite } from '../remote-write.ts';
import { SIMULATORS } from '../sources/index.ts';
import { type PartyPair, totalsOf, type WorkloadParty } from '../truth.ts';
import type { BenchOptions } from './options.ts';

/** What a query of a panel, or a rule, costs. */
export interface MoneyCost {
  readonly name: string;
  readonly milliseconds: number;
  readonly samples: number;
}

/** Figures of the rules and the dashboard of money. */
export interface MeasuredMoney {
  readonly workloadPairs: number;
  readonly workloads: number;
  readonly panels: readonly MoneyCost[];
  readonly rules: readonly MoneyCost[];
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const KEPT = 31 * DAY;
const BATCH = 2000;
const RUNS = 11;

type Pair = PartyPair<WorkloadParty>;

interface Answer {
  readonly error?: string;
  readonly data?: {
    readonly stats: {
      readonly timings: { readonly execTotalTime: number };
      readonly samples: { readonly totalQueryableSamples: number };
    };
  };
}

/**
 * Times a query at a moment, or over a week in steps of ten minutes as a graph of the dashboard asks for it: the least of several runs, as others
 * use the machine too.
 */
async function timed(url: string, name: string, query: string, at: number, isRange: boolean): Promise<MoneyCost> {
  const when = isRange
    ? { start: String(at - 7 * DAY), end: String(at), step: '600' }
    : { time: String(at), timeout: '10m' };
  const costs: MoneyCost[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const response = await fetch(`${url}/api/v1/${isRange ? 'query_range' : 'query'}`, {
      method: 'POST',
      body: new URLSearchParams({ query, stats: 'all', ...when }),
    });
    const { data, error } = (await response.json()) as Answer;
    if (data === undefined) throw new Error(`${error ?? 'no answer'}\nin the query: ${query}`);
    const { timings, samples } = data.stats;
    costs.push({ name, milliseconds: timings.execTotalTime * 1000, samples: samples.totalQueryableSamples });
  }
  const sorted = costs.toSorted((a, b) => a.milliseconds - b.milliseconds);
  return sorted[0] ?? { name, milliseconds: 0, samples: 0 };
}

const ends = ({ source, destination }: Pair): Labels =>
  Object.fromEntries(
    Object.entries({ source, destination }).flatMap(([side, { namespace, type, workload }]) => [
      [`${side}_namespace`, namespace],
      [`${side}_workload_type`, type],
      [`${side}_workload`, workload],
    ]),
  );

/** The records of a month of hours, and what the rules would have made of them in the last hours. */
function recordsOf(pairs: readonly Pair[], cluster: string) {
  const summed = (key: (pair: Pair) => Labels): readonly (readonly [labels: Labels, cost: number])[] =>
    [...groupBy(pairs, (pair) => JSON.stringify(key(pair)))].map(([text, some]) => [
      { cluster, ...(JSON.parse(text) as Labels) },
      some.reduce((sum, { rate }) => sum + rate, 0) * 2e-11 * HOUR,
    ]);
  const byPair = summed((pair) => ({ ...ends(pair), locality: 'cross_zone' }));
  const billed = (side: 'source' | 'destination', direction: string) =>
    summed(({ [side]: { namespace, type, workload } }) => ({ namespace, workload_type: type, workload, direction }));
  const byWorkload = [...billed('source', 'egress'), ...billed('destination', 'ingress')];
  const byZone = summed(({ source, destination }) => ({
    source_zone: source.zone,
    destination_zone: destination.zone,
    locality: 'cross_zone',
  }));
  const byDirection = ['egress', 'ingress'].flatMap((direction) => summed(() => ({ direction })));
  const ofCluster = summed(() => ({}));
  const { hour, month } = MONTH_NAMES;
  const own = byWorkload.map(([{ direction: _direction, ...labels }, cost]) => [labels, cost] as const);
  const unique = [...new Map(own.map((one) => [JSON.stringify(one[0]), one])).values()];
  return {
    byPair,
    unique,
    hours: [
      [hour.cluster, byDirection],
      [hour.zonePair, byZone],
      [hour.workload, byWorkload],
      [hour.workloadPair, byPair],
      [hour.avoidable, byPair],
      [hour.covered, ofCluster.map(([labels]) => [labels, 1] as const)],
    ] as const,
    months: [
      [month.cluster, byDirection],
      [month.zonePair, byZone],
      [month.workload, byWorkload],
      [month.workloadPair, byPair],
      [month.avoidable, byPair],
      [month.covered, ofCluster.map(([labels]) => [labels, 1] as const)],
      [MONTH_NAMES.forecast, ofCluster],
      [MONTH_NAMES.week, unique],
      [MONTH_NAMES.dearest, byPair.map(([{ locality: _locality, ...labels }, cost]) => [labels, cost] as const)],
    ] as const,
  };
}

/** Runs the queries of zone-cost, and the rules of months, on one Prometheus that holds a month of hours; progress goes to `say`. */
export async function measureMoney(
  { pods, flows }: Pick<BenchOptions, 'pods' | 'flows'>,
  say: (text: string) => void,
): Promise<MeasuredMoney> {
  const given = { flows: { source: 'obi' }, cost: { budgetPerMonth: 1000 } };
  const bundle = makeBundle(completeConfig('bench', given, makeCatalogue()));
  say(`generating a cluster of ${pods} pods`);
  const cluster = generateCluster(scaleOptions({ seed: 1, pods, countedSeries: flows }));
  const { network_bytes: bytes = [] } = SIMULATORS.obi.observed(cluster);
  const pairs = totalsOf(bytes).workloadPairs.filter(({ locality }) => locality === 'cross_zone');
  const { byPair, unique, hours, months } = recordsOf(pairs, cluster.name);
  const prometheus = await startPrometheus({
    port: await freePort(19_400),
    // With blocks of two days, samples of the last day are taken in any order of series: a batch holds a day of some.
    flags: [
      '--web.enable-remote-write-receiver',
      '--query.timeout=10m',
      '--query.max-samples=500000000',
      '--storage.tsdb.min-block-duration=2d',
      '--storage.tsdb.max-block-duration=2d',
    ],
    config: {},
  });
  try {
    const { url } = prometheus;
    const now = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
    say(`writing a month of ${byPair.length} pairs of workloads`);
    const of = String(new Date((now - HOUR / 2) * 1000).getUTCMonth() + 1);
    const write = async (
      record: string,
      all: readonly (readonly [Labels, number])[],
      times: readonly number[],
      more: Labels,
    ) => {
      for (let from = 0; from < all.length; from += BATCH) {
        await remoteWrite(
          url,
          all.slice(from, from + BATCH).map(([labels, value]) => ({
            labels: { __name__: record, ...labels, ...more },
            samples: times.map((time) => ({ value, milliseconds: time * 1000 })),
          })),
        );
      }
    };
    // Day by day, as Prometheus takes samples in the order of time.
    for (let day = now - KEPT; day < now; day += DAY) {
      const times = Array.from({ length: 24 }, (_, index) => day + (index + 1) * HOUR);
      for (const [record, all] of hours) await write(record, all, times, { month: of });
      for (const [record, all] of months)
        await write(record, all, times.slice(day + DAY >= now - 7 * DAY ? 0 : 24), {});
    }
    const raw = pairs.map(
      (pair) =>
        [
          {
            cluster: cluster.name,
            ...ends(pair),
            source_zone: pair.source.zone,
            destination_zone: pair.destination.zone,
            locality: pair.locality,
          },
          pair.rate * 2e-11,
        ] as const,
    );
    const minutes = Array.from({ length: 60 }, (_, index) => now - HOUR + (index + 1) * 60);
    await write('workload_pair:network_cost:rate5m', raw, minutes, {});
    say('asking for the panels');
    const panels: MoneyCost[] = [];
    const placed = bundle.dashboards
      .find(({ uid }) => uid === 'zone-cost')
      ?.sections.flatMap((section) => section.panels);
    for (const { key, panel } of placed ?? []) {
      const costs: MoneyCost[] = [];
      for (const { expr, mode } of panel.targets) {
        const query = expr.text.replaceAll('$cluster', '.*');
        costs.push(await timed(url, key, query, now, mode === 'range'));
      }
      panels.push({
        name: key,
        milliseconds: costs.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        samples: costs.reduce((sum, { samples }) => sum + samples, 0),
      });
    }
    say('evaluating the rules of an hour');
    const rules: MoneyCost[] = [];
    const group = bundle.ruleFiles
      .flatMap((file) => file.groups)
      .find(({ name }) => name === 'azimuth-network-cost-month');
    for (const rule of group?.rules.filter(isRecording) ?? []) {
      rules.push(await timed(url, rule.record, rule.expr.text, now, false));
    }
    return { workloadPairs: byPair.length, workloads: unique.length, panels, rules };
  } finally {
    await prometheus.stop();
  }
}
