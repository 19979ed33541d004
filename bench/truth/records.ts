import { ALLOWANCE_KINDS, type AllowanceKind, type Cluster } from '../model.ts';
import { SIMULATORS, type SourceId } from '../sources/index.ts';
import { totalsByUnit } from './totals.ts';

/** A recorded series without its name. */
export interface RecordedSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * The values that the recording rules of a source must have, by record name: zone pairs, sums by locality, shares by reason, and no
 * lost traffic. Computed from the connections of the cluster, not from the series that exporters expose.
 */
export function recordTruths(id: SourceId, cluster: Cluster): Readonly<Record<string, readonly RecordedSeries[]>> {
  const { name } = cluster;
  const by = (label: string, values: Readonly<Record<string, number>>, whole = 1): RecordedSeries[] =>
    Object.entries(values).map(([key, value]) => ({ labels: { cluster: name, [label]: key }, value: value / whole }));
  return Object.fromEntries(
    Object.entries(totalsByUnit(SIMULATORS[id].observed(cluster))).flatMap(
      ([unit, { total, zonePairs, byLocality, unattributed }]): [string, readonly RecordedSeries[]][] => [
        [
          `zone_pair:${unit}:rate5m`,
          zonePairs.map(({ sourceZone, destinationZone, locality, rate }) => ({
            labels: { cluster: name, source_zone: sourceZone, destination_zone: destinationZone, locality },
            value: rate,
          })),
        ],
        [`cluster:${unit}:rate5m`, by('locality', byLocality)],
        [`cluster:${unit}_unattributed:ratio_rate5m`, by('reason', unattributed, total)],
        [`cluster:${unit}_lost:rate5m`, [{ labels: { cluster: name }, value: 0 }]],
      ],
    ),
  );
}

/** The alert of each allowance, with its severity by default. */
const ALLOWANCE_ALERTS: Readonly<Record<AllowanceKind, readonly [name: string, severity: string]>> = {
  pps: ['PPSAllowanceExceeded', 'warning'],
  bw_in: ['BWINAllowanceExceeded', 'warning'],
  bw_out: ['BWOutAllowanceExceeded', 'warning'],
  conntrack: ['ConntrackAllowanceExceeded', 'critical'],
  linklocal: ['LinkLocalAllowanceExceeded', 'warning'],
};

/** The alerts on allowances that fire where every threshold is 0: one for each interface over a limit. */
export const alertTruths = ({ name, nodes }: Cluster): readonly RecordedSeries[] =>
  nodes.flatMap(({ name: node, interfaces }) =>
    interfaces.flatMap(({ device, exceeded }) =>
      ALLOWANCE_KINDS.filter((kind) => exceeded[kind] > 0).map((kind) => {
        const [alertname, severity] = ALLOWANCE_ALERTS[kind];
        const place = { cluster: name, instance: node, node, device };
        return { labels: { alertname, alertstate: 'firing', severity, ...place }, value: 1 };
      }),
    ),
  );
