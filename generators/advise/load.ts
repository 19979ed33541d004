import { meanOf } from './estimate.ts';
import { isPlacedPod, type Observed, type Pair, type ServiceSeen, workloadKey } from './observed.ts';

/** What the endpoints of a workload serve in each zone today, and once every caller stays in its zone. */
export interface Shift {
  /** Traffic of one endpoint today, on average. */
  readonly perEndpoint: number;
  /** Traffic by zone of the callers, which is what their zone would serve. */
  readonly after: ReadonlyMap<string, number>;
}

/** The endpoints of a workload's Services by zone. A pod behind two Services counts once. */
export function endpointsOf(services: readonly ServiceSeen[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const { endpoints } of services) {
    for (const [zone, count] of endpoints) all.set(zone, Math.max(all.get(zone) ?? 0, count));
  }
  return all;
}

/**
 * How the load of a workload shifts.
 * @param isCaller whether another workload (by its key) may call it.
 * @param endpoints ready endpoints by zone. Callers in a zone without one call all of them, as today.
 */
export function shiftOf(
  observed: Observed,
  key: string,
  endpoints: ReadonlyMap<string, number>,
  isCaller: (peer: string) => boolean,
): Shift {
  const total = [...endpoints.values()].reduce((sum, count) => sum + count, 0);
  const own = new Map<string, number>();
  let [all, elsewhere] = [0, 0];
  const serves = ({ source, destination }: Pair) => {
    const [from, to] = [workloadKey(source), workloadKey(destination)];
    if (from === key && to === key) return undefined;
    if (to === key) return isCaller(from) ? source : undefined;
    return from === key && isCaller(to) ? destination : undefined;
  };
  for (const pair of observed.pairs) {
    const caller = serves(pair);
    if (caller === undefined || !isPlacedPod(caller)) continue;
    const rate = meanOf(pair.sums, observed);
    all += rate;
    if ((endpoints.get(caller.zone) ?? 0) === 0) elsewhere += rate;
    own.set(caller.zone, (own.get(caller.zone) ?? 0) + rate);
  }
  const after = new Map(own);
  for (const [zone, count] of endpoints) after.set(zone, (own.get(zone) ?? 0) + (elsewhere * count) / total);
  return { perEndpoint: total === 0 ? 0 : all / total, after };
}

/** How much more one endpoint would serve than one does today on average: 0.2 is 20 % more. */
export const overloadOf = ({ perEndpoint, after }: Shift, zone: string, endpoints: number): number =>
  perEndpoint === 0 || endpoints === 0 ? 0 : (after.get(zone) ?? 0) / endpoints / perEndpoint - 1;

/** Endpoints that a zone needs so that each serves at most `limit` more than one does today. */
export const neededIn = ({ perEndpoint, after }: Shift, zone: string, limit: number): number =>
  perEndpoint === 0 ? 1 : Math.max(1, Math.ceil((after.get(zone) ?? 0) / (perEndpoint * (1 + limit)) - 1e-9));
