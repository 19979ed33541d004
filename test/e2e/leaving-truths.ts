import type { PartyPair, WorkloadParty } from '../../bench/truth.ts';
import type { Expected } from './vector.ts';

type Labels = Readonly<Record<string, string>>;
type Pair = PartyPair<WorkloadParty>;

/** Storage of the region that is reached through a NAT gateway, a database in another region, and callers on the internet. */
const BEYOND = [
  { external: 's3', external_zone: 'storage', sent: { nat: 0.05 }, received: { nat: 0.05 } },
  { external: 'archive', external_zone: 'eu-west-1', sent: { cross_region: 0.03 }, received: {} },
  { external: 'external', external_zone: 'internet', sent: { internet: 0.08 }, received: {} },
] as const;

/** Traffic of a workload with one of them, in bytes per second, from a Unix time on. */
interface Leaving {
  readonly end: (typeof BEYOND)[number];
  readonly us: WorkloadParty;
  readonly sent: number;
  readonly received: number;
  readonly from: number;
}

/** The configuration of that. */
export const BEYOND_CONFIG = {
  cloud: {
    region: 'eu-central-1',
    price: { natPerGB: 0.05, crossRegionPerGB: 0.03, internetPerGB: 0.08, asOf: '2026-08-21' },
  },
  external: [
    { name: 's3', kind: 'storage', cidrs: ['52.219.0.0/16'], through: 'nat' },
    { name: 'archive', kind: 'database', region: 'eu-west-1', cidrs: ['10.64.0.0/16'] },
  ],
};

/** What workloads send to ends beyond the cluster and receive from them, in bytes per second. The last of three workloads begins late. */
export const leavingOf = (pairs: readonly Pair[], late: number): readonly Leaving[] =>
  BEYOND.flatMap((end, index) =>
    [...new Map(pairs.map((pair) => [JSON.stringify(pair.source), pair])).values()]
      .slice(0, 3)
      .map(({ source, rate }, place) => ({
        end,
        us: source,
        sent: rate * (1 + index),
        received: rate * (7 - 2 * place),
        from: place === 2 ? late : 0,
      })),
  );

/** What they cost between two times, by workload, end and class. */
export const costOf = (leaving: readonly Leaving[], from: number, until: number): readonly Expected[] =>
  leaving.flatMap(({ end, us, from: begins, ...rates }) =>
    (['sent', 'received'] as const).flatMap((way) =>
      Object.entries(end[way]).map(([name, price]) => ({
        labels: {
          namespace: us.namespace,
          workload_type: us.type,
          workload: us.workload,
          external: end.external,
          external_zone: end.external_zone,
          class: name,
        },
        value: (rates[way] / 1e9) * price * (until - Math.max(from, begins)),
      })),
    ),
  );

/** The traffic itself, as the rules have it before its locality is known. */
export function trafficOf(
  leaving: readonly Leaving[],
): readonly { readonly labels: Labels; readonly rate: number; readonly from: number }[] {
  return leaving.flatMap(({ end, us, sent, received, from }) => {
    const our = { namespace: us.namespace, workload_type: us.type, workload: us.workload, zone: us.zone };
    const their = {
      namespace: '_external_',
      workload_type: 'External',
      workload: end.external,
      zone: end.external_zone,
      reason: end.external_zone === 'eu-west-1' ? 'cross_region' : 'internet',
    };
    const labelled = (side: string, party: Labels): Labels =>
      Object.fromEntries(Object.entries(party).map(([field, value]) => [`${side}_${field}`, value]));
    const one = (source: Labels, destination: Labels, rate: number) => ({
      labels: { ...labelled('source', source), ...labelled('destination', destination) },
      rate,
      from,
    });
    return [one(our, their, sent), one(their, our, received)];
  });
}
