import { added, monthly } from './estimate.ts';
import { readsOf, throughNat } from './external.ts';
import type { Advice, Change, Finding, LeftReason, Load, ServiceName } from './findings.ts';
import { endpointsOf, neededIn, overloadOf, type Shift, shiftOf } from './load.ts';
import {
  type End,
  isPlacedExternal,
  isPlacedPod,
  type Observed,
  type Pair,
  type ServiceSeen,
  workloadKey,
} from './observed.ts';
import { isHinted, roleFor, servicesByWorkload } from './roles.ts';
import { movesOf } from './together.ts';

export { added, type Estimate, monthly } from './estimate.ts';
export type { Advice, Change, Finding, LeftReason, Load, ServiceName, WorkloadName } from './findings.ts';
export { type Distant, type End, type Observed, type Pair, type ServiceSeen, workloadKey } from './observed.ts';

/**
 * So much more than today's mean may an endpoint serve. trafficDistribution has no protection of its own; Kubernetes gives up hints of Auto at
 * 20 %, which a workload with few pods exceeds by chance.
 */
export const MAX_OVERLOAD = 0.5;

/** Endpoints in each zone from which on the annotation Auto usually keeps its hints. Upstream: Kubernetes, topology aware routing. */
const AUTO_ENDPOINTS = 3;

/** What to save is worth a line from this share of all that is looked at on. */
const MIN_SHARE = 0.005;

/** What decides how traffic is valued and routed. */
export interface Options {
  /** What a unit (byte, flow) across zones costs; 1 where only traffic is counted. */
  readonly perUnit: number;
  /** Whether Services get the annotation Auto, as Kubernetes before 1.31 has no trafficDistribution. */
  readonly isAuto: boolean;
  /** What a unit through a NAT gateway costs, and the region with it; undefined where that is not known, or no money. */
  readonly nat?: { readonly perUnit: number; readonly region: string };
}

/** Kinds that can have more pods. */
const SCALABLE = new Set(['Deployment', 'StatefulSet', 'Rollout']);

const namesOf = (services: readonly ServiceSeen[]): readonly ServiceName[] =>
  services.map(({ namespace, name }) => ({ namespace, name }));

/** Traffic across zones that zone routing of one workload's Services would keep in the zone of the callers. */
interface Item {
  readonly server: Omit<End, 'zone'>;
  readonly callerZone: string;
  readonly peer: string;
  readonly sums: readonly number[];
}

/** What is said of one cluster. */
interface Drafts {
  readonly changes: { readonly change: Change; readonly sums: readonly number[] }[];
  readonly left: Map<LeftReason, (readonly number[])[]>;
}

/** Finds the changes that save most in one cluster. */
class ClusterAdvice {
  readonly observed: Observed;
  readonly isAuto: boolean;
  readonly services: ReadonlyMap<string, readonly ServiceSeen[]>;
  readonly drafts: Drafts = { changes: [], left: new Map() };
  private readonly certain = new Map<string, Item[]>();
  private readonly either = new Map<string, Item[]>();

  constructor(observed: Observed, { isAuto }: Options) {
    this.observed = observed;
    this.isAuto = isAuto;
    this.services = servicesByWorkload(observed);
  }

  private leave(reason: LeftReason, sums: readonly number[]): void {
    this.drafts.left.set(reason, [...(this.drafts.left.get(reason) ?? []), sums]);
  }

  private keep(map: Map<string, Item[]>, key: string, item: Item): void {
    map.set(key, [...(map.get(key) ?? []), item]);
  }

  /** Sorts one pair across zones by what could keep it in its zone. */
  private sort({ source, destination, sums }: Pair): void {
    if (!isPlacedPod(source) || !isPlacedPod(destination)) {
      this.leave('outside', sums);
      return;
    }
    const [from, to] = [workloadKey(source), workloadKey(destination)];
    const item = (server: End, caller: End, peer: string): Item => ({ server, callerZone: caller.zone, peer, sums });
    // Either end may be the one that calls.
    const there = roleFor(this.services, destination, source.zone);
    const back = roleFor(this.services, source, destination.zone);
    const roles = new Set([there, back]);
    if (roles.has('headless')) this.leave('headless', sums);
    else if (roles.has('partial')) this.leave('partial', sums);
    else if (there === 'none' && back === 'none') this.leave('no-service', sums);
    else if (from === to) {
      // Pods of one workload that call each other: each zone has one, whichever calls.
      if (there === 'route' && back === 'route') this.keep(this.certain, to, item(destination, source, from));
      else this.leave('no-endpoint', sums);
    } else if (back === 'none') this.keep(this.certain, to, item(destination, source, from));
    else if (there === 'none') this.keep(this.certain, from, item(source, destination, to));
    else if (there === 'route' && back === 'route') {
      const [one, two] = from < to ? [source, destination] : [destination, source];
      const key = JSON.stringify([workloadKey(one), workloadKey(two)]);
      this.keep(this.either, key, item(one, two, workloadKey(two)));
    } else this.leave('caller-unknown', sums);
  }

  private shift(
    key: string,
    items: readonly Item[],
  ): { readonly shift: Shift; readonly endpoints: ReadonlyMap<string, number> } {
    const endpoints = endpointsOf(this.services.get(key) ?? []);
    const peers = new Set(items.map(({ peer }) => peer));
    const isCaller = (peer: string): boolean => peers.has(peer) || !this.services.has(peer);
    return { shift: shiftOf(this.observed, key, endpoints, isCaller), endpoints };
  }

  private loads(key: string, items: readonly Item[]): readonly Load[] {
    const { shift, endpoints } = this.shift(key, items);
    const [service] = this.services.get(key) ?? [];
    if (service === undefined) return [];
    return [...endpoints]
      .filter(([zone]) => zone !== 'unknown')
      .map(([zone, count]) => ({
        service: { namespace: service.namespace, name: service.name },
        zone,
        endpoints: count,
        overload: overloadOf(shift, zone, count),
      }));
  }

  private refusesAuto(loads: readonly Load[]): boolean {
    return this.isAuto && loads.some(({ endpoints }) => endpoints < AUTO_ENDPOINTS);
  }

  /** The change of one workload's Services, and the pods that it needs in zones with callers. */
  private ofWorkload(key: string, items: readonly Item[]): void {
    const services = this.services.get(key) ?? [];
    const [first] = items;
    if (first === undefined) return;
    const { shift, endpoints } = this.shift(key, items);
    const loads = this.loads(key, items);
    const missing = items.filter(({ callerZone }) => (endpoints.get(callerZone) ?? 0) === 0);
    const present = items.filter(({ callerZone }) => (endpoints.get(callerZone) ?? 0) > 0);
    const crowded = loads.filter(({ overload }) => overload > MAX_OVERLOAD);
    const unhinted = services.filter((service) => !isHinted(service));
    const isRoutable = present.length > 0 && crowded.length === 0;
    if (this.refusesAuto(loads) && unhinted.length > 0) {
      for (const { sums } of items) this.leave('auto', sums);
      return;
    }
    if (isRoutable) {
      this.drafts.changes.push({
        change: { kind: 'route', services: namesOf(unhinted), loads },
        sums: added(...present.map(({ sums }) => sums)),
      });
    }
    const short = isRoutable ? missing : items;
    if (short.length === 0) return;
    if (!SCALABLE.has(first.server.type)) {
      for (const { sums } of short) this.leave('no-endpoint', sums);
      return;
    }
    const zones = [
      ...new Set([
        ...missing.map(({ callerZone }) => callerZone),
        ...(present.length === 0 ? [] : crowded.map(({ zone }) => zone)),
      ]),
    ];
    const { namespace, type, workload } = first.server;
    this.drafts.changes.push({
      change: {
        kind: 'replicas',
        workload: { namespace, type, workload },
        zones: zones.toSorted().map((zone) => ({
          zone,
          pods: Math.max(1, neededIn(shift, zone, MAX_OVERLOAD) - (endpoints.get(zone) ?? 0)),
        })),
        services: namesOf(unhinted),
      },
      sums: added(...short.map(({ sums }) => sums)),
    });
  }

  /** Two workloads with Services, of which either may call the other: zone routing of both keeps their traffic in its zone whichever does. */
  private ofTwo(key: string, items: readonly Item[]): void {
    const [one = '', two = ''] = JSON.parse(key) as readonly string[];
    const reversed = items.map((item) => ({ ...item, peer: one }));
    const loads = [...this.loads(one, items), ...this.loads(two, reversed)];
    if (loads.some(({ overload }) => overload > MAX_OVERLOAD)) {
      for (const { sums } of items) this.leave('no-endpoint', sums);
      return;
    }
    if (this.refusesAuto(loads)) {
      for (const { sums } of items) this.leave('auto', sums);
      return;
    }
    const services = [one, two].flatMap((each) => this.services.get(each) ?? []).filter((each) => !isHinted(each));
    this.drafts.changes.push({
      change: { kind: 'route', services: namesOf(services), loads },
      sums: added(...items.map(({ sums }) => sums)),
    });
  }

  run(): Drafts {
    const moves = movesOf(this.observed);
    const moved = new Set(moves.map(({ key }) => key));
    for (const { change, sums } of moves) this.drafts.changes.push({ change, sums });
    const across = this.observed.pairs.filter(isAcross);
    const others = across.filter(
      ({ source, destination }) => !moved.has(workloadKey(source)) && !moved.has(workloadKey(destination)),
    );
    const reads = readsOf(others);
    for (const read of reads) this.drafts.changes.push(read);
    for (const pair of others) {
      if (isPlacedExternal(pair.source) && isPlacedPod(pair.destination)) continue;
      this.sort(pair);
    }
    for (const [key, items] of this.certain) this.ofWorkload(key, items);
    for (const [key, items] of this.either) this.ofTwo(key, items);
    return this.drafts;
  }
}

const isPlaced = (end: End): boolean => end.zone !== 'unknown' && end.zone !== '';

/** Whether traffic crosses zones; nobody knows where an unknown zone is. */
const isAcross = ({ source, destination }: Pair): boolean =>
  isPlaced(source) && isPlaced(destination) && source.zone !== destination.zone;

/** The advice on one cluster. */
function ofCluster(observed: Observed, options: Options) {
  const { cluster } = observed;
  const { perUnit, nat } = options;
  const { changes, left } = new ClusterAdvice(observed, options).run();
  const far = nat === undefined ? { changes: [], rest: [] } : throughNat(observed.distant, nat.region);
  const amount = (all: readonly (readonly number[])[], price: number): number =>
    all.reduce((total, sums) => total + monthly(sums, observed, price).value, 0);
  const across = amount(
    observed.pairs.filter(isAcross).map(({ sums }) => sums),
    perUnit,
  );
  const rest = amount(far.rest, nat?.perUnit ?? 0);
  const spared = amount(
    far.changes.map(({ sums }) => sums),
    nat?.perUnit ?? 0,
  );
  const total = across + rest + spared;
  const valued = [
    ...changes.map((one) => ({ ...one, price: perUnit })),
    ...far.changes.map((one) => ({ ...one, price: nat?.perUnit ?? 0 })),
  ];
  return {
    total,
    nat: rest + spared,
    findings: valued
      .map(({ change, sums, price }): Finding => ({ cluster, change, saves: monthly(sums, observed, price) }))
      .filter(({ saves }) => saves.value > MIN_SHARE * total),
    left: [
      ...[...left].map(([reason, all]) => ({ cluster, reason, amount: amount(all, perUnit) })),
      ...(rest > 0 ? [{ cluster, reason: 'nat' as const, amount: rest }] : []),
    ],
  };
}

/**
 * The changes that save most, the best first. Their savings add up: no traffic is in two of them. Only what is certain counts, so they are lower bounds.
 */
export function advise(clusters: readonly Observed[], options: Options): Advice {
  const parts = clusters.map((observed) => ofCluster(observed, options));
  return {
    total: parts.reduce((sum, { total }) => sum + total, 0),
    nat: parts.reduce((sum, { nat }) => sum + nat, 0),
    findings: parts.flatMap(({ findings }) => findings).toSorted((one, two) => two.saves.value - one.saves.value),
    left: parts.flatMap(({ left }) => left).toSorted((one, two) => two.amount - one.amount),
  };
}
