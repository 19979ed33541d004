import { ALLOWANCE_KINDS, type MetricFamily, type NetworkInterface, type Node } from '../model.ts';
import { constant, family, growing, type Sample } from './family.ts';

const RECEIVED_PER_SECOND = 12_000;
const SENT_PER_SECOND = 9_000;

/**
 * What Showmax's ethtool exporter on a node exposes: `node_net_ethtool{device,type}`, whose `type` is the ENA driver's
 * name of the statistic. The exporter calls all of them gauges, yet the `*_allowance_exceeded` and packet counts are
 * cumulative, in packets; only `conntrack_allowance_available` is a gauge, in connections.
 */
export function ethtoolFamilies(node: Node): MetricFamily[] {
  return [family('node_net_ethtool', 'gauge', 'Ethtool data', node.interfaces.flatMap(interfaceSamples))];
}

function interfaceSamples({ device, exceeded, conntrackAvailable }: NetworkInterface): Sample[] {
  return [
    ...ALLOWANCE_KINDS.map((kind) => growing({ device, type: `${kind}_allowance_exceeded` }, exceeded[kind])),
    constant({ device, type: 'conntrack_allowance_available' }, conntrackAvailable),
    growing({ device, type: 'rx_packets' }, RECEIVED_PER_SECOND),
    growing({ device, type: 'tx_packets' }, SENT_PER_SECOND),
    constant({ device, type: 'rx_drops' }, 0),
  ];
}
