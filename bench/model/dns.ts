import type { Cluster } from '../model.ts';
import type { Connection } from './connection.ts';
import type { Pod } from './pod.ts';

/** A server that CoreDNS passes queries on to. */
export interface Upstream {
  /** Address and port, such as `169.254.169.253:53`. */
  readonly to: string;
  /** Its part of what is passed on, 0 to 1. */
  readonly share: number;
  /** Mean seconds until it answers. */
  readonly seconds: number;
  /** Whether it does not answer: queries for it fail. */
  readonly failing?: boolean;
}

/** How DNS works in a cluster; a connection of UDP is DNS, one query for each request. */
export interface Dns {
  readonly upstreams: readonly Upstream[];
  /** The share of the queries of a client for which there is no name. */
  readonly nxdomain: (client: Pod | undefined) => number;
  /** The share of the queries of a client that the cache or the cluster's own names answer. */
  readonly cached: (client: Pod | undefined) => number;
}

/** One resolver, search paths that complete names, and a cache that has most of them. */
export const USUAL_DNS: Dns = {
  upstreams: [{ to: '169.254.169.253:53', share: 1, seconds: 0.008 }],
  nxdomain: () => 0.6,
  cached: () => 0.75,
};

/** What becomes of the queries of a connection, each per second. */
export interface Lookups {
  readonly client: Pod | undefined;
  readonly queries: number;
  readonly cached: number;
  /** Answers by code. */
  readonly answers: Readonly<Record<'NOERROR' | 'NXDOMAIN' | 'SERVFAIL', number>>;
  /** Passed on, by upstream server. */
  readonly forwarded: readonly (Upstream & { readonly queries: number })[];
}

/** The pods that answer DNS. */
export const dnsServersOf = ({ pods }: Pick<Cluster, 'pods'>): readonly Pod[] =>
  pods.filter(({ namespace, workload }) => namespace === 'kube-system' && workload.name === 'coredns');

/** The connections to a DNS server, with what becomes of their queries. */
export function lookupsOf({ dns = USUAL_DNS, connections }: Cluster, server: Pod): readonly Lookups[] {
  return connections.flatMap((connection) =>
    connection.protocol === 'UDP' && connection.server.kind === 'pod' && connection.server.pod === server
      ? [lookups(dns, connection)]
      : [],
  );
}

/** What becomes of the queries of one connection of UDP. */
export function lookups({ upstreams, nxdomain, cached }: Dns, { client: end, requests }: Connection): Lookups {
  const client = end.kind === 'pod' ? end.pod : undefined;
  const fromCache = requests * cached(client);
  const forwarded = upstreams.map((upstream) => ({ ...upstream, queries: (requests - fromCache) * upstream.share }));
  const failed = forwarded.reduce((sum, { failing = false, queries }) => sum + (failing ? queries : 0), 0);
  const nameless = (requests - failed) * nxdomain(client);
  return {
    client,
    queries: requests,
    cached: fromCache,
    answers: { NOERROR: requests - failed - nameless, NXDOMAIN: nameless, SERVFAIL: failed },
    forwarded,
  };
}
