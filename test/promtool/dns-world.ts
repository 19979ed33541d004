import { createRandom } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { type Labels, scrapes } from './allowances-input.ts';

/** Minutes of the world; each is scraped at its half, and the rules run at the end. */
export const MINUTES = 12;

/** How much of something comes in each minute: means of the last five, of the last four and of the last one all differ, and in each course otherwise. */
const COURSES = [
  [7, 3, 13, 2],
  [1, 20, 5, 6],
  [9, 2, 2, 30],
] as const;

/** Something that is counted: so many units in one of the courses. */
export interface Counted {
  readonly units: number;
  readonly course: 0 | 1 | 2;
}

/** What comes in each minute. */
export const perMinute = ({ units, course }: Counted): readonly number[] =>
  [...Array.from({ length: MINUTES - 4 }, () => 1), ...COURSES[course]].map((times) => times * units);

/** A series of a counter: of some labels, the name of the metric among them, one or several counters that it sums up. */
export interface Counter {
  readonly metric: string;
  readonly labels: Labels;
  readonly of: readonly Counted[];
}

/** How a counter's values are, from something that is high, as a window must not reach below zero. */
export const series = ({ metric, labels, of }: Counter): InputSeries => {
  let value = 100_000;
  const sums = Array.from({ length: MINUTES }, (_, minute) =>
    of.reduce((sum, one) => sum + (perMinute(one)[minute] ?? 0), 0),
  );
  return { series: seriesText(metric, labels), values: scrapes(sums.map((each) => (value += each))) };
};

/** A DNS server as a scrape configuration labels it. */
export interface Server {
  readonly labels: Labels;
  readonly isUp: boolean;
}

/** Servers with names and nodes in common; `other` is another program, which has the same metrics. */
export const SERVERS: readonly Server[] = [
  { cluster: 'c1', instance: 'a', node: 'n1' },
  { cluster: 'c1', instance: 'b', node: 'n1' },
  { cluster: 'c1', instance: 'a', node: 'n2' },
  { cluster: 'c1', instance: 'a', node: '' },
  { cluster: 'c2', instance: 'a', node: 'n1' },
  { cluster: 'c2', instance: 'b', node: 'n3' },
  { cluster: 'c1', instance: 'down', node: 'n1', isUp: false },
  { cluster: 'c1', instance: 'a', node: 'n1', job: 'other' },
  { cluster: 'c3', instance: 'a', node: 'n1', job: 'other' },
].map(({ isUp = true, job = 'coredns', ...labels }) => ({ labels: { ...labels, job }, isUp }));

/** Zones of nodes, by cluster and node; one node of each name is known. */
export const ZONES: readonly Labels[] = [
  { cluster: 'c1', node: 'n1', zone: 'z1' },
  { cluster: 'c2', node: 'n3', zone: 'z2' },
  { cluster: 'c3', node: 'n1', zone: 'z3' },
];

export const UPSTREAMS = ['169.254.169.253:53', '10.0.0.2:53', '10.200.0.53:53', '[fd00:ec2::253]:53'] as const;
const CODES = ['NOERROR', 'NXDOMAIN'];
/** Upper bounds of buckets. */
export const BOUNDS = ['0.5', '1', '2', '+Inf'] as const;

/** Requests of one kind, by the bucket that they fall into. */
export interface Observed {
  readonly labels: Labels;
  readonly buckets: readonly Counted[];
}

/** What DNS servers count, by metric; `observed` are histograms. */
export function countedBy(seed: number) {
  const random = createRandom(seed);
  const some = (course: Counted['course'] = 0): Counted => ({ units: random.int(1, 60), course });
  const each = (metric: string, ...more: readonly Labels[]): readonly Counter[] =>
    SERVERS.flatMap(({ labels }) => more.map((own) => ({ metric, labels: { ...labels, ...own }, of: [some()] })));
  const crossed = (one: string, ones: readonly string[], other: string, others: readonly string[]): readonly Labels[] =>
    ones.flatMap((first) => others.map((second) => ({ [one]: first, [other]: second })));
  const proxied = crossed('proxy_name', ['forward', 'grpc'], 'to', UPSTREAMS);
  const observed = (...more: readonly Labels[]): readonly Observed[] =>
    SERVERS.flatMap(({ labels }) =>
      more.map((own) => ({
        labels: { ...labels, ...own },
        buckets: [some(0), some(1), some(2), { units: 0, course: 0 }],
      })),
    );
  return {
    counters: [
      ...each('coredns_dns_requests_total', { type: 'A' }, { type: 'AAAA' }),
      ...each('coredns_dns_responses_total', ...crossed('rcode', CODES, 'plugin', ['', 'forward'])),
      ...each('coredns_cache_hits_total', { type: 'success' }, { type: 'denial' }),
      ...each('coredns_cache_requests_total', {}, { view: 'v' }),
      ...each('coredns_panics_total', {}, { view: 'v' }),
      ...each('coredns_proxy_healthcheck_failures_total', ...proxied, ...proxied.map((own) => ({ ...own, view: 'v' }))),
      ...each('coredns_forward_healthcheck_broken_total', {}, { view: 'v' }),
    ],
    observed: {
      coredns_dns_request_duration_seconds: observed({ zone: '.' }, { zone: 'corp.' }),
      coredns_proxy_request_duration_seconds: observed(
        ...proxied.flatMap((own) => CODES.map((rcode) => ({ ...own, rcode }))),
      ),
    },
  };
}
export type CountedBy = ReturnType<typeof countedBy>;

/** Everything that rules on servers read. */
export const seriesOf = ({ counters, observed }: CountedBy): readonly InputSeries[] => [
  ...SERVERS.map(({ labels, isUp }) => ({
    series: seriesText('up', labels),
    values: `${isUp ? 1 : 0}x${2 * MINUTES}`,
  })),
  ...ZONES.map((labels) => ({ series: seriesText('cluster_node:zone:info', labels), values: `1x${2 * MINUTES}` })),
  ...counters.map(series),
  ...Object.entries(observed).flatMap(([metric, rows]) =>
    rows.flatMap(({ labels, buckets }) => [
      ...BOUNDS.map((le, index) =>
        series({ metric: `${metric}_bucket`, labels: { ...labels, le }, of: buckets.slice(0, index + 1) }),
      ),
      series({ metric: `${metric}_count`, labels, of: buckets }),
    ]),
  ),
];
