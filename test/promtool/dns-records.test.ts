import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { expectAnswers, holds, INTERVAL, type Labels } from './allowances-input.ts';
import { bending, CLUSTER, histogram, rising, server, staying } from './dns-input.ts';

const RESOLVER = '169.254.169.253:53';
const [A, B, STAGING] = [server('coredns-a', 'n1'), server('coredns-b', 'n2'), server('coredns-a', 'n1', 'staging')];
const CACHE: Labels = { cluster: CLUSTER, job: 'node-local-dns', instance: 'n1', node: 'n1' };
/** Series that must count nowhere: of another job. */
const OTHER: Labels = { ...A, job: 'kubernetes-pods' };

const withCaches = generate({ nodeLocalDns: { scrape: true } });
const file = withCaches.file(RULES.dns);
const AT = '20m';

const expectAll = (series: readonly InputSeries[], ...expected: Parameters<typeof expectAnswers>[3][number][]) =>
  expectAnswers(file, INTERVAL, series, expected);

describe('records of DNS servers', () => {
  test('count by server, over zones, views and types, for each cluster and kind, and for no other job', async () => {
    const asked = 'coredns_dns_requests_total';
    await expectAll(
      [
        rising(asked, { ...A, zone: '.', type: 'A' }, 7),
        rising(asked, { ...A, zone: 'corp.', type: 'A', view: 'v' }, 2),
        rising(asked, { ...A, zone: '.', type: 'AAAA' }, 4),
        rising(asked, B, 5),
        rising(asked, STAGING, 3),
        rising(asked, CACHE, 11),
        rising(asked, OTHER, 1000),
      ],
      holds('dns_server:requests:rate5m', AT, [
        [A, 13],
        [B, 5],
        [STAGING, 3],
        [CACHE, 11],
      ]),
    );
  });

  test('without NodeLocal DNSCache, its job counts for nothing', async () => {
    await expectAnswers(
      generate().file(RULES.dns),
      INTERVAL,
      [rising('coredns_dns_requests_total', A, 2), rising('coredns_dns_requests_total', CACHE, 11)],
      [holds('dns_server:requests:rate5m', AT, [[A, 2]])],
    );
  });

  test('answers by code, whichever plugin gave them; cache and panics', async () => {
    const answered = 'coredns_dns_responses_total';
    await expectAll(
      [
        rising(answered, { ...A, rcode: 'NXDOMAIN', plugin: 'kubernetes' }, 2),
        rising(answered, { ...A, rcode: 'NXDOMAIN', plugin: 'forward' }, 3),
        rising(answered, { ...A, rcode: 'SERVFAIL', plugin: '' }, 0.5),
        rising('coredns_cache_hits_total', { ...A, type: 'success' }, 4),
        rising('coredns_cache_hits_total', { ...A, type: 'denial' }, 1),
        rising('coredns_cache_requests_total', A, 8),
        rising('coredns_panics_total', A, 0.1),
      ],
      holds('dns_server:responses:rate5m', AT, [
        [{ ...A, rcode: 'NXDOMAIN' }, 5],
        [{ ...A, rcode: 'SERVFAIL' }, 0.5],
      ]),
      holds('dns_server:cache_hits:rate5m', AT, [[A, 5]]),
      holds('dns_server:cache_requests:rate5m', AT, [[A, 8]]),
      holds('dns_server:panics:rate5m', AT, [[A, 0.1]]),
    );
  });

  test('latency is that of all servers together, not a mean of their quantiles', async () => {
    const name = 'coredns_dns_request_duration_seconds';
    const all = { cluster: CLUSTER, job: 'coredns' };
    // 100 a second up to 1 s, of which 20 are above half a second.
    await expectAll(
      [
        ...histogram(name, A, [
          ['0.5', 80],
          ['1', 0],
          ['+Inf', 0],
        ]),
        ...histogram(name, B, [
          ['0.5', 0],
          ['1', 20],
          ['+Inf', 0],
        ]),
      ],
      holds('dns:request_duration_seconds:quantile_rate5m', AT, [
        [{ ...all, quantile: '0.5' }, 0.3125],
        [{ ...all, quantile: '0.9' }, 0.75],
        [{ ...all, quantile: '0.99' }, 0.975],
      ]),
    );
  });

  test('places are those of servers that answer scrapes, with the zone where it is known', async () => {
    const place = 'dns_server:place:info';
    await expectAll(
      [
        staying('up', A, 1),
        staying('up', B, 1),
        staying('up', STAGING, 0),
        staying('up', { ...OTHER }, 1),
        staying('cluster_node:zone:info', { cluster: CLUSTER, node: 'n1', zone: 'zone-a' }, 1),
      ],
      holds(place, AT, [
        [{ ...A, zone: 'zone-a' }, 1],
        [B, 1],
      ]),
      holds('dns:servers:count', AT, [[{ cluster: CLUSTER, job: 'coredns' }, 2]]),
    );
  });
});

describe('records of what is passed on', () => {
  const proxied = 'coredns_proxy_request_duration_seconds';
  const to = (address: string, rcode = 'NOERROR') => ({ proxy_name: 'forward', to: address, rcode });

  test('are by server and upstream server; only those to resolvers count against the limit of a node', async () => {
    await expectAll(
      [
        rising(`${proxied}_count`, { ...A, ...to(RESOLVER) }, 100),
        rising(`${proxied}_count`, { ...A, ...to(RESOLVER, 'NXDOMAIN') }, 50),
        rising(`${proxied}_count`, { ...A, ...to('10.0.0.2:53') }, 20),
        rising(`${proxied}_count`, { ...A, ...to('10.200.0.53:53') }, 7),
        rising(`${proxied}_count`, { ...CACHE, ...to(RESOLVER) }, 30),
        rising(`${proxied}_count`, { ...STAGING, ...to('[fd00:ec2::253]:53') }, 9),
        // Another plugin over the same proxy, and a server of an unknown node.
        rising(`${proxied}_count`, { ...A, ...to(RESOLVER), proxy_name: 'grpc' }, 1000),
        rising(`${proxied}_count`, { ...B, node: '', ...to(RESOLVER) }, 500),
      ],
      holds('dns_server:forwarded:rate5m', AT, [
        [{ ...A, to: RESOLVER }, 150],
        [{ ...A, to: '10.0.0.2:53' }, 20],
        [{ ...A, to: '10.200.0.53:53' }, 7],
        [{ ...CACHE, to: RESOLVER }, 30],
        [{ ...STAGING, to: '[fd00:ec2::253]:53' }, 9],
        [{ ...B, node: '', to: RESOLVER }, 500],
      ]),
      holds('cluster_node:dns_linklocal_queries:rate5m', AT, [
        [{ cluster: CLUSTER, node: 'n1' }, 200],
        [{ cluster: 'staging', node: 'n1' }, 9],
      ]),
      holds('dns_upstream:responses:rate5m{job="coredns", to="169.254.169.253:53"}', AT, [
        [{ cluster: CLUSTER, job: 'coredns', to: RESOLVER, rcode: 'NOERROR' }, 600],
        [{ cluster: CLUSTER, job: 'coredns', to: RESOLVER, rcode: 'NXDOMAIN' }, 50],
      ]),
    );
  });

  test('latency and failed health checks of each upstream server', async () => {
    const upstream = { cluster: CLUSTER, job: 'coredns', to: RESOLVER };
    await expectAll(
      [
        ...histogram(proxied, { ...A, ...to(RESOLVER) }, [
          ['0.004', 50],
          ['0.008', 50],
          ['+Inf', 0],
        ]),
        rising('coredns_proxy_healthcheck_failures_total', { ...A, proxy_name: 'forward', to: RESOLVER }, 2),
        rising('coredns_proxy_healthcheck_failures_total', { ...B, proxy_name: 'forward', to: RESOLVER }, 1),
        rising('coredns_forward_healthcheck_broken_total', A, 3),
      ],
      holds('dns_upstream:request_duration_seconds:quantile_rate5m', AT, [
        [{ ...upstream, quantile: '0.5' }, 0.004],
        [{ ...upstream, quantile: '0.9' }, 0.0072],
        [{ ...upstream, quantile: '0.99' }, 0.00792],
      ]),
      holds('dns_server:upstream_healthcheck_failures:rate5m', AT, [
        [{ ...A, to: RESOLVER }, 2],
        [{ ...B, to: RESOLVER }, 1],
      ]),
      holds('dns_server:upstreams_all_unhealthy:rate5m', AT, [[A, 3]]),
    );
  });
});

describe('records of who asks', () => {
  /** A pod on a node, as the records of identity know it. */
  const identity = (pod: string, node: string, workload: string, cluster = CLUSTER): InputSeries =>
    staying(
      'cluster_namespace_pod:identity:info',
      { cluster, namespace: 'shop', pod, node, zone: 'zone-a', workload_type: 'Deployment', workload },
      1,
    );
  const cart = { cluster: CLUSTER, namespace: 'shop', workload_type: 'Deployment', workload: 'cart' };
  const agent = (node: string, cluster = CLUSTER) => ({
    cluster,
    job: 'networkobservability-hubble',
    instance: node,
    node,
  });
  const source = (pod: string) => ({ source_namespace: 'shop', source_pod: pod });
  const destination = (pod: string) => ({ destination_namespace: 'shop', destination_pod: pod });
  const dns = { destination_namespace: 'kube-system', destination_pod: 'coredns-a' };

  /** Of cart-1 on n1 the agents of n1 and of the server's node n2 see every message; of cart-2 on n2, that of n2 alone. */
  const messages = (
    queries: string,
    answered: string,
    code: (name: string) => Labels,
    side: typeof source,
    back: typeof destination,
  ) => [
    rising(queries, { ...agent('n1'), ...side('cart-1') }, 10),
    rising(queries, { ...agent('n2'), ...side('cart-1'), ...dns }, 10),
    rising(queries, { ...agent('n2'), ...side('cart-2') }, 4),
    rising(queries, { ...agent('n1', 'staging'), ...side('cart-1') }, 6),
    // A pod that nobody knows, and an end without a pod.
    rising(queries, { ...agent('n1'), ...side('ghost') }, 1000),
    rising(queries, { ...agent('n1'), ...side('') }, 1000),
    ...['n1', 'n2'].flatMap((node) => [
      rising(answered, { ...agent(node), ...back('cart-1'), ...code('NOERROR') }, 3),
      rising(answered, { ...agent(node), ...back('cart-1'), ...code('NXDOMAIN') }, 7),
    ]),
    ...['A', 'AAAA'].map((type) =>
      rising(answered, { ...agent('n2'), ...back('cart-2'), ...code('NOERROR'), qtypes: type }, 1),
    ),
    // One a second in the first of the last five minutes, and eleven in the others.
    bending(answered, { ...agent('n2'), ...back('cart-2'), ...code('SERVFAIL') }, [16.5, 1], [10, 11]),
    identity('cart-1', 'n1', 'cart'),
    identity('cart-2', 'n2', 'cart'),
    identity('cart-1', 'n1', 'cart', 'staging'),
  ];
  const expected = [
    holds('dns_client:queries:rate5m', AT, [
      [cart, 14],
      [{ ...cart, cluster: 'staging' }, 6],
    ]),
    holds('dns_client:answers:rate5m', AT, [
      [{ ...cart, rcode: 'NOERROR' }, 5],
      [{ ...cart, rcode: 'NXDOMAIN' }, 7],
      [{ ...cart, rcode: 'SERVFAIL' }, 9],
    ]),
  ];
  const HUBBLE: Readonly<Record<string, string>> = {
    NOERROR: 'No Error',
    NXDOMAIN: 'Non-Existent Domain',
    SERVFAIL: 'Server Failure',
  };

  test.each(['retina-hubble', 'cilium-hubble'])('%s: each message once, on the node that asks', async (id) => {
    const rules = generate({ flows: { source: id } }).file(RULES.dns);
    const code = (name: string) => ({ rcode: HUBBLE[name] ?? name });
    const series = messages('hubble_dns_queries_total', 'hubble_dns_responses_total', code, source, destination);
    await expectAnswers(rules, INTERVAL, series, expected);
  });

  test('retina-standard, where names are counted: the same', async () => {
    const rules = generate({ flows: { source: 'retina-standard' }, dns: { names: true } }).file(RULES.dns);
    const series = messages(
      'networkobservability_adv_dns_request_count',
      'networkobservability_adv_dns_response_count',
      (name) => ({ return_code: name }),
      (pod) => ({ source_namespace: 'shop', source_podname: pod }) as never,
      (pod) => ({ destination_namespace: 'shop', destination_podname: pod }) as never,
    );
    await expectAnswers(rules, INTERVAL, series, expected);
  });

  test.each([
    [{ dns: { clients: false } }, 'dns.clients is false'],
    [{ flows: { source: 'obi' } }, 'obi does not count DNS'],
    [{ flows: { source: 'retina-standard' } }, 'dns.names is false'],
    [
      { retina: { version: 'v1.1.0' } },
      'retina.version v1.1.0 counts DNS messages several times; v1.2.0 counts each once',
    ],
  ])('with %j there are none: %s', (given, reason) => {
    const built = generate(given);
    const { bundle } = built;
    expect(bundle.skipped).toContainEqual({ kind: 'records of who asks DNS', reason });
    expect(built.file(RULES.dns)).not.toContain('dns_client:');
    const keys = bundle.dashboards.flatMap(({ uid, sections }) =>
      uid === 'cluster-dns' ? sections.flatMap(({ panels }) => panels.map(({ key }) => key)) : [],
    );
    expect(keys).not.toContain('clients');
    expect(keys).toContain('servers');
  });
});

test('no histogram_count where VictoriaMetrics evaluates, which does not know it', () => {
  expect(generate().file(RULES.dns)).toContain('histogram_count(');
  expect(generate({ rules: { ruler: 'vmalert' } }).file(RULES.dns)).not.toContain('histogram_count(');
});
