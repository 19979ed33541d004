import type { Labels } from './allowances-input.ts';
import { type Flow, shareIn, sided, UNKNOWN, workloadOf } from './matrix-world.ts';

/** The series of a record with their values. */
export type Samples = readonly (readonly [Labels, number])[];

/** Sums values by their labels. */
export function summed(samples: Samples): Samples {
  const sums = new Map<string, number>();
  for (const [labels, value] of samples) {
    const key = JSON.stringify(labels);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...sums].map(([key, value]) => [JSON.parse(key) as Labels, value]);
}

const LOCALITIES = ['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown'] as const;
export type Locality = (typeof LOCALITIES)[number];

/** Both ends are in zones of the cluster. */
const isZoned = (locality: Locality): boolean => locality === 'same_zone' || locality === 'cross_zone';

/** How far a flow goes; `always` is for sources that count one locality only, wherever a known end sends to. */
const localityOf = ({ from, to }: Flow, always?: Locality): Locality => {
  const isAt = (reason: string): boolean => always === undefined && (from.reason === reason || to.reason === reason);
  if (isAt('internet')) return 'internet';
  if (isAt('cross_region')) return 'cross_region';
  if (from.zone === UNKNOWN) return 'unknown';
  if (always !== undefined) return always;
  if (to.zone === UNKNOWN) return 'unknown';
  return from.zone === to.zone ? 'same_zone' : 'cross_zone';
};

const clustersOf = (flows: readonly Flow[]): readonly string[] => [...new Set(flows.map(({ cluster }) => cluster))];
const total = (flows: readonly Flow[]): number => flows.reduce((sum, { rate }) => sum + rate, 0);

/** The matrix of zones. */
export const zonePairs = (flows: readonly Flow[], always?: Locality): Samples =>
  summed(
    flows.map((flow) => [
      {
        cluster: flow.cluster,
        source_zone: flow.from.zone,
        destination_zone: flow.to.zone,
        locality: localityOf(flow, always),
      },
      flow.rate,
    ]),
  );

/** Traffic by locality: all of them where any zone is known, else what there is, and the unknown one. */
export const byLocality = (flows: readonly Flow[], always?: Locality): Samples =>
  clustersOf(flows).flatMap((cluster) => {
    const own = flows.filter((flow) => flow.cluster === cluster);
    const known = own.some((flow) => isZoned(localityOf(flow, always)));
    const has = (locality: Locality) => own.some((flow) => localityOf(flow, always) === locality);
    return LOCALITIES.filter((locality) => known || locality === 'unknown' || has(locality)).map(
      (locality) =>
        [{ cluster, locality }, total(own.filter((flow) => localityOf(flow, always) === locality))] as const,
    );
  });

/** What shares of the traffic lack a zone, by the reason of the source, or of the destination where the source has its zone. */
export const unattributed = (flows: readonly Flow[], reasons: readonly string[]): Samples =>
  clustersOf(flows).flatMap((cluster) => {
    const own = flows.filter((flow) => flow.cluster === cluster);
    const all = total(own);
    if (all === 0) return [];
    return reasons.map((reason) => {
      const of = own.filter(
        (flow) =>
          localityOf(flow) === 'unknown' && (flow.from.zone === UNKNOWN ? flow.from : flow.to).reason === reason,
      );
      return [{ cluster, reason }, total(of) / all] as const;
    });
  });

/** Traffic across zones by pair of workloads. */
const crossing = (flows: readonly Flow[]): readonly Flow[] => flows.filter((flow) => localityOf(flow) === 'cross_zone');

const pairOf = ({ cluster, from, to }: Flow): Labels => ({
  cluster,
  ...sided('source', { ...workloadOf(from), zone: from.zone }),
  ...sided('destination', { ...workloadOf(to), zone: to.zone }),
});

export const crossingPairs = (flows: readonly Flow[], factor = 1): Samples =>
  summed(crossing(flows).map((flow) => [{ ...pairOf(flow), locality: 'cross_zone' }, flow.rate * factor]));

export const crossingZones = (flows: readonly Flow[], factor: number): Samples =>
  zonePairs(crossing(flows)).map(([labels, rate]) => [labels, rate * factor]);

/** What each billed direction costs; 0 without traffic across zones. */
export const costs = (flows: readonly Flow[], egress: number, ingress: number): Samples =>
  clustersOf(flows).flatMap((cluster) => {
    const rate = total(crossing(flows).filter((flow) => flow.cluster === cluster));
    return [
      [{ cluster, direction: 'egress' }, rate * egress] as const,
      [{ cluster, direction: 'ingress' }, rate * ingress] as const,
    ];
  });

/** Traffic across zones of which either end could have found the other workload in its own zone. */
export const avoidable = (flows: readonly Flow[]): readonly Flow[] =>
  flows.filter(
    ({ cluster, from, to }) => (shareIn(cluster, to, from.zone) ?? 0) > 0 && (shareIn(cluster, from, to.zone) ?? 0) > 0,
  );

/** What would cross zones if each call went to any running pod of the destination. */
export const atRandom = (flows: readonly Flow[]): Samples =>
  summed(
    flows.flatMap((flow) => {
      const share = shareIn(flow.cluster, flow.to, flow.from.zone);
      if (share === undefined || !isZoned(localityOf(flow))) return [];
      const { destination_zone: _zone, ...labels } = pairOf(flow);
      return [[labels, flow.rate * (1 - share)] as const];
    }),
  );
