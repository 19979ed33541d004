import { matches, selector, type Query } from '../../promql/index.ts';
import type { EthtoolExporter } from '../../allowances/index.ts';

/**
 * What the collector makes of the names of the statistics that are read: the same, behind a prefix. It renames the words rx and
 * tx only, and none of these names holds one.
 */
const statistic = (name: string, device: string): Query =>
  selector(`node_ethtool_${name}`, { device: matches(device) });

/**
 * node_exporter with its ethtool collector, which is off by default: a metric for each statistic, one series per interface, of
 * no type. The statistics are cumulative all the same, but for the gauge of connections.
 * Upstream: prometheus/node_exporter, collector/ethtool_linux.go, buildEthtoolFQName.
 */
export const nodeExporterEthtool: EthtoolExporter = {
  id: 'node-exporter',
  exceeded: (allowance, device) => statistic(`${allowance}_allowance_exceeded`, device),
  conntrackAvailable: (device) => statistic('conntrack_allowance_available', device),
};
