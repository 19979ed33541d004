import { matches, selector } from '../../promql/index.ts';
import type { EthtoolExporter } from '../../allowances/index.ts';

/**
 * Showmax prometheus-ethtool-exporter: one metric, the statistic's own name in the label `type`. Its TYPE is
 * gauge although the statistics are cumulative, so rate() is right.
 * Upstream: Showmax/prometheus-ethtool-exporter, ethtool-exporter.py.
 */
export const showmax: EthtoolExporter = {
  id: 'showmax',
  exceeded: (allowance, device) =>
    selector('node_net_ethtool', { device: matches(device), type: `${allowance}_allowance_exceeded` }),
  conntrackAvailable: (device) =>
    selector('node_net_ethtool', { device: matches(device), type: 'conntrack_allowance_available' }),
};
