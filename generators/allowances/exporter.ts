import type { Query } from '../promql/index.ts';

/** The ENA allowance counters: packets queued or dropped because the instance exceeded its limits. */
export const ALLOWANCES = ['bw_in', 'bw_out', 'conntrack', 'linklocal', 'pps'] as const;
export type Allowance = (typeof ALLOWANCES)[number];

/** The counters of `ethtool -S` that the rules read, as the driver names them. */
export const COUNTERS: readonly string[] = ALLOWANCES.map((allowance) => `${allowance}_allowance_exceeded`);
/** The gauge of `ethtool -S` that the rules read. */
export const AVAILABLE = 'conntrack_allowance_available';
/** All that the rules read: the counters and a gauge. */
export const STATISTICS: readonly string[] = [...COUNTERS, AVAILABLE];

/** Which interfaces count. An exporter whose interfaces have other names does not read `device`. */
export interface Interfaces {
  /** Regular expression of their names on the node. */
  readonly device: string;
}

/** An adapter for one exporter of `ethtool -S` statistics. */
export interface EthtoolExporter {
  readonly id: string;
  /** The job of its series where our own scrape job, monitor or collector scrapes it. */
  readonly job: string;
  /**
   * What a sample of `exceeded` is: all packets since the driver started (`counter`), or those since anyone scraped the exporter last
   * (`delta`). Several scrapers of a `delta` have a part of the packets each.
   */
  readonly counts: 'counter' | 'delta';
  /** The label that names the interface. */
  readonly interfaceLabel: string;
  /** Packets over one allowance, one series per interface. */
  exceeded(allowance: Allowance, interfaces: Interfaces): Query;
  /** The gauge of connections that can still be tracked (Nitro, ENA driver >= 2.8.1), one series per interface; absent if it has none. */
  conntrackAvailable?(interfaces: Interfaces): Query;
  /** The series of all allowances. */
  anyExceeded(interfaces: Interfaces): Query;
}

/** Why an exporter has no headroom of connection tracking; undefined if it has. */
export const noHeadroom = (exporter: EthtoolExporter): string | undefined =>
  exporter.conntrackAvailable === undefined
    ? `ethtool.exporter is ${exporter.id}, which does not export ${AVAILABLE}`
    : undefined;
