import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import { isDirectOnOneNode } from '../../../bench/model.ts';
import { scrapeConfigs } from '../../../bench/scrape-configs.ts';
import { type Server, startServer } from '../../../bench/server.ts';
import { truth } from '../../../bench/truth.ts';
import { freePort, type Prometheus, startPrometheus } from '../../../bench/process/prometheus.ts';

const COUNT_ONCE = 'type="Trace",verdict="FORWARDED",traffic_direction="ingress",subtype=~"to-endpoint|to-stack"';
const WINDOW_SECONDS = 15;

const cluster = generateCluster({ seed: 5 });
/** What the server's side counts: neither what stays on a node without a Service, nor calls to the outside. */
const expected = truth({
  ...cluster,
  connections: cluster.connections.filter((one) => !isDirectOnOneNode(one) && one.server.kind === 'pod'),
});
let server: Server;
let prometheus: Prometheus;
let measuredAt: number;

/**
 * A Unix time before which no target missed a scrape for a whole window: with a gap at either end, `rate` would not
 * extrapolate over the window and read low. The time lies in the past, as the latest scrapes may still be going on.
 */
async function settle(): Promise<number> {
  const perTarget = `sum_over_time(up[${WINDOW_SECONDS}s])`;
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await sleep(500)) {
    const time = Date.now() / 1_000 - 2;
    const { samples } = await prometheus.instant(`count(${perTarget} >= ${WINDOW_SECONDS})`, time);
    if (samples[0]?.value === server.targets.length) return time;
  }
  const { samples } = await prometheus.instant(perTarget);
  throw new Error(`targets have not settled: ${JSON.stringify(samples)}`);
}

async function measure(query: string): Promise<number> {
  const { samples } = await prometheus.instant(query, measuredAt);
  expect(samples).toHaveLength(1);
  return samples[0]?.value ?? Number.NaN;
}

beforeAll(async () => {
  server = await startServer({ clusters: [cluster], port: await freePort() });
  prometheus = await startPrometheus({
    port: await freePort(),
    config: {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: scrapeConfigs(server.targets, `127.0.0.1:${server.port}`),
    },
  });
  measuredAt = await settle();
}, 200_000);

afterAll(async () => {
  await prometheus?.stop();
  await server?.close();
}, 60_000);

describe('a live scrape', () => {
  test('measures the true traffic with the count-once selector', async () => {
    const measured = await measure(`sum(rate(hubble_flows_processed_total{${COUNT_ONCE}}[${WINDOW_SECONDS}s]))`);
    expect(Math.abs(measured / expected.total - 1)).toBeLessThan(0.02);
  });

  test('measures much more without it', async () => {
    const measured = await measure(`sum(rate(hubble_flows_processed_total[${WINDOW_SECONDS}s]))`);
    expect(measured / expected.total).toBeGreaterThan(2);
  });

  test('measures the exceeded allowances', async () => {
    for (const { node, device, kind, rate } of expected.allowances) {
      const selector = `node="${node}",device="${device}",type="${kind}_allowance_exceeded"`;
      const measured = await measure(`rate(node_net_ethtool{${selector}}[${WINDOW_SECONDS}s])`);
      // Whole packets only: one more or less within the window.
      expect(Math.abs(measured - rate)).toBeLessThan(2 / WINDOW_SECONDS + rate * 0.02);
    }
  });

  test('sees every pod and node from both replicas of kube-state-metrics', async () => {
    expect(await measure('count(kube_pod_info)')).toBe(2 * cluster.pods.length);
    expect(await measure('count(count by (namespace, pod, uid) (kube_pod_info))')).toBe(cluster.pods.length);
    expect(await measure('count(count by (node) (kube_node_labels{label_topology_kubernetes_io_zone!=""}))')).toBe(6);
  });

  test('stores every exposed series', async () => {
    for (const { labels, families } of server.targets) {
      const exposed = families().reduce((total, { series }) => total + series.length, 0);
      const stored = `count({__name__=~"(hubble|controlplane|kube|node_net)_.+",instance="${labels['instance']}"})`;
      expect(await measure(stored)).toBe(exposed);
    }
  });
});
