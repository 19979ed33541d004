import { hubbleFamilies, hubbleObserved } from './hubble.ts';
import type { NodeSource } from './source.ts';

/** Retina with the Hubble control plane: flow events, each of which may stand for many
 * packets where offloads merge them; the simulator has no offloads. The selection `compatibility` reads what `client-side` does, or twice that. */
export const retinaHubble: NodeSource = {
  placement: 'node',
  job: 'hubble',
  port: 9965,
  exporter: 'retina-agent',
  units: ['network_flows'],
  blindSpots: [
    'IPv6.',
    'Connections to processes of nodes and host-network pods: they have no veth (inferred).',
    'Connections straight to a pod of the same node if the API server does not know both pods.',
    'With high aggregation most packets: events are reported for each connection, not for each packet.',
  ],
  families: (cluster, node, options = {}) => hubbleFamilies('retina', cluster, node, options),
  observed: (cluster, options = {}) => ({ network_flows: hubbleObserved('retina', cluster, options) }),
};
