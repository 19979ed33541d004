import { listed } from '../schema/problems.ts';
import type { FlowAgent } from '../shared/agents.ts';
import { labelReplace, type Matchers, oneOf, type Query } from '../promql/index.ts';

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
  /** The other labels that it gives to its series: no cluster label can have their names. */
  readonly labels: readonly string[];
  /** Set where it names interfaces by their IDs (`eni-...`), not as the node does. */
  readonly usesInterfaceIds?: true;
  /** Its pods, where they observe traffic too. */
  readonly agents?: readonly FlowAgent[];
  /** Packets over one allowance, one series per interface. */
  exceeded(allowance: Allowance, interfaces: Interfaces): Query;
  /** The gauge of connections that can still be tracked (Nitro, ENA driver >= 2.8.1), one series per interface; absent if it has none. */
  conntrackAvailable?(interfaces: Interfaces): Query;
  /** The series of all allowances. */
  anyExceeded(interfaces: Interfaces): Query;
}

/** The condition on a job that it is ours for one of these exporters. */
export function ourJob(exporters: readonly EthtoolExporter[]): Matchers[string] {
  const jobs = exporters.map(({ job }) => job);
  const [first = '', ...more] = jobs;
  return more.length === 0 ? first : oneOf(jobs);
}

/** A series of an exporter with the interface in the label `device`, whatever the exporter's own label is. */
export const byDevice = ({ interfaceLabel }: EthtoolExporter, query: Query): Query =>
  interfaceLabel === 'device' ? query : labelReplace(query, 'device', '$1', interfaceLabel, '(.*)');

/** The gauge of connections that can still be tracked, of an exporter that has it. */
export interface Gauge {
  readonly exporter: EthtoolExporter;
  readonly series: Query;
}

/** The gauges of those exporters that have one. */
export const gaugesOf = (exporters: readonly EthtoolExporter[], interfaces: Interfaces): readonly Gauge[] =>
  exporters.flatMap((exporter) => {
    const series = exporter.conntrackAvailable?.(interfaces);
    return series === undefined ? [] : [{ exporter, series }];
  });

/** The exporters without that gauge. */
export const withoutGauge = (exporters: readonly EthtoolExporter[]): readonly EthtoolExporter[] =>
  exporters.filter((exporter) => exporter.conntrackAvailable === undefined);

/** The nodes without that gauge where others have it, ready to end a description; empty if there are none. */
export const exceptNodes = (exporters: readonly EthtoolExporter[]): string => {
  const ids = withoutGauge(exporters).map(({ id }) => id);
  return ids.length === 0 ? '' : ` Not of nodes that only ${listed(ids, 'or')} reports.`;
};

/** Why there is no headroom of connection tracking; undefined if an exporter has it, or there is no exporter. */
export function noHeadroom(exporters: readonly EthtoolExporter[]): string | undefined {
  const without = withoutGauge(exporters);
  if (without.length === 0 || without.length < exporters.length) return undefined;
  const ids = without.map(({ id }) => id).join(', ');
  return `ethtool.exporter is ${ids}, which ${without.length === 1 ? 'does' : 'do'} not export ${AVAILABLE}`;
}
