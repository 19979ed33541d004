import { setTimeout as sleep } from 'node:timers/promises';
import { generateCluster } from '../../bench/generate.ts';
import type { Cluster } from '../../bench/model.ts';
import { startServer } from '../../bench/server.ts';
import { truth, type Truth } from '../../bench/truth.ts';
import { generate, type Generated } from '../support/generate.ts';
import { freePort, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { LOW_NODE, startLowNode } from './low-node.ts';
import { scrapeConfigsOf } from './scrape.ts';

/** Seconds; short, so that the test does not wait for minutes. */
const WINDOW = 20;
const LOOKBACK = 40;

/** A Prometheus that runs the generated scrape jobs and rules on a synthetic cluster whose truth is known. */
export interface Stack {
  readonly generated: Generated;
  readonly cluster: Cluster;
  readonly truth: Truth;
  readonly prometheus: Prometheus;
  /** A time at which every rate has a full window behind it and every rule has seen it. */
  readonly settledAt: number;
  stop(): Promise<void>;
}

/** Alerts at once and from the first packet on, as the test cannot wait half an hour. */
const AT_ONCE = { for: '0s', threshold: 0, escalation: false } as const;

const configFor = (port: number, cluster: string) => ({
  cluster: { name: cluster },
  scrape: { interval: '1s' },
  rules: { interval: '2s', window: `${WINDOW}s`, infoLookback: `${LOOKBACK}s` },
  ethtool: { port },
  retina: { hubblePort: port },
  alerts: {
    PPSAllowanceExceeded: AT_ONCE,
    BWINAllowanceExceeded: AT_ONCE,
    BWOutAllowanceExceeded: AT_ONCE,
    LinkLocalAllowanceExceeded: AT_ONCE,
    ConntrackAllowanceLow: { for: '0s', threshold: 0.5 },
  },
});

/** Waits until no target has missed a scrape for a window and the rules have run since; then looks a little into the past. */
async function settle(prometheus: Prometheus, targets: number): Promise<number> {
  const quiet = WINDOW + 8;
  for (const deadline = performance.now() + 150_000; performance.now() < deadline; await sleep(500)) {
    const time = Date.now() / 1000 - 2;
    const { samples } = await prometheus.instant(`count(sum_over_time(up[${quiet}s]) >= ${quiet - 1})`, time);
    if (samples[0]?.value === targets) return time;
  }
  const { samples } = await prometheus.instant(`sum_over_time(up[${quiet}s])`);
  throw new Error(`targets have not settled, expected ${targets}: ${JSON.stringify(samples)}`);
}

/** Starts everything and waits until it has settled. */
export async function startStack(): Promise<Stack> {
  const cluster = generateCluster({ seed: 11, name: 'production', unlabelledNodes: 1, hybridNodes: 1 });
  const [port, lowPort] = [await freePort(), await freePort()];
  const server = await startServer({ clusters: [cluster], port });
  const low = await startLowNode(lowPort, WINDOW);
  const generated = generate(configFor(port, cluster.name));
  const rules = Object.fromEntries(
    generated.artifacts.filter(({ kind }) => kind === 'rules').map(({ path, text }) => [path, text]),
  );
  const prometheus = await startPrometheus({
    port: await freePort(),
    rules,
    config: {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        ...scrapeConfigsOf(generated, server, cluster.name),
        {
          job_name: 'low',
          static_configs: [
            {
              targets: [`127.0.0.1:${lowPort}`],
              labels: { cluster: cluster.name, instance: LOW_NODE.node, node: LOW_NODE.node },
            },
          ],
        },
      ],
    },
  });
  const stop = async (): Promise<void> => {
    await prometheus.stop();
    low.close();
    await server.close();
  };
  try {
    // Three jobs on every node, two replicas of kube-state-metrics, and the node that runs low.
    const settledAt = await settle(prometheus, 3 * cluster.nodes.length + 2 + 1);
    return { generated, cluster, truth: truth(cluster), prometheus, settledAt, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
