import { setTimeout as sleep } from 'node:timers/promises';
import { generateCluster } from '../../bench/generate.ts';
import type { Cilium } from '../../bench/model/cilium.ts';
import type { Cluster } from '../../bench/model.ts';
import { routedServices } from '../../bench/model/routing.ts';
import { dnsServersOf } from '../../bench/model/dns.ts';
import { startServer } from '../../bench/server.ts';
import { SIMULATORS } from '../../bench/sources/index.ts';
import { totalsOf, truth, type Truth } from '../../bench/truth.ts';
import { generate, type Generated } from '../support/generate.ts';
import { freePort, startPrometheus, type Prometheus } from '../../bench/process/prometheus.ts';
import { CILIUM_CONFIG } from './cilium-state.ts';
import { PARTS, processesOf, underLoad } from './control-plane.ts';
import { LOW_NODE, startLowNode } from './low-node.ts';
import { type ScrapeOptions, scrapeConfigsOf } from './scrape.ts';

/** Sources that the end-to-end tests run on. */
export type StackSource = 'retina-hubble' | 'retina-standard';

/** Seconds; short, so that the test does not wait for minutes. */
const WINDOW = 20;
const LOOKBACK = 40;

/** A Prometheus that runs the generated scrape jobs and rules on a synthetic cluster whose truth is known. */
export interface Stack {
  readonly source: StackSource;
  readonly generated: Generated;
  readonly cluster: Cluster;
  readonly truth: Truth;
  readonly prometheus: Prometheus;
  /** A time at which every rate has a full window behind it and every rule has seen it. */
  readonly settledAt: number;
  /** Series that the two ports of the agent on a node expose together. */
  agentSeries(node: string): number;
  /** Stops every exporter of allowance counters, and waits until no rate includes their samples. */
  silenceExporters(): Promise<void>;
  stop(): Promise<void>;
}

/** Alerts at once and from the first packet on, as the test cannot wait half an hour. */
const AT_ONCE = { for: '0s', threshold: 0, escalation: false } as const;

/** Ends on the internet that bytes have a NAT gateway on the way to, and what a gigabyte costs there and on the internet. */
export const VENDOR = { name: 'vendor', ips: ['203.0.113.10', '203.0.113.11'], nat: 0.059, internet: 0.126 } as const;

const beyond = (source: StackSource) =>
  source === 'retina-hubble'
    ? {}
    : {
        external: [{ name: VENDOR.name, kind: 'internet', cidrs: VENDOR.ips.map((ip) => `${ip}/32`), through: 'nat' }],
      };

const configFor = (port: number, cluster: string, source: StackSource) => ({
  flows: { source, units: source === 'retina-hubble' ? ['flows'] : ['bytes'], ...beyond(source) },
  cloud: { region: 'ap-northeast-2', price: { natPerGB: VENDOR.nat } },
  cluster: { name: cluster },
  scrape: { interval: '1s' },
  // Everything that a control plane of one's own shows.
  controlPlane: { managed: false },
  rules: { interval: '2s', window: `${WINDOW}s`, infoLookback: `${LOOKBACK}s` },
  ethtool: { port },
  retina: { hubblePort: port },
  descheduler: { enabled: true },
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

/** What the dashboards of a source must show: flows, or bytes where the source counts them. */
function truthOf(cluster: Cluster, source: StackSource): Truth {
  if (source === 'retina-hubble') return truth(cluster);
  const { network_bytes: bytes = [] } = SIMULATORS[source].observed(cluster);
  return { ...truth(cluster), ...totalsOf(bytes) };
}

/** Starts everything and waits until it has settled. */
export async function startStack(
  source: StackSource = 'retina-hubble',
  scraped: ScrapeOptions = {},
  cilium?: Cilium,
): Promise<Stack> {
  const options = { seed: 11, name: 'production', unlabelledNodes: 1, hybridNodes: 1, usage: true, pipeline: true };
  const plain = generateCluster(options);
  const cluster: Cluster = underLoad({
    ...plain,
    services: routedServices(plain),
    ...(source !== 'retina-hubble' && {
      places: VENDOR.ips.map((ip) => ({ ip, workload: VENDOR.name, kind: 'internet' as const })),
    }),
    evictions: [{ namespace: 'search', node: plain.nodes[0]?.name ?? '', perHour: 3_600 }],
    ...(cilium !== undefined && { cilium }),
  });
  const [port, lowPort] = [await freePort(), await freePort()];
  const server = await startServer({
    clusters: [cluster],
    port,
    sources: [source],
    dns: true,
    controlPlane: PARTS,
    rules: true,
    descheduler: true,
  });
  const low = await startLowNode(lowPort, WINDOW);
  const generated = generate({
    ...configFor(port, cluster.name, source),
    ...(cilium !== undefined && { cilium: CILIUM_CONFIG }),
  });
  const rules = Object.fromEntries(
    generated.artifacts.filter(({ kind }) => kind === 'rules').map(({ path, text }) => [path, text]),
  );
  const prometheus = await startPrometheus({
    port: await freePort(),
    rules,
    config: {
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [
        ...scrapeConfigsOf(generated, server, cluster.name, scraped),
        {
          job_name: 'low',
          static_configs: [
            {
              targets: [`127.0.0.1:${lowPort}`],
              // A part of the exporter's job: where that reports, no other job counts.
              labels: { cluster: cluster.name, instance: LOW_NODE.node, node: LOW_NODE.node, job: 'ethtool-exporter' },
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
    // Four or five jobs on every node, the processes of the control plane, two replicas of kube-state-metrics, the descheduler, the node that runs low, Prometheus, and CoreDNS.
    const jobs = source === 'retina-hubble' ? 5 : 4;
    // With Cilium, its agent and its Envoy on every node, and the operators.
    const ofCilium = cilium === undefined ? 0 : 2 * cluster.nodes.length + cilium.operator.replicas;
    const central = 2 + 1 + 1 + 1 + dnsServersOf(cluster).length + processesOf(cluster) + ofCilium;
    const settledAt = await settle(prometheus, jobs * cluster.nodes.length + central);
    const agentSeries = (node: string): number =>
      server.targets
        // In Hubble mode, the page of the ethtool exporter stands for that of the agent's own metrics.
        .filter(
          ({ job, labels }) => labels['node'] === node && (job === source.replace('retina-', '') || job === 'ethtool'),
        )
        .flatMap((target) => target.families())
        .reduce((count, { series }) => count + series.length, 0);
    const silenceExporters = async (): Promise<void> => {
      for (const { job, path } of server.targets) if (job === 'ethtool') server.setDown(path, true);
      low.close();
      await sleep((WINDOW + 6) * 1000);
    };
    return {
      source,
      generated,
      cluster,
      truth: truthOf(cluster, source),
      prometheus,
      settledAt,
      agentSeries,
      silenceExporters,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
