import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  firstOf,
  type Fragment,
  join,
  labels,
  type Matchers,
  oneOf,
  promql,
  type Query,
  recorded,
  selector,
  UniqueVector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { NODE_ZONE } from '../identity/index.ts';
import { dnsNames, knowsZones } from './names.ts';
import { COREDNS_JOB, type DnsConfig, NODE_LOCAL_JOB } from './settings.ts';

/** Labels of one server: a pod of CoreDNS, or the cache of a node. */
export const serverLabels = (config: DnsConfig): readonly string[] => [
  ...clusterLabels(config),
  'job',
  'instance',
  'node',
];

/** Labels of all servers of one kind. */
export const jobLabels = (config: DnsConfig): readonly string[] => [...clusterLabels(config), 'job'];

/** Selects the series of the DNS servers. */
export const ofServers = ({ nodeLocalDns }: DnsConfig): Matchers => ({
  job: nodeLocalDns.scrape ? oneOf([COREDNS_JOB, NODE_LOCAL_JOB]) : COREDNS_JOB,
});

export const windowOf = ({ rules }: DnsConfig): Fragment => duration(rules.window);

/** The rate of a counter of the servers, by labels. */
export const rateOf = (config: DnsConfig, by: readonly string[], metric: string, where: Matchers = {}): Query =>
  aggregate('sum', by, promql`rate(${selector(metric, { ...ofServers(config), ...where })}[${windowOf(config)}])`);

/** The quantiles that are recorded. */
export const QUANTILES = ['0.5', '0.9', '0.99'] as const;

/**
 * Quantiles of a histogram of the servers, by labels and `quantile`. CoreDNS exposes native histograms since 1.11.3, and Prometheus stores
 * those where it is told to, without buckets; else it has the classic ones. Upstream: CoreDNS, plugin/metrics/vars and plugin/pkg/proxy.
 */
export const quantilesOf = (config: DnsConfig, by: readonly string[], metric: string, where: Matchers = {}): Query =>
  either(
    ...QUANTILES.flatMap((quantile) =>
      [rateOf(config, by, metric, where), rateOf(config, [...by, 'le'], `${metric}_bucket`, where)].map((histogram) =>
        withLabel(promql`histogram_quantile(${Number(quantile)}, ${histogram})`, 'quantile', quantile),
      ),
    ),
  );

/** The place of each server that answers scrapes: its node, and its zone where zones are recorded. */
function placeRule(config: DnsConfig): RecordingRule {
  const key = serverLabels(config);
  const up = promql`${selector('up', ofServers(config))} == 1`;
  const servers = new UniqueVector(aggregate('group', key, up), key);
  const zones = recorded(NODE_ZONE, [...clusterLabels(config), 'node']);
  const placed = new UniqueVector(join(servers.query, zones, ['zone']), key);
  return {
    record: dnsNames(config).place,
    expr: knowsZones(config) ? firstOf(placed, servers).query : servers.query,
    labels: [...key, ...(knowsZones(config) ? ['zone'] : [])],
    unit: '1',
    cardinality: 'one for each DNS server',
    comment:
      'Each DNS server that answers scrapes, with its node. Two on one node share what its network interfaces may send.',
  };
}

/** Records what the DNS servers answer, and how fast. */
export function serverRules(config: DnsConfig): readonly RecordingRule[] {
  const names = dnsNames(config);
  const own = serverLabels(config);
  const all = jobLabels(config);
  const each = { unit: '1/s', cardinality: 'one for each DNS server' };
  return [
    placeRule(config),
    {
      record: names.servers,
      expr: promql`
        count by (${labels(...all)}) (
          ${selector(names.place)}
        )`,
      labels: all,
      unit: 'servers',
      cardinality: 'one for each kind of DNS server',
      comment: 'DNS servers that answer scrapes. No series where none does: CoreDNSDown looks for that.',
    },
    {
      ...each,
      record: names.requests,
      expr: rateOf(config, own, 'coredns_dns_requests_total'),
      labels: own,
      unit: 'queries/s',
      comment:
        'Queries that each server receives. One that receives far more than the others serves clients that keep their sockets.',
    },
    {
      ...each,
      record: names.responses,
      expr: rateOf(config, [...own, 'rcode'], 'coredns_dns_responses_total'),
      labels: [...own, 'rcode'],
      unit: 'answers/s',
      cardinality: 'one for each DNS server and code of answers',
      comment:
        'Answers by code. NXDOMAIN is mostly the search path: with ndots 5, an outside name is asked for with each search domain first.',
    },
    {
      ...each,
      record: names.latency,
      expr: quantilesOf(config, all, 'coredns_dns_request_duration_seconds'),
      labels: [...all, 'quantile'],
      unit: 'seconds',
      cardinality: 'three for each kind of DNS server',
      comment:
        'How long answers take, from native or classic histograms. Over all servers of a kind, as a quantile cannot be averaged.',
    },
    {
      ...each,
      record: names.cacheHits,
      expr: rateOf(config, own, 'coredns_cache_hits_total'),
      labels: own,
      comment: 'Queries that the cache answers.',
    },
    {
      ...each,
      record: names.cacheRequests,
      expr: rateOf(config, own, 'coredns_cache_requests_total'),
      labels: own,
      comment: 'Queries that reach the cache.',
    },
    {
      ...each,
      record: names.panics,
      expr: rateOf(config, own, 'coredns_panics_total'),
      labels: own,
      comment: 'Panics that a server survived: each lost one query.',
    },
  ];
}
