import type { Cluster, Labels, MetricFamily, Pod } from '../model.ts';
import { type Lookups, lookupsOf } from '../model/dns.ts';
import { constant, family, growing, type Sample } from './family.ts';

/** Upper bounds of the buckets of latency, in seconds. Upstream: CoreDNS, plugin/plugin.go, TimeBuckets. */
export const BUCKETS: readonly number[] = Array.from({ length: 16 }, (_, index) => 0.00025 * 2 ** index);

/** A query that fails waits for two attempts. */
const TIMEOUT_SECONDS = 5;
/** What the cache has is answered well within this. */
const CACHED_SECONDS = 0.0004;
const CHECKS_PER_SECOND = 2;

const SERVER = { server: 'dns://:53', zone: '.', view: '' };

/** Events per second with the time that each takes: spread evenly from 0 to twice the mean. */
interface Timed {
  readonly rate: number;
  readonly seconds: number;
}

/** The share of events with this mean that take at most so long. */
export const within = (seconds: number, bound: number): number => Math.min(1, bound / (2 * seconds));

function histogram(
  name: string,
  help: string,
  all: readonly { readonly labels: Labels; readonly timed: readonly Timed[] }[],
): MetricFamily {
  const series = all.flatMap(({ labels, timed }) => {
    const total = timed.reduce((sum, { rate }) => sum + rate, 0);
    const upTo = (bound: number) => timed.reduce((sum, { rate, seconds }) => sum + rate * within(seconds, bound), 0);
    const bucket = (le: string, rate: number) => ({ metric: `${name}_bucket`, ...growing({ ...labels, le }, rate) });
    return [
      ...BUCKETS.map((bound) => bucket(String(bound), upTo(bound))),
      bucket('+Inf', total),
      { metric: `${name}_count`, ...growing(labels, total) },
      {
        metric: `${name}_sum`,
        ...growing(
          labels,
          timed.reduce((sum, { rate, seconds }) => sum + rate * seconds, 0),
        ),
      },
    ];
  });
  return { name, help, type: 'histogram', series };
}

const sum = (all: readonly Lookups[], of: (one: Lookups) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

/**
 * What a pod of CoreDNS (1.11 or newer) exposes at port 9153 about the queries that reach it, with the plugins of the usual configuration:
 * prometheus, cache, kubernetes and forward. Upstream: CoreDNS, the READMEs of these plugins.
 */
export function corednsFamilies(cluster: Cluster, pod: Pod): MetricFamily[] {
  const all = lookupsOf(cluster, pod);
  const queries = sum(all, (one) => one.queries);
  const upstreams = new Map<string, { readonly seconds: number; readonly failing: boolean; rate: number }>();
  for (const { to, seconds, failing = false, queries: rate } of all.flatMap(({ forwarded }) => forwarded)) {
    const known = upstreams.get(to) ?? { seconds, failing, rate: 0 };
    known.rate += rate;
    upstreams.set(to, known);
  }
  const answering = [...upstreams].filter(([, { failing }]) => !failing);
  const failed = sum(all, (one) => one.answers.SERVFAIL);
  const timed = [
    { rate: sum(all, (one) => one.cached), seconds: CACHED_SECONDS },
    { rate: failed, seconds: TIMEOUT_SECONDS },
    ...answering.map(([, one]) => one),
  ];
  const answers = (['NOERROR', 'NXDOMAIN', 'SERVFAIL'] as const).map((rcode) => {
    const labels = { ...SERVER, rcode, plugin: rcode === 'SERVFAIL' ? 'forward' : 'cache' };
    return growing(
      labels,
      sum(all, (one) => one.answers[rcode]),
    );
  });
  const proxy = { proxy_name: 'forward' };
  return [
    family('coredns_dns_requests_total', 'counter', 'Counter of DNS requests made per zone, protocol and family.', [
      growing({ ...SERVER, proto: 'udp', family: '1', type: 'A' }, queries / 2),
      growing({ ...SERVER, proto: 'udp', family: '1', type: 'AAAA' }, queries / 2),
    ]),
    family('coredns_dns_responses_total', 'counter', 'Counter of response status codes.', answers),
    histogram(
      'coredns_dns_request_duration_seconds',
      'Histogram of the time (in seconds) each request took per zone.',
      [{ labels: SERVER, timed }],
    ),
    family('coredns_cache_requests_total', 'counter', 'The count of cache requests.', [
      growing({ server: SERVER.server, zones: '.', view: '' }, queries),
    ]),
    family('coredns_cache_hits_total', 'counter', 'The count of cache hits.', [
      growing(
        { server: SERVER.server, type: 'success', zones: '.', view: '' },
        sum(all, (one) => one.cached),
      ),
    ]),
    family('coredns_panics_total', 'counter', 'A metrics that counts the number of panics.', [constant({}, 0)]),
    histogram(
      'coredns_proxy_request_duration_seconds',
      'Histogram of the time each request took.',
      answering.map(([to, one]) => ({ labels: { ...proxy, to, rcode: 'NOERROR' }, timed: [one] })),
    ),
    family(
      'coredns_proxy_healthcheck_failures_total',
      'counter',
      'Counter of the number of failed healthchecks.',
      [...upstreams].map(([to, { failing }]): Sample => growing({ ...proxy, to }, failing ? CHECKS_PER_SECOND : 0)),
    ),
    family('coredns_forward_healthcheck_broken_total', 'counter', 'Counter of complete failures of the healthchecks.', [
      constant({}, 0),
    ]),
  ];
}
