import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { Series } from '../../../bench/model.ts';
import { dnsServersOf } from '../../../bench/model/dns.ts';
import { corednsFamilies } from '../../../bench/series/coredns.ts';
import { hubbleDnsFamilies } from '../../../bench/sources/hubble-dns.ts';
import { targetsOf } from '../../../bench/targets.ts';

const cluster = generateCluster({ seed: 5 });
const servers = dnsServersOf(cluster);
const asked = cluster.connections.filter(({ protocol }) => protocol === 'UDP');
const queries = asked.reduce((sum, { requests }) => sum + requests, 0);

const all: readonly Series[] = servers.flatMap((pod) => corednsFamilies(cluster, pod).flatMap(({ series }) => series));
const rate = (metric: string, where: Readonly<Record<string, string>> = {}): number =>
  all
    .filter(
      (one) => one.metric === metric && Object.entries(where).every(([name, value]) => one.labels[name] === value),
    )
    .reduce((sum, { perSecond }) => sum + perSecond, 0);

describe('pods of CoreDNS', () => {
  test('answer every query once, and pass on what the cache lacks', () => {
    expect(servers).toHaveLength(2);
    expect(queries).toBeGreaterThan(100);
    expect(rate('coredns_dns_requests_total')).toBeCloseTo(queries, 6);
    expect(rate('coredns_dns_responses_total')).toBeCloseTo(queries, 6);
    expect(rate('coredns_dns_responses_total', { rcode: 'NXDOMAIN' })).toBeCloseTo(0.6 * queries, 6);
    expect(rate('coredns_cache_hits_total')).toBeCloseTo(0.75 * queries, 6);
    expect(rate('coredns_proxy_request_duration_seconds_count')).toBeCloseTo(0.25 * queries, 6);
  });

  test('have histograms that grow from bucket to bucket up to their count', () => {
    for (const name of ['coredns_dns_request_duration_seconds', 'coredns_proxy_request_duration_seconds']) {
      const bounds = ['0.00025', '0.001', '0.008', '0.016', '8.192', '+Inf'];
      const buckets = bounds.map((le) => rate(`${name}_bucket`, { le }));
      expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
      expect(buckets.at(-1)).toBeCloseTo(rate(`${name}_count`), 6);
    }
  });

  test('an upstream server that fails answers nothing, fails its checks, and what goes there fails', () => {
    const [server] = servers;
    if (server === undefined) throw new Error('no pod of CoreDNS');
    const upstreams = [
      { to: 'good:53', share: 0.9, seconds: 0.01 },
      { to: 'bad:53', share: 0.1, seconds: 0.01, failing: true },
    ];
    const dns = { upstreams, nxdomain: () => 0, cached: () => 0 };
    const series = corednsFamilies({ ...cluster, dns }, server).flatMap((family) => family.series);
    const own = asked.reduce(
      (sum, { server: end, requests }) => sum + (end.kind === 'pod' && end.pod === server ? requests : 0),
      0,
    );
    const of = (metric: string, label: string, value: string) =>
      series.find((one) => one.metric === metric && one.labels[label] === value)?.perSecond;
    expect(of('coredns_dns_responses_total', 'rcode', 'SERVFAIL')).toBeCloseTo(0.1 * own, 6);
    expect(of('coredns_proxy_healthcheck_failures_total', 'to', 'bad:53')).toBe(2);
    expect(of('coredns_proxy_healthcheck_failures_total', 'to', 'good:53')).toBe(0);
    expect(of('coredns_proxy_request_duration_seconds_count', 'to', 'bad:53')).toBeUndefined();
  });

  test('are targets only where DNS is asked for', () => {
    const jobs = (dns?: boolean) => targetsOf(cluster, dns === undefined ? {} : { dns }).map(({ job }) => job);
    expect(jobs()).not.toContain('coredns');
    expect(jobs(true).filter((job) => job === 'coredns')).toHaveLength(2);
  });
});

describe('agents with Hubble', () => {
  /** Queries of pods that agents report, only those on the node of the pod or all. */
  const reported = (agent: 'retina' | 'cilium', isOwn: boolean): number =>
    cluster.nodes
      .flatMap((node) =>
        hubbleDnsFamilies(agent, cluster, node).flatMap(({ series }) =>
          series.filter(({ metric, labels }) => {
            const pod = cluster.pods.find(
              ({ namespace, name }) => namespace === labels['source_namespace'] && name === labels['source_pod'],
            );
            return metric === 'hubble_dns_queries_total' && (!isOwn || pod?.node === node.name);
          }),
        ),
      )
      .reduce((sum, { perSecond }) => sum + perSecond, 0);
  const ofPods = asked.reduce(
    (sum, { client, requests }) => sum + (client.kind === 'pod' && !client.pod.hostNetwork ? requests : 0),
    0,
  );

  test.each(['retina', 'cilium'] as const)('%s reports each query once on the node that asks', (agent) => {
    expect(reported(agent, true)).toBeCloseTo(ofPods, 6);
  });

  test('Retina reports those between nodes again where the server is', () => {
    expect(reported('retina', false)).toBeGreaterThan(ofPods * 1.3);
    expect(reported('cilium', false)).toBeCloseTo(ofPods, 6);
  });
});
