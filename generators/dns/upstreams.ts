import type { RecordingRule } from '../model/rules.ts';
import { aggregate, either, labels, matches, not, promql, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { dnsNames } from './names.ts';
import { jobLabels, ofServers, quantilesOf, rateOf, serverLabels, windowOf } from './servers.ts';
import type { DnsConfig } from './settings.ts';

/** The plugin forward; other plugins use the same proxy. Upstream: CoreDNS 1.11 and newer, plugin/pkg/proxy/metrics.go. */
const FORWARD = { proxy_name: 'forward' };
const DURATION = 'coredns_proxy_request_duration_seconds';

/**
 * Requests to upstream servers, by labels: the count of a histogram, native or classic. VictoriaMetrics stores native histograms as others and
 * does not know histogram_count.
 */
const requests = (config: DnsConfig, by: readonly string[]) => {
  const classic = rateOf(config, by, `${DURATION}_count`, FORWARD);
  if (config.rules.ruler === 'vmalert') return classic;
  const native = promql`rate(${selector(DURATION, { ...ofServers(config), ...FORWARD })}[${windowOf(config)}])`;
  return either(aggregate('sum', by, promql`histogram_count(${native})`), classic);
};

/** Records what the DNS servers ask upstream servers, and how well those answer. */
export function upstreamRules(config: DnsConfig): readonly RecordingRule[] {
  const names = dnsNames(config);
  const own = serverLabels(config);
  const upstream = [...jobLabels(config), 'to'];
  const node = [...clusterLabels(config), 'node'];
  return [
    {
      record: names.forwarded,
      expr: requests(config, [...own, 'to']),
      labels: [...own, 'to'],
      unit: 'queries/s',
      cardinality: 'one for each DNS server and upstream server',
      comment:
        'Queries that each server passes on to an upstream server. Names of the cluster, and what the cache has, are not among them.',
    },
    {
      record: names.linkLocal,
      expr: aggregate('sum', node, selector(names.forwarded, { node: not(''), to: matches(config.dns.resolvers) })),
      labels: node,
      unit: 'queries/s',
      cardinality: 'one for each node with a DNS server',
      comment:
        'Queries from the DNS servers of a node to the resolvers in dns.resolvers. A network interface may send them 1,024 packets/s, with requests ' +
        'to instance metadata and the time service; the pods of a node may share one interface.',
    },
    {
      record: names.upstreamResponses,
      expr: requests(config, [...upstream, 'rcode']),
      labels: [...upstream, 'rcode'],
      unit: 'answers/s',
      cardinality: 'one for each upstream server and code of answers',
      comment: 'Answers of each upstream server by code.',
    },
    {
      record: names.upstreamLatency,
      expr: quantilesOf(config, upstream, DURATION, FORWARD),
      labels: [...upstream, 'quantile'],
      unit: 'seconds',
      cardinality: 'three for each upstream server',
      comment: 'How long answers of each upstream server take, from native or classic histograms.',
    },
    {
      record: names.healthFailures,
      expr: rateOf(config, [...own, 'to'], 'coredns_proxy_healthcheck_failures_total', FORWARD),
      labels: [...own, 'to'],
      unit: 'checks/s',
      cardinality: 'one for each DNS server and upstream server that failed',
      comment:
        'Failed health checks of upstream servers. A server checks one twice a second from the first failed query until it answers.',
    },
    {
      record: names.healthBroken,
      expr: promql`
        sum by (${labels(...own)}) (
          rate(${selector('coredns_forward_healthcheck_broken_total', ofServers(config))}[${windowOf(config)}])
        )`,
      labels: own,
      unit: 'queries/s',
      cardinality: 'one for each DNS server',
      comment: 'Queries while all upstream servers were unhealthy: they went to one at random.',
    },
  ];
}
