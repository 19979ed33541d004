import { hubbleFamilies, hubbleObserved } from './hubble.ts';
import type { NodeSource } from './source.ts';

/**
 * Cilium's Hubble: flow events. Inferred: endpoint routes as on EKS, so that same-node replies leave by `to-stack`, too;
 * replies in a tunnel leave by `to-overlay`; Service addresses are translated behind the client's veth, not in its socket.
 */
export const ciliumHubble: NodeSource = {
  placement: 'node',
  job: 'cilium-hubble',
  port: 9965,
  exporter: 'cilium',
  units: ['network_flows'],
  blindSpots: [
    'Connections to servers outside of the cluster: no node serves them.',
    'Connections to processes of nodes and host-network pods: they have no veth (inferred).',
    'With high aggregation most packets: events are reported for each connection, not for each packet.',
  ],
  families: (cluster, node, options = {}) => hubbleFamilies('cilium', cluster, node, options),
  observed: (cluster, options = {}) => ({ network_flows: hubbleObserved('cilium', cluster, options) }),
};
