import { ALLOWANCE_KINDS, type AllowanceKind, type Cluster } from './model.ts';
import { retinaHubble } from './sources/retina-hubble.ts';
import type { SourceOptions } from './sources/source.ts';
import { type Totals, totalsOf } from './truth/totals.ts';

export type { Party, Reason } from './truth/party.ts';
export { alertTruths, type RecordedSeries, recordTruths } from './truth/records.ts';
export {
  type PartyPair,
  type PodParty,
  type Totals,
  totalsByUnit,
  totalsOf,
  type UnattributedReason,
  type WorkloadParty,
  type ZonePair,
} from './truth/totals.ts';
export { type Locality, localityOf, type Observed, type Traffic, type Unit } from './truth/traffic.ts';

/** Packets per second above an allowance of a network interface. */
export interface AllowanceRate {
  readonly node: string;
  readonly device: string;
  readonly kind: AllowanceKind;
  readonly rate: number;
}

/** What measurements of a cluster must come to. All rates are flow events per second, each packet counted once. */
export interface Truth extends Totals {
  /** Exceeded allowances only, in packets per second. */
  readonly allowances: readonly AllowanceRate[];
}

/**
 * The ground truth of a cluster as Retina's Hubble sees it, with every packet reported unless `options` say otherwise.
 * It is computed from the connections and not from the series that exporters expose. Other sources: `SIMULATORS`.
 */
export function truth(cluster: Cluster, options: SourceOptions = {}): Truth {
  const observed = retinaHubble.observed(cluster, options);
  return { ...totalsOf(observed.network_flows ?? []), allowances: exceededAllowances(cluster) };
}

function exceededAllowances({ nodes }: Cluster): AllowanceRate[] {
  return nodes.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ device, exceeded }) =>
      ALLOWANCE_KINDS.map((kind) => ({ node: name, device, kind, rate: exceeded[kind] })).filter(
        ({ rate }) => rate > 0,
      ),
    ),
  );
}
