import { port, namespace, section } from '../../schema/settings.ts';
import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { CLUSTER, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** The agent of CloudWatch Network Flow Monitor as exporter of ENA counters. */
export const NETWORK_FLOW_MONITOR = section(
  'The agent of CloudWatch Network Flow Monitor as exporter of ENA counters (ethtool.exporter: network-flow-monitor).',
  {
    namespace: namespace('amazon-network-flow-monitor', 'the agents'),
    port: port(9109, 'the metrics of the agents, on the host network'),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { networkFlowMonitor: NETWORK_FLOW_MONITOR };
export const READS = { ethtool: ETHTOOL_COUNTERS, cluster: CLUSTER, scrape: SCRAPE };
export type NetworkFlowMonitorConfig = Slice<typeof SETTINGS & typeof READS>;
