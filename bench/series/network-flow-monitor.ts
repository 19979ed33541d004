import { ALLOWANCE_KINDS, type MetricFamily, type Node } from '../model.ts';
import { constant, family } from './family.ts';

/** The ID of an interface, as EC2 writes them: made of the node's address and the place of the interface. */
const interfaceId = ({ internalIp }: Node, index: number): string => {
  const bytes = [...internalIp.split('.').map(Number), index];
  return `eni-0${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};

/**
 * What the agent of Network Flow Monitor on a node exposes: a gauge for each allowance with the packets since the scrape before, and no
 * connections that are left.
 * Upstream: aws/network-flow-monitor-agent, open_metrics/providers/system_metrics_provider.rs.
 * @param seconds between two scrapes, of which nobody makes another.
 */
export function networkFlowMonitorFamilies(node: Node, seconds: number): MetricFamily[] {
  return ALLOWANCE_KINDS.map((kind) =>
    family(
      `${kind}_allowance_exceeded`,
      'gauge',
      'The number of packets over this allowance.',
      node.interfaces.map(({ exceeded }, index) =>
        constant(
          { instance_id: node.name, eni: interfaceId(node, index), node: node.name },
          Math.round(exceeded[kind] * seconds),
        ),
      ),
    ),
  );
}
