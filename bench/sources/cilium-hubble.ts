import { hubbleFamilies, hubbleObserved } from './hubble.ts';
import type { NodeSource } from './source.ts';

/**
 * Cilium's Hubble: flow events. Directions are those of its library; which events there are was read in the datapath's code: replies within a node
 * are seen at their client's veth only, unless endpoint routes send them by way of the stack.
 */
export const ciliumHubble: NodeSource = {
  placement: 'node',
  job: 'cilium-hubble',
  port: 9965,
  exporter: 'cilium',
  units: ['network_flows'],
  blindSpots: [
    'Requests to the outside with eBPF host routing, and replies to the outside, to nodes and to unknown pods.',
    'Connections to processes of nodes and host-network pods: they have no veth (inferred).',
    'With high aggregation most packets: events are reported for each connection, not for each packet.',
  ],
  families: (cluster, node, options = {}) => hubbleFamilies('cilium', cluster, node, options),
  observed: (cluster, options = {}) => ({ network_flows: hubbleObserved('cilium', cluster, options) }),
};
