import { type Cluster, hasVeth, type Labels, type MetricFamily, type Node, nodeNameOf } from '../model.ts';
import { lookups, USUAL_DNS } from '../model/dns.ts';
import { family, growing, type Sample, summed } from '../series/family.ts';
import { connectionsOn } from './by-node.ts';
import { sightingOf } from './sighting.ts';

/** Hubble's names of codes. Upstream: Cilium, pkg/hubble/metrics/dns/rcode.go. */
const CODES = { NOERROR: 'No Error', NXDOMAIN: 'Non-Existent Domain', SERVFAIL: 'Server Failure' } as const;

/**
 * `hubble_dns_queries_total` and `hubble_dns_responses_total{rcode,qtypes,ips_returned,source_*,destination_*}` of an agent. Retina sees each
 * message where it enters the network of a node: on that of the client and again on that of the server. Cilium sees it in the proxy of the
 * client's node only. At the client a query is for the Service.
 */
export function hubbleDnsFamilies(agent: 'retina' | 'cilium', cluster: Cluster, node: Node): MetricFamily[] {
  const queries: Sample[] = [];
  const answers: Sample[] = [];
  for (const { connection } of connectionsOn(cluster, node)) {
    if (connection.protocol !== 'UDP' || !hasVeth(connection.client)) continue;
    const isClients = nodeNameOf(connection.client) === node.name;
    if (!isClients && agent === 'cilium') continue;
    const [client, server] = [sightingOf(connection.client), sightingOf(connection.server)];
    const called = isClients && connection.via !== undefined ? { namespace: '', pod: '' } : server;
    const one = lookups(cluster.dns ?? USUAL_DNS, connection);
    queries.push(growing({ ...ends(client, called), rcode: '', qtypes: 'A', ips_returned: '0' }, one.queries));
    for (const [code, rcode] of Object.entries(CODES)) {
      const ips_returned = code === 'NOERROR' ? '1' : '0';
      const rate = one.answers[code as keyof typeof CODES];
      answers.push(growing({ ...ends(server, client), rcode, qtypes: 'A', ips_returned }, rate));
    }
  }
  return [
    family('hubble_dns_queries_total', 'counter', 'Number of DNS queries observed', summed(queries)),
    family('hubble_dns_responses_total', 'counter', 'Number of DNS queries observed', summed(answers)),
  ];
}

type End = { readonly namespace: string; readonly pod: string };

const ends = (source: End, destination: End): Labels => ({
  source_pod: source.pod,
  source_namespace: source.namespace,
  destination_pod: destination.pod,
  destination_namespace: destination.namespace,
});
