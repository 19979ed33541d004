import type { DnsConfig } from './settings.ts';

/**
 * Names of the records. `dns_server` is one pod of CoreDNS or the cache of one node, `dns` all servers of one kind (the job), `dns_client` a
 * workload that asks.
 */
export const dnsNames = ({ rules }: Pick<DnsConfig, 'rules'>) => ({
  place: 'dns_server:place:info',
  servers: 'dns:servers:count',
  requests: `dns_server:requests:rate${rules.window}`,
  responses: `dns_server:responses:rate${rules.window}`,
  latency: `dns:request_duration_seconds:quantile_rate${rules.window}`,
  cacheHits: `dns_server:cache_hits:rate${rules.window}`,
  cacheRequests: `dns_server:cache_requests:rate${rules.window}`,
  panics: `dns_server:panics:rate${rules.window}`,
  forwarded: `dns_server:forwarded:rate${rules.window}`,
  linkLocal: `cluster_node:dns_linklocal_queries:rate${rules.window}`,
  upstreamResponses: `dns_upstream:responses:rate${rules.window}`,
  upstreamLatency: `dns_upstream:request_duration_seconds:quantile_rate${rules.window}`,
  healthFailures: `dns_server:upstream_healthcheck_failures:rate${rules.window}`,
  healthBroken: `dns_server:upstreams_all_unhealthy:rate${rules.window}`,
  queries: `dns_client:queries:rate${rules.window}`,
  answers: `dns_client:answers:rate${rules.window}`,
});

/** Packets per second that a network interface may send to Amazon's resolver, instance metadata and time service together. */
export const LINK_LOCAL_LIMIT = 1024;

/** Whether zones of nodes are recorded: with the traffic, and with the resources of workloads. */
export const knowsZones = ({ inputs, workloads }: Pick<DnsConfig, 'inputs' | 'workloads'>): boolean =>
  inputs.length > 0 || workloads.resources;

/** Labels that the rules and the dashboard use and the cluster label must not have. */
export const DNS_LABELS: readonly string[] = [
  ['job', 'instance', 'node', 'zone', 'rcode', 'quantile', 'le', 'to', 'proxy_name', 'errortype', 'device', 'host'],
  ['namespace', 'pod', 'workload_type', 'workload', 'return_code', 'source_*', 'destination_*'],
].flat();
