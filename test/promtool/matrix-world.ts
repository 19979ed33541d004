import { createRandom } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

/** The evaluation that is looked at; scrapes are half a minute before and after evaluations. */
export const AT_MINUTE = 12;
/** Minutes for which rules remember what kube-state-metrics said. */
const LOOKBACK = 10;

interface Workload {
  readonly namespace: string;
  readonly type: string;
  readonly name: string;
}

interface Pod extends Workload {
  readonly cluster: string;
  readonly pod: string;
  readonly zone: string;
}

/** An end of traffic; without a zone it has the reason. */
interface End extends Workload {
  readonly zone: string;
  readonly reason: string;
}

/** What flows from one end to another, per second. */
export interface Flow {
  readonly cluster: string;
  readonly from: End;
  readonly to: End;
  readonly rate: number;
}

export const UNKNOWN = 'unknown';
const REASONS = ['outside', 'unplaced', 'service_ip', 'gone', 'no_zone_label', 'invalid_zone', 'no_peer'];
const ZONES = ['a', 'b', 'c', 'd'];
const CLUSTERS = ['one', 'two'];

/** Workloads that share all names but one with another. */
const WORKLOADS: readonly Workload[] = ['x', 'y'].flatMap((namespace) =>
  ['Deployment', 'StatefulSet'].flatMap((type) => ['p', 'q'].map((name) => ({ namespace, type, name }))),
);

export const workloadOf = ({ namespace, type, name }: Workload): Labels => ({
  namespace,
  workload_type: type,
  workload: name,
});

/** Labels of an end under the prefix of its side. */
export const sided = (side: 'source' | 'destination', labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [`${side}_${label}`, value]));

const random = createRandom(7);

/** Ends beyond the cluster. The name of a region may be that of a zone. */
const BEYOND = [
  { zone: 'internet', reason: 'internet' },
  { zone: 'storage', reason: 'internet' },
  { zone: 'region', reason: 'cross_region' },
  { zone: 'b', reason: 'cross_region' },
];

/** Flows between workloads of a cluster, most of which know their zones; a zone may be one that only sends, or only receives. */
function flowsOf(cluster: string, count: number): readonly Flow[] {
  const end = (zones: readonly string[]): End => {
    if (random.int(0, 5) === 0) return { ...random.pick(WORKLOADS), ...random.pick(BEYOND) };
    const zone = random.int(0, 4) === 0 ? UNKNOWN : random.pick(zones);
    return { ...random.pick(WORKLOADS), zone, reason: zone === UNKNOWN ? random.pick(REASONS) : '' };
  };
  return Array.from({ length: count }, () => ({
    cluster,
    from: end(['a', 'b', 'c']),
    to: end(['b', 'c', 'd']),
    rate: random.int(1, 9000) * 1000,
  }));
}

const [P = random.pick(WORKLOADS)] = WORKLOADS;
const within = (
  cluster: string,
  from: Pick<End, 'zone' | 'reason'>,
  to: Pick<End, 'zone' | 'reason'>,
  rate: number,
): Flow => ({
  cluster,
  from: { ...P, ...from },
  to: { ...P, ...to },
  rate,
});
const at = (zone: string) => ({ zone, reason: '' });
const lost = (reason: string) => ({ zone: UNKNOWN, reason });

/** One series for each pair of ends. */
const merged = (flows: readonly Flow[]): readonly Flow[] => [
  ...new Map(flows.map((flow) => [JSON.stringify([flow.cluster, flow.from, flow.to]), flow])).values(),
];

/** Traffic of two clusters with everything; and of clusters that stay in a zone, that nobody can place, that rest, or nearly do. */
export const FLOWS: readonly Flow[] = merged([
  ...CLUSTERS.flatMap((cluster) => flowsOf(cluster, 90)),
  within('calm', at('a'), at('a'), 4e6),
  within('calm', at('b'), at('b'), 3e6),
  within('dark', lost('gone'), lost('outside'), 2e6),
  within('dark', lost('gone'), at('a'), 1e6),
  // Nobody knows a zone, but what leads to the internet.
  within('gate', lost('gone'), { zone: 'internet', reason: 'internet' }, 5e6),
  within('gate', { zone: 'internet', reason: 'internet' }, { zone: 'internet', reason: 'internet' }, 2e6),
  within('rest', at('a'), at('b'), 0),
  within('rest', at('a'), lost('gone'), 0),
  within('slow', at('a'), at('b'), 0.25),
  within('slow', lost('gone'), at('b'), 0.25),
]);

/** Traffic as the rules record it before they compare zones. */
export const unclassified = (record: string, flows: readonly Flow[]): readonly InputSeries[] =>
  flows.map(({ cluster, from, to, rate }) => ({
    series: seriesText(record, {
      cluster,
      ...sided('source', { ...workloadOf(from), zone: from.zone, reason: from.reason }),
      ...sided('destination', { ...workloadOf(to), zone: to.zone, reason: to.reason }),
    }),
    values: `${rate}x${AT_MINUTE * 2}`,
  }));

/** What a series of kube-state-metrics says of a pod: whether it runs, from one minute to another. */
interface Said {
  readonly spans: readonly { readonly level: number; readonly from?: number; readonly to?: number }[];
  readonly labels?: Labels;
  /** Set where it is not about this pod, or not about its running. */
  readonly isOther?: true;
}

const always = (level: number, labels: Labels = {}): Said => ({ spans: [{ level }], labels });
const OLDEST = AT_MINUTE - LOOKBACK;

/** Each way in which a pod may run or not. */
const WAYS: readonly (readonly Said[])[] = [
  [always(1)],
  [always(0)],
  // Nobody says anything.
  [],
  // Two replicas of kube-state-metrics, one of which is behind.
  [always(0, { instance: 'first' }), always(1, { instance: 'second' })],
  // It ran, and was then seen to have ended; or nothing was scraped any more.
  [
    {
      spans: [
        { level: 1, to: 4 },
        { level: 0, from: 5 },
      ],
    },
  ],
  [{ spans: [{ level: 1, from: OLDEST, to: OLDEST }] }],
  [{ spans: [{ level: 1, to: OLDEST - 1 }] }],
  // It waits, or a scrape without honor_labels tells of another pod.
  [always(0), { ...always(1, { phase: 'Pending' }), isOther: true }],
  ...['namespace', 'pod', 'node'].map((label): readonly Said[] => [
    { ...always(1, { [`exported_${label}`]: 'z' }), isOther: true },
  ]),
];

/** Pods of most workloads in some zones; some of them do not run. */
const podsOf = (cluster: string): readonly (readonly [Pod, readonly Said[]])[] =>
  WORKLOADS.flatMap((workload, place) => {
    // Two workloads have no pods.
    if (place === CLUSTERS.indexOf(cluster) || place === 5) return [];
    return Array.from({ length: 9 }, (_, index) => {
      const zone = random.int(0, 8) === 0 ? UNKNOWN : random.pick(ZONES.slice(0, 1 + (place % 4)));
      // Pods of several namespaces have the same names.
      const pod: Pod = { ...workload, cluster, zone, pod: `${workload.type}-${workload.name}-${index}` };
      return [pod, WAYS[random.int(0, 2) === 0 ? random.int(0, WAYS.length - 1) : 0] ?? []] as const;
    });
  });

const PODS = CLUSTERS.flatMap(podsOf);

/** Where pods are, and whether they run. */
export const PLACES: readonly InputSeries[] = PODS.flatMap(([{ cluster, pod, zone, ...workload }, said]) => [
  {
    series: seriesText('cluster_namespace_pod:identity:info', {
      cluster,
      ...workloadOf(workload),
      pod,
      zone,
      node: `node-${zone}`,
    }),
    values: `1x${AT_MINUTE * 2}`,
  },
  ...said.map(({ spans, labels }): InputSeries => {
    const { namespace } = workload;
    return {
      series: seriesText('kube_pod_status_phase', { cluster, namespace, pod, phase: 'Running', ...labels }),
      values: Array.from({ length: AT_MINUTE }, (_, minute) => {
        const span = spans.find(({ from = 0, to = AT_MINUTE }) => from <= minute && minute <= to);
        return `_ ${span?.level ?? '_'}`;
      }).join(' '),
    };
  }),
]);

/** Whether anyone said last, and within the lookback, that a pod runs. */
const runs = (said: readonly Said[]): boolean =>
  said.some(({ spans, isOther }) => {
    const { level, to = AT_MINUTE } = spans.at(-1) ?? { level: 0 };
    return level === 1 && isOther === undefined && to >= OLDEST;
  });

const keyOf = (cluster: string, { namespace, type, name }: Workload): string =>
  [cluster, namespace, type, name].join('/');

/** Running pods with a known zone, by workload and zone. */
const RUNNING = new Map<string, Map<string, number>>();
for (const [pod, said] of PODS) {
  if (pod.zone === UNKNOWN || !runs(said)) continue;
  const key = keyOf(pod.cluster, pod);
  const zones = RUNNING.get(key) ?? new Map<string, number>();
  RUNNING.set(key, zones.set(pod.zone, (zones.get(pod.zone) ?? 0) + 1));
}

/** The share of the running pods of a workload in a zone; undefined where none runs. */
export function shareIn(cluster: string, workload: Workload, zone: string): number | undefined {
  const zones = RUNNING.get(keyOf(cluster, workload));
  if (zones === undefined) return undefined;
  return (zones.get(zone) ?? 0) / [...zones.values()].reduce((sum, count) => sum + count, 0);
}

/** All of these shares. */
export const SHARES: readonly (readonly [Labels, number])[] = CLUSTERS.flatMap((cluster) =>
  WORKLOADS.flatMap((workload) =>
    ZONES.flatMap((zone) => {
      const share = shareIn(cluster, workload, zone) ?? 0;
      return share === 0 ? [] : [[{ cluster, ...workloadOf(workload), zone }, share] as const];
    }),
  ),
);
