import type { MetricFamily, Node } from '../model.ts';
import { ethtoolFamilies } from './ethtool.ts';

/** Statistics that the collector names by itself. */
const NAMED: Readonly<Record<string, string>> = {
  rx_packets: 'received_packets_total',
  tx_packets: 'transmitted_packets_total',
};

/** Of the driver's names, the words rx and tx are changed, and nothing else. */
const renamed = (statistic: string): string =>
  NAMED[statistic] ??
  statistic.replaceAll(/(^|_)rx(_|$)/g, '$1received$2').replaceAll(/(^|_)tx(_|$)/g, '$1transmitted$2');

/**
 * What node_exporter's ethtool collector on a node exposes without a filter of metrics: the same statistics as Showmax's exporter,
 * each a metric of its own without a type, `node_ethtool_<statistic>{device}`.
 * Upstream: prometheus/node_exporter, collector/ethtool_linux.go.
 */
export function ethtoolNodeExporterFamilies(node: Node): MetricFamily[] {
  const all = ethtoolFamilies(node).flatMap(({ series }) => series);
  const statistics = [...new Set(all.map(({ labels }) => labels['type'] ?? ''))];
  return statistics.map((statistic) => {
    const name = `node_ethtool_${renamed(statistic)}`;
    return {
      name,
      type: 'untyped',
      help: `Network interface ${statistic}`,
      series: all
        .filter(({ labels }) => labels['type'] === statistic)
        .map(({ labels: { type: _type, ...labels }, ...sample }) => ({ ...sample, metric: name, labels })),
    };
  });
}
