import type { Labels } from './allowances-input.ts';
import { BOUNDS, type Counted, type CountedBy, MINUTES, perMinute, SERVERS, ZONES } from './dns-world.ts';
import { grouped, type Held, type Truth } from './held.ts';

const WINDOW = 5;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What came by second between the first and the last scrape of the window. */
export const perSecond = (all: readonly Counted[]): number =>
  sum(all.map((one) => sum(perMinute(one).slice(MINUTES - WINDOW + 1)))) / (60 * (WINDOW - 1));

/** Some of these labels; those that are empty or missing are left out. */
export const only = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = labels[name] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );

const SERVER = ['cluster', 'job', 'instance', 'node'];
const KIND = ['cluster', 'job'];

const isCoreDns = ({ job }: Labels): boolean => job === 'coredns';
const isForwarded = ({ proxy_name = 'forward' }: Labels): boolean => proxy_name === 'forward';

/** Linear within the bucket of a quantile, as Prometheus takes it; the bound before where that has no end. */
function quantileOf(quantile: number, buckets: readonly number[]): number {
  const rank = quantile * sum(buckets);
  let below = 0;
  let lower = 0;
  for (const [index, count] of buckets.entries()) {
    const upper = Number(BOUNDS[index]?.replace('+Inf', 'Infinity'));
    if (below + count >= rank)
      return Number.isFinite(upper) ? lower + (upper - lower) * ((rank - below) / count) : lower;
    below += count;
    lower = upper;
  }
  return lower;
}

/** Every series of every record on DNS servers and those that they ask. */
export function truthOf({ counters, observed }: CountedBy): Truth {
  const rates = (
    rows: readonly { readonly labels: Labels; readonly of: readonly Counted[] }[],
    by: readonly string[],
  ): readonly Held[] =>
    grouped(
      rows.filter(({ labels }) => isCoreDns(labels) && isForwarded(labels)),
      ({ labels }) => only(labels, by),
    ).map(([labels, same]): Held => [labels, perSecond(same.flatMap(({ of }) => of))]);
  const counted = (metric: string, ...more: readonly string[]) =>
    rates(
      counters.filter((counter) => counter.metric === metric),
      [...SERVER, ...more],
    );
  const quantiles = (metric: keyof CountedBy['observed'], ...more: readonly string[]): readonly Held[] =>
    grouped(
      observed[metric].filter(({ labels }) => isCoreDns(labels) && isForwarded(labels)),
      ({ labels }) => only(labels, [...KIND, ...more]),
    ).flatMap(([labels, same]) => {
      const buckets = BOUNDS.map((_, index) => perSecond(same.flatMap((one) => one.buckets.slice(index, index + 1))));
      return ['0.5', '0.9', '0.99'].map((quantile): Held => [
        { ...labels, quantile },
        quantileOf(Number(quantile), buckets),
      ]);
    });
  const passedOn = observed.coredns_proxy_request_duration_seconds.map(({ labels, buckets }) => ({
    labels,
    of: buckets,
  }));
  const forwarded = rates(passedOn, [...SERVER, 'to']);
  const isResolver = (to = ''): boolean => to.endsWith('.2:53') || to.includes('169.254.169.253') || to.includes('ec2');

  const up = SERVERS.filter(({ labels, isUp }) => isUp && isCoreDns(labels));
  const place = up.map(({ labels }): Held => {
    const { cluster, node } = labels;
    const zone = ZONES.find((one) => one['cluster'] === cluster && one['node'] === node)?.['zone'] ?? '';
    return [only({ ...labels, zone }, [...SERVER, 'zone']), 1];
  });
  return {
    'dns_server:place:info': place,
    'dns:servers:count': grouped(place, ([labels]) => only(labels, KIND)).map(([labels, all]): Held => [
      labels,
      all.length,
    ]),
    'dns_server:requests:rate5m': counted('coredns_dns_requests_total'),
    'dns_server:responses:rate5m': counted('coredns_dns_responses_total', 'rcode'),
    'dns:request_duration_seconds:quantile_rate5m': quantiles('coredns_dns_request_duration_seconds'),
    'dns_server:cache_hits:rate5m': counted('coredns_cache_hits_total'),
    'dns_server:cache_requests:rate5m': counted('coredns_cache_requests_total'),
    'dns_server:panics:rate5m': counted('coredns_panics_total'),
    'dns_server:forwarded:rate5m': forwarded,
    'cluster_node:dns_linklocal_queries:rate5m': grouped(
      forwarded.filter(([{ node = '', to }]) => node !== '' && isResolver(to)),
      ([labels]) => only(labels, ['cluster', 'node']),
    ).map(([labels, all]): Held => [labels, sum(all.map(([, rate]) => rate))]),
    'dns_upstream:responses:rate5m': rates(passedOn, [...KIND, 'to', 'rcode']),
    'dns_upstream:request_duration_seconds:quantile_rate5m': quantiles('coredns_proxy_request_duration_seconds', 'to'),
    'dns_server:upstream_healthcheck_failures:rate5m': counted('coredns_proxy_healthcheck_failures_total', 'to'),
    'dns_server:upstreams_all_unhealthy:rate5m': counted('coredns_forward_healthcheck_broken_total'),
  };
}
