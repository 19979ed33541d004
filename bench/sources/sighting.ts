import { addressOf, type Connection, type Endpoint } from '../model.ts';
import type { Sighting } from '../truth/resolve.ts';

/**
 * How Retina and Cilium tell an end: by name and address, or by the address alone if it is outside of the cluster, on
 * the network of its host (they have no endpoint for those), or was not looked up.
 */
export function sightingOf(end: Endpoint): Sighting {
  const isNamed = end.kind === 'pod' && !end.pod.hostNetwork && end.unnamed !== true;
  return {
    namespace: isNamed ? end.pod.namespace : '',
    pod: isNamed ? end.pod.name : '',
    ip: addressOf(end),
  };
}

/** How a server looks from its client's veth: behind a Service it is only the Service's address. */
export function serverFromClient({ server, via }: Connection): Sighting {
  return via === undefined ? sightingOf(server) : { namespace: '', pod: '', ip: via.clusterIp };
}
