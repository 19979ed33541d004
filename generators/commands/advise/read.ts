import {
  added,
  type Distant,
  type End,
  type Observed,
  type Pair,
  type ServiceSeen,
  workloadKey,
} from '../../advise/index.ts';
import type { AdviceSource, NatSource } from '../../build/advice.ts';
import {
  duration,
  type Fragment,
  longer,
  not,
  oneOf,
  promql,
  type Query,
  seconds,
  selector,
} from '../../promql/index.ts';
import type { Config } from '../../registry.ts';
import { ProblemError } from '../../schema/problems.ts';
import { slower } from '../../settings/general.ts';
import { eventLostShareName } from '../../shared/record-names.ts';
import type { Answered, Queries } from '../prometheus/client.ts';

/** Parts of the window, whose variation is the error bar. */
const PARTS = 12;

/** Each part has so many evaluations at least. */
const MIN_EVALUATIONS = 2;

/** How a window is divided. */
export interface Parts {
  readonly count: number;
  /** Seconds of one. */
  readonly length: number;
}

/** Divides a window, given in seconds, into as many parts as its evaluations fill. */
export function partsOf(window: number, interval: number): Parts {
  const count = Math.max(1, Math.min(PARTS, Math.floor(window / (interval * MIN_EVALUATIONS))));
  return { count, length: window / count };
}

/** What was read, and how much of the window is recorded (0 to 1). */
export interface Read {
  readonly clusters: readonly Observed[];
  readonly parts: Parts;
  readonly covered: number;
  /** Whether routing is recorded. */
  readonly hasRouting: boolean;
}

/** The value of the last point. */
const lastOf = ({ values }: Answered): number => values.at(-1)?.[1] ?? 0;

const endOf = (labels: Answered['labels'], side: 'source' | 'destination'): End => ({
  namespace: labels[`${side}_namespace`] ?? '',
  type: labels[`${side}_workload_type`] ?? '',
  workload: labels[`${side}_workload`] ?? '',
  zone: labels[`${side}_zone`] ?? '',
});

/** Traffic between ends whose zones are known, within the region. */
const placed = (name: string): Query =>
  selector(name, {
    source_zone: not('unknown'),
    destination_zone: not('unknown'),
    locality: oneOf(['same_zone', 'cross_zone']),
  });

/** Traffic with ends beyond the cluster of these names, which are at this side. */
const distantAt = (name: string, side: 'source' | 'destination', { names, unsaid, namespace }: NatSource): Query =>
  selector(name, {
    locality: oneOf(['internet', 'cross_region']),
    [`${side}_namespace`]: namespace,
    [`${side}_workload`]: oneOf([...names, ...unsaid]),
  });

/** Why nothing is recorded: withheld, no rules, or no data yet. */
async function whyNothing(queries: Queries, source: AdviceSource, window: string, at: number): Promise<string> {
  const usable = await queries.instant(
    promql`last_over_time(${selector(source.usable)}[${duration(window)}])`.text,
    at,
  );
  if (usable.length > 0 && usable.every((one) => lastOf(one) === 0)) {
    return 'withholds the traffic, as the zone of no end is known: see the alert IdentitySourceSilent and its runbook';
  }
  const groups = await queries.groups();
  if (groups !== undefined && !groups.some((name) => name.startsWith('azimuth-'))) {
    return `has no rules of Azimuth loaded, and no series ${source.pairs} of the last ${window}: load those that "azimuth build" writes`;
  }
  return `has no series ${source.pairs} in the last ${window}: the rules have recorded nothing yet, or another configuration wrote them (rules.window, flows.units)`;
}

/** How answers are read: a query part by part, and an answer's cluster and sums. */
interface Reading {
  readonly inParts: (query: Query) => Promise<readonly Answered[]>;
  readonly clusterOf: (one: Answered) => string;
  readonly byPart: (one: Answered) => readonly number[];
  readonly over: Fragment;
}

/** What each cluster has with ends that are, or may be, reached through NAT gateways, by name and place. */
async function readDistant(
  { pairs, nat }: AdviceSource,
  { inParts, clusterOf, byPart, over }: Reading,
): Promise<ReadonlyMap<string, readonly Distant[]>> {
  const found = new Map<string, Distant[]>();
  if (nat === undefined) return found;
  for (const [side, other] of [
    ['source', 'destination'],
    ['destination', 'source'],
  ] as const) {
    for (const one of await inParts(promql`sum_over_time(${distantAt(pairs, side, nat)}[${over}])`)) {
      // Nobody of the cluster is between two such ends.
      if (endOf(one.labels, other).namespace === nat.namespace) continue;
      const { workload: name, zone } = endOf(one.labels, side);
      const known = found.get(clusterOf(one)) ?? [];
      const same = known.find((each) => each.name === name && each.zone === zone);
      const sums = same === undefined ? byPart(one) : added(same.sums, byPart(one));
      const isThroughNat = nat.names.includes(name);
      found.set(clusterOf(one), [...known.filter((each) => each !== same), { name, zone, isThroughNat, sums }]);
    }
  }
  return found;
}

/** Reads what advice needs. @throws ProblemError if Prometheus does not answer, or has recorded nothing. */
export async function readObserved(
  queries: Queries,
  source: AdviceSource,
  config: Config,
  { window, now }: { readonly window: string; readonly now: number },
): Promise<Read> {
  const length = seconds(window);
  const interval = seconds(config.rules.interval);
  const parts = partsOf(length, interval);
  const { label } = config.cluster;
  const clusterOf = ({ labels }: Answered): string => (label === null ? '' : (labels[label] ?? ''));
  const step = Math.max(1, Math.floor(parts.length));
  const from = now - step * (parts.count - 1);
  const over = duration(`${step}s`);
  const inParts = (query: Query): Promise<readonly Answered[]> => queries.range(query.text, from, now, step);
  const byPart = ({ values }: Answered): readonly number[] => {
    const sums = Array.from({ length: parts.count }, () => 0);
    for (const [time, value] of values) {
      const part = Math.round((time - from) / step);
      if (part >= 0 && part < sums.length && Number.isFinite(value)) sums[part] = value;
    }
    return sums;
  };
  const counted = await inParts(promql`count_over_time(${selector(source.cluster)}[${over}])`);
  const counts = new Map<string, number[]>();
  for (const one of counted) {
    // One series for each locality: they are recorded together.
    const before = counts.get(clusterOf(one)) ?? [];
    counts.set(
      clusterOf(one),
      byPart(one).map((count, part) => Math.max(count, before[part] ?? 0)),
    );
  }
  const pairs = new Map<string, Pair[]>();
  for (const one of await inParts(promql`sum_over_time(${placed(source.pairs)}[${over}])`)) {
    const known = pairs.get(clusterOf(one)) ?? [];
    known.push({
      source: endOf(one.labels, 'source'),
      destination: endOf(one.labels, 'destination'),
      sums: byPart(one),
    });
    pairs.set(clusterOf(one), known);
  }
  const distant = await readDistant(source, { inParts, clusterOf, byPart, over });
  if (pairs.size === 0) {
    throw new ProblemError(queries.shown, [{ path: '', message: await whyNothing(queries, source, window, now) }]);
  }

  const lookback = duration(longer(config.rules.infoLookback, slower(config.rules, 4)));
  const latest = async (name: string): Promise<readonly Answered[]> =>
    queries.instant(promql`last_over_time(${selector(name)}[${lookback}])`.text, now);
  const mean = async (name: string): Promise<readonly Answered[]> =>
    queries.instant(promql`avg_over_time(${selector(name)}[${duration(window)}])`.text, now);
  const { routing } = source;
  const nothing: readonly Answered[] = [];
  const ofRouting = async (name: string): Promise<readonly Answered[]> =>
    source.noRouting === undefined ? latest(name) : nothing;
  const [endpoints, hints, hinted, routings, backing, pods] = [
    await ofRouting(routing.endpoints),
    await ofRouting(routing.hints),
    await ofRouting(routing.hinted),
    await ofRouting(routing.routing),
    await ofRouting(routing.backing),
    await ofRouting(routing.pods),
  ];
  const [unattributed, lost] = [await mean(source.unattributed), await mean(eventLostShareName(config.rules.window))];

  const clusters = [...pairs].map(([cluster, own]): Observed => {
    const here = (all: readonly Answered[]) => all.filter((one) => clusterOf(one) === cluster);
    const shares = here(lost).map(lastOf).filter(Number.isFinite);
    return {
      cluster,
      counts: counts.get(cluster) ?? [],
      pairs: own,
      distant: distant.get(cluster) ?? [],
      services: servicesOf({
        endpoints: here(endpoints),
        hints: here(hints),
        hinted: here(hinted),
        routings: here(routings),
        backing: here(backing),
      }),
      pods: podsOf(here(pods)),
      unattributed: here(unattributed)
        .map(lastOf)
        .filter(Number.isFinite)
        .reduce((sum, share) => sum + share, 0),
      lost: shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length,
    };
  });
  const most = Math.max(...clusters.map((one) => one.counts.reduce((sum, count) => sum + count, 0)));
  return {
    clusters,
    parts,
    covered: Math.min(1, (most * interval) / length),
    hasRouting: source.noRouting === undefined && endpoints.length > 0,
  };
}

/** Answers on the Services of one cluster. */
type OfServices = Readonly<Record<'endpoints' | 'hints' | 'hinted' | 'routings' | 'backing', readonly Answered[]>>;

const serviceOf = ({ labels }: Answered): string => JSON.stringify([labels['namespace'], labels['service']]);

/** Answers by their Service. */
const grouped = (all: readonly Answered[]): ReadonlyMap<string, readonly Answered[]> => {
  const found = new Map<string, Answered[]>();
  for (const one of all) found.set(serviceOf(one), [...(found.get(serviceOf(one)) ?? []), one]);
  return found;
};

function servicesOf({ endpoints, hints, hinted, routings, backing }: OfServices): readonly ServiceSeen[] {
  const [hint, share, mode, behind] = [grouped(hints), grouped(hinted), grouped(routings), grouped(backing)];
  return [...grouped(endpoints)].map(([key, own]): ServiceSeen => {
    const [namespace = '', name = ''] = JSON.parse(key) as readonly string[];
    return {
      namespace,
      name,
      routing: mode.get(key)?.[0]?.labels['routing'],
      endpoints: new Map(own.map((one) => [one.labels['zone'] ?? '', lastOf(one)])),
      hintedZones: new Set((hint.get(key) ?? []).map(({ labels }) => labels['zone'] ?? '')),
      hinted: lastOf(share.get(key)?.[0] ?? { labels: {}, values: [] }),
      workloads: (behind.get(key) ?? []).map(({ labels }) => ({
        type: labels['workload_type'] ?? '',
        workload: labels['workload'] ?? '',
      })),
    };
  });
}

function podsOf(answers: readonly Answered[]): Observed['pods'] {
  const found = new Map<string, Map<string, number>>();
  for (const one of answers) {
    const { namespace = '', workload_type: type = '', workload = '', zone = '' } = one.labels;
    const key = workloadKey({ namespace, type, workload });
    const zones = found.get(key) ?? new Map<string, number>();
    found.set(key, zones.set(zone, lastOf(one)));
  }
  return found;
}
