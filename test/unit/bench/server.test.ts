import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../../../bench/cli.ts';
import { generateCluster } from '../../../bench/generate.ts';
import { scrapeConfigs } from '../../../bench/scrape-configs.ts';
import { type Server, startServer } from '../../../bench/server.ts';
import { truth } from '../../../bench/truth.ts';
import { freePort } from '../../../bench/process/prometheus.ts';

const cluster = generateCluster({ seed: 1 });
const node = cluster.nodes[0]?.name ?? '';
const ethtool = `/clusters/synthetic/nodes/${node}/ethtool`;
let clock = 1_000;
let server: Server;

async function get(path: string): Promise<{ status: number; body: string; type: string | null }> {
  const response = await fetch(server.url + path);
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
}

async function ppsExceeded(): Promise<number> {
  return Number(/ens5",type="pps_allowance_exceeded"} (\d+)/.exec((await get(ethtool)).body)?.[1]);
}

async function call(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  const outcome = await run(argv, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
  });
  if ('server' in outcome) await outcome.server.close();
  return { outcome, stdout, stderr };
}

beforeAll(async () => {
  server = await startServer({ clusters: [cluster], port: await freePort(), now: () => clock });
});

afterAll(() => server.close());

describe('the server', () => {
  test('serves every target it lists', async () => {
    expect(server.targets).toHaveLength(2 * 6 + 2);
    for (const { path } of server.targets) {
      expect(await get(path)).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    }
  });

  test('counts from its start', async () => {
    const before = await ppsExceeded();
    clock += 10;
    expect(await ppsExceeded()).toBe(before + 400);
  });

  test('answers other paths with those it serves', async () => {
    const { status, body } = await get('/metrics');
    expect(status).toBe(404);
    expect(body).toContain('/metrics is not served');
    expect(body).toContain('/clusters/synthetic/kube-state-metrics/1\n');
    expect(await get('/clusters/synthetic/kube-state-metrics/2')).toMatchObject({ status: 404 });
  });

  test('takes one target down and up again', async () => {
    server.setDown(ethtool, true);
    expect(await get(ethtool)).toMatchObject({ status: 503 });
    expect(await get('/clusters/synthetic/kube-state-metrics/0')).toMatchObject({ status: 200 });
    server.setDown(ethtool, false);
    expect(await get(ethtool)).toMatchObject({ status: 200 });
    expect(() => server.setDown('/nowhere', true)).toThrow('/nowhere is not served');
  });
});

describe('a server of several sources', () => {
  test('has a target for each agent of each, and one of kubezonnet whose labels win', async () => {
    const several = await startServer({ clusters: [cluster], port: await freePort(), sources: ['obi', 'kubezonnet'] });
    try {
      const jobs = several.targets.map(({ job }) => job);
      expect(jobs.filter((job) => job === 'obi')).toHaveLength(6);
      expect(jobs.filter((job) => job === 'kubezonnet')).toHaveLength(1);
      expect(jobs).not.toContain('hubble');
      const body = await (await fetch(`${several.url}/clusters/synthetic/kubezonnet`)).text();
      expect(body).toContain('pod_cross_zone_network_traffic_bytes_total{namespace=');
      const honoring = scrapeConfigs(several.targets, 'any').filter(({ honor_labels }) => honor_labels);
      expect(honoring.map(({ job_name }) => job_name)).toEqual(['kubezonnet', 'kube-state-metrics']);
    } finally {
      await several.close();
    }
  });
});

describe('the command', () => {
  test('prints the targets and the truth', async () => {
    const port = await freePort();
    const { outcome, stdout } = await call('--port', String(port), '--pods', '60', '--nodes', '6', '--seed', '1');
    const { total, byLocality } = truth(cluster);
    expect(outcome).toHaveProperty('server');
    expect(JSON.parse(stdout)).toMatchObject({ pods: 60, nodes: 6, truth: { total, byLocality } });
    expect(stdout).toContain(`http://127.0.0.1:${port}${ethtool}`);
  });

  test('exposes the sources that are asked for, with their truth', async () => {
    const port = await freePort();
    const exporters = ['--exporters', 'showmax,network-flow-monitor'];
    const sources = ['--sources', 'netobserv,kubezonnet'];
    const { stdout } = await call('--port', String(port), ...sources, ...exporters, '--services');
    const { sources: truths, targets } = JSON.parse(stdout) as { sources: object; targets: { job: string }[] };
    expect(Object.keys(truths)).toEqual(['netobserv', 'kubezonnet']);
    expect(truths).toMatchObject({ netobserv: { network_bytes: {}, network_packets: {} } });
    expect(new Set(targets.map(({ job }) => job))).toEqual(
      new Set(['netobserv', 'ethtool', 'network-flow-monitor', 'kubezonnet', 'kube-state-metrics']),
    );
    // Of two exporters, half of the nodes have each.
    const nodesOf = (job: string) => targets.filter((target) => target.job === job).length;
    expect(nodesOf('ethtool')).toBe(nodesOf('netobserv') / 2);
    expect(nodesOf('network-flow-monitor')).toBe(nodesOf('netobserv') / 2);
  });

  test.each([
    [['--sources', 'hubble'], '--sources: got "hubble", expected some of retina-hubble,'],
    [['--exporters', 'showmax,ethtol'], '--exporters: got "ethtol", expected some of showmax,'],
    [['--aggregation', 'mid'], '--aggregation: got "mid", expected low or high'],
    [['--dual-stack-share', '2'], '--dual-stack-share: got "2", expected a share from 0 to 1 such as 0.5'],
    [['--pods', 'many'], '--pods: got "many", expected a whole number such as 60'],
    [['--nodes', '2'], 'nodes: got 2, expected a whole number from 3 to 3000 in 3 zones'],
    [['--port', '70000'], '--port: got 70000, expected a port up to 65535, such as 19100'],
    [['--podz', '1'], "Unknown option '--podz'"],
  ])('explains what is wrong with %j', async (argv, message) => {
    const { outcome, stdout, stderr } = await call(...argv);
    expect(outcome).toEqual({ exitCode: 2 });
    expect(stdout).toBe('');
    expect(stderr).toContain(`synthetic: ${message}`);
  });

  test('says when the port is taken', async () => {
    const { outcome, stderr } = await call('--port', String(server.port));
    expect(outcome).toEqual({ exitCode: 2 });
    expect(stderr).toContain('the port is taken, choose another with --port');
  });
});
