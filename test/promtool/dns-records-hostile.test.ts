import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { expectAnswers, holds, INTERVAL, type Labels } from './allowances-input.ts';
import { bending, CLUSTER, histogram, rising, server } from './dns-input.ts';

const [A, B, STAGING] = [server('coredns-a', 'n1'), server('coredns-b', 'n2'), server('coredns-a', 'n1', 'staging')];
/** Of another program, which has the same metrics: it counts nowhere. */
const OTHER: Labels = { ...A, job: 'kubernetes-pods' };
const [R1, R2] = ['169.254.169.253:53', '10.0.0.2:53'];

const file = generate().file(RULES.dns);
const AT = '20m';

/** A sample of minute 16 is the last slow one, so of the five minutes before minute 20 one is slow: 9 times as many a second in the mean, 11 in the last four. */
const bent = (name: string, labels: Labels, times = 1): InputSeries =>
  bending(name, labels, [16.5, times], [10, 11 * times]);
const MEAN = 9;

const noise = (name: string, labels: Labels = {}): readonly InputSeries[] => [
  rising(name, { ...OTHER, ...labels }, 1000),
];

/** The same of every proxy but `forward`, as of the plugin grpc. */
const otherProxy = (name: string, labels: Labels = {}): readonly InputSeries[] => [
  rising(name, { ...A, proxy_name: 'grpc', ...labels }, 1000),
  ...noise(name, { proxy_name: 'forward', ...labels }),
];

const expectAll = (series: readonly InputSeries[], ...expected: ReturnType<typeof holds>[]) =>
  expectAnswers(file, INTERVAL, series, expected);

describe('means of the whole window, of DNS servers alone, each by itself', () => {
  test.each([
    ['dns_server:requests:rate5m', 'coredns_dns_requests_total', { type: 'A' }, { type: 'AAAA' }],
    ['dns_server:cache_hits:rate5m', 'coredns_cache_hits_total', { type: 'success' }, { type: 'denial' }],
    ['dns_server:cache_requests:rate5m', 'coredns_cache_requests_total', { view: '' }, { view: 'v' }],
    ['dns_server:panics:rate5m', 'coredns_panics_total', {}, { view: 'v' }],
  ] as const)('%s', async (record, metric, one: Labels, other: Labels) => {
    await expectAll(
      [
        bent(metric, { ...A, ...one }),
        bent(metric, { ...A, ...other }),
        bent(metric, { ...B, ...one }),
        bent(metric, { ...STAGING, ...one }, 2),
        ...noise(metric, one),
      ],
      holds(record, AT, [
        [A, 2 * MEAN],
        [B, MEAN],
        [STAGING, 2 * MEAN],
      ]),
    );
  });

  test('answers, by code', async () => {
    const metric = 'coredns_dns_responses_total';
    await expectAll(
      [
        ...['kubernetes', 'forward'].map((plugin) => bent(metric, { ...A, rcode: 'NOERROR', plugin })),
        bent(metric, { ...A, rcode: 'SERVFAIL' }),
        bent(metric, { ...STAGING, rcode: 'NOERROR' }),
        ...noise(metric, { rcode: 'NOERROR' }),
      ],
      holds('dns_server:responses:rate5m', AT, [
        [{ ...A, rcode: 'NOERROR' }, 2 * MEAN],
        [{ ...A, rcode: 'SERVFAIL' }, MEAN],
        [{ ...STAGING, rcode: 'NOERROR' }, MEAN],
      ]),
    );
  });

  test('what is passed on, by server, upstream server and code', async () => {
    const metric = 'coredns_proxy_request_duration_seconds_count';
    const passed = (where: Labels, to: string, rcode: string) =>
      bent(metric, { ...where, proxy_name: 'forward', to, rcode });
    await expectAll(
      [
        passed(A, R1, 'NOERROR'),
        passed(A, R1, 'NXDOMAIN'),
        passed(A, R2, 'NOERROR'),
        passed(B, R1, 'NOERROR'),
        passed(STAGING, R1, 'NOERROR'),
        ...otherProxy(metric, { to: R1, rcode: 'NOERROR' }),
      ],
      holds('dns_server:forwarded:rate5m', AT, [
        [{ ...A, to: R1 }, 2 * MEAN],
        [{ ...A, to: R2 }, MEAN],
        [{ ...B, to: R1 }, MEAN],
        [{ ...STAGING, to: R1 }, MEAN],
      ]),
      holds('dns_upstream:responses:rate5m', AT, [
        [{ cluster: CLUSTER, job: 'coredns', to: R1, rcode: 'NOERROR' }, 2 * MEAN],
        [{ cluster: CLUSTER, job: 'coredns', to: R1, rcode: 'NXDOMAIN' }, MEAN],
        [{ cluster: CLUSTER, job: 'coredns', to: R2, rcode: 'NOERROR' }, MEAN],
        [{ cluster: 'staging', job: 'coredns', to: R1, rcode: 'NOERROR' }, MEAN],
      ]),
    );
  });

  test('failed health checks of each server', async () => {
    const metric = 'coredns_proxy_healthcheck_failures_total';
    const failed = (where: Labels, to: string) => bent(metric, { ...where, proxy_name: 'forward', to });
    await expectAll(
      [failed(A, R1), failed(A, R2), failed(B, R1), failed(STAGING, R1), ...otherProxy(metric, { to: R1 })],
      holds('dns_server:upstream_healthcheck_failures:rate5m', AT, [
        [{ ...A, to: R1 }, MEAN],
        [{ ...A, to: R2 }, MEAN],
        [{ ...B, to: R1 }, MEAN],
        [{ ...STAGING, to: R1 }, MEAN],
      ]),
    );
  });
});

describe('quantiles of all servers of a cluster, over the whole window', () => {
  /** All within half a second until minute 16, and between that and a second afterwards. */
  const slower = (name: string, labels: Labels): readonly InputSeries[] => [
    bending(`${name}_bucket`, { ...labels, le: '0.5' }, [16.5, 100], [10, 0]),
    ...['1', '+Inf'].map((le) => bending(`${name}_bucket`, { ...labels, le }, [26, 100])),
  ];
  const steady = (perSecond: readonly number[]) => (name: string, labels: Labels) =>
    histogram(
      name,
      labels,
      ['0.5', '1', '+Inf'].map((le, index) => [le, perSecond[index] ?? 0] as const),
    );
  const [fast, slow, hopeless] = [steady([100, 0, 0]), steady([0, 100, 0]), steady([0, 0, 1000])];

  /** Of two servers, one fast and one slow for four of five minutes, three in five queries are fast. */
  const mixed = (labels: Labels): (readonly [Labels, number])[] => [
    [{ ...labels, quantile: '0.5' }, 0.416667],
    [{ ...labels, quantile: '0.9' }, 0.875],
    [{ ...labels, quantile: '0.99' }, 0.9875],
  ];
  const allSlow = (labels: Labels): (readonly [Labels, number])[] => [
    [{ ...labels, quantile: '0.5' }, 0.75],
    [{ ...labels, quantile: '0.9' }, 0.95],
    [{ ...labels, quantile: '0.99' }, 0.995],
  ];
  const ofJob = { cluster: CLUSTER, job: 'coredns' };

  test('of answers', async () => {
    const name = 'coredns_dns_request_duration_seconds';
    await expectAll(
      [...slower(name, A), ...fast(name, B), ...slow(name, STAGING), ...hopeless(name, OTHER)],
      holds('dns:request_duration_seconds:quantile_rate5m', AT, [
        ...mixed(ofJob),
        ...allSlow({ ...ofJob, cluster: 'staging' }),
      ]),
    );
  });

  test('of upstream servers, each by itself', async () => {
    const name = 'coredns_proxy_request_duration_seconds';
    const forward = (where: Labels, to: string) => ({ ...where, proxy_name: 'forward', to, rcode: 'NOERROR' });
    await expectAll(
      [
        ...slower(name, forward(A, R1)),
        ...fast(name, forward(B, R1)),
        ...slow(name, forward(A, R2)),
        ...slow(name, forward(STAGING, R1)),
        ...hopeless(name, forward(OTHER, R1)),
        ...hopeless(name, { ...forward(A, R1), proxy_name: 'grpc' }),
      ],
      holds('dns_upstream:request_duration_seconds:quantile_rate5m', AT, [
        ...mixed({ ...ofJob, to: R1 }),
        ...allSlow({ ...ofJob, to: R2 }),
        ...allSlow({ ...ofJob, cluster: 'staging', to: R1 }),
      ]),
    );
  });
});
