import type { Query } from '../promql/index.ts';

/** The ENA allowance counters: packets queued or dropped because the instance exceeded its limits. */
export const ALLOWANCES = ['bw_in', 'bw_out', 'conntrack', 'linklocal', 'pps'] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** The counters of `ethtool -S` that the rules read, as the driver names them. */
export const COUNTERS: readonly string[] = ALLOWANCES.map((allowance) => `${allowance}_allowance_exceeded`);
/** All that the rules read: the counters and a gauge. */
export const STATISTICS: readonly string[] = [...COUNTERS, 'conntrack_allowance_available'];

/** An adapter for one exporter of `ethtool -S` statistics. */
export interface EthtoolExporter {
  readonly id: string;
  /** The job of its series where our own scrape job, monitor or collector scrapes it. */
  readonly job: string;
  /** The cumulative counter of packets over one allowance, one series per interface. */
  exceeded(allowance: Allowance, device: string): Query;
  /** The gauge of connections that can still be tracked (Nitro, ENA driver >= 2.8.1), one series per interface. */
  conntrackAvailable(device: string): Query;
  /** The counters of all allowances. */
  anyExceeded(device: string): Query;
}
