import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { RE2JS } from 're2js';
import { promtool } from '../../../../bench/process/prometheus.ts';
import { chartsOf, chartValues, leaves } from '../../../support/chart-values.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { relabel } from '../../../support/relabel.ts';
import { inTempDir } from '../../../support/temp-dir.ts';
import { scrapeJobs } from '../../../support/values.ts';

const CHART = 'prometheus-node-exporter';
const config = (nodeExporter: object = {}, more: object = {}) => ({
  ...more,
  ethtool: { exporter: 'node-exporter', ...Object(Object(more)['ethtool']) },
  nodeExporter,
});
const values = (nodeExporter: object = {}, more: object = {}) => chartValues(CHART, config(nodeExporter, more));

/** An argument without variables as Kubernetes expands it. Upstream: Kubernetes, third_party/forked/golang/expansion. */
const expanded = (text: string) => text.replaceAll(/\$\$|\$\([^)]*\)/g, (found) => (found === '$$' ? '$' : found));
const flags = (given: object) => (given as { extraArgs: string[] }).extraArgs.map(expanded);
const filter = (given: object, name: string) => {
  const prefix = `--collector.ethtool.${name}-include=`;
  const flag = flags(given).find((each) => each.startsWith(prefix));
  return RE2JS.compile(flag?.slice(prefix.length) ?? '(?:no filter)');
};

/** Keys of the chart. Upstream: prometheus-community/helm-charts, charts/prometheus-node-exporter/values.yaml, 4.56.1. */
const DOCUMENTED = new Set([
  'nameOverride',
  'hostNetwork',
  'hostPID',
  'hostRootFsMount.enabled',
  'service.port',
  'service.targetPort',
  'service.annotations',
  'extraArgs',
  'tolerations',
  'resources',
  ...['enabled', 'additionalLabels', 'interval', 'scrapeTimeout', 'relabelings'].map(
    (key) => `prometheus.monitor.${key}`,
  ),
]);

test('the values exist only if node_exporter is the exporter', () => {
  expect(chartsOf({})).not.toContain(CHART);
  expect(chartsOf({ ethtool: { exporter: 'none' } })).not.toContain(CHART);
  expect(chartsOf(config())).toContain(CHART);
});

test.each([{}, { collectors: 'all', scrape: 'monitor' }, { scrape: 'monitor' }])(
  '%j: every key is one of the chart',
  (given) => {
    const unknown = leaves(values(given), DOCUMENTED).filter((path) => !DOCUMENTED.has(path));
    expect(unknown).toEqual([]);
  },
);

describe('filters', () => {
  const STATISTICS = ['bw_in', 'bw_out', 'pps', 'conntrack', 'linklocal'].map((name) => `${name}_allowance_exceeded`);

  test.each([...STATISTICS, 'conntrack_allowance_available'])('let %s through', (name) => {
    expect(filter(values(), 'metrics').matcher(name).find()).toBe(true);
  });

  test.each(['queue_0_tx_cnt', 'rx_packets', 'pps_allowance_exceeded_x', 'x_pps_allowance_exceeded', 'ena_srd_mode'])(
    'leave %s out',
    (name) => {
      expect(filter(values(), 'metrics').matcher(name).find()).toBe(false);
    },
  );

  test('hold every statistic that the rules read', () => {
    const generated = generate(config());
    const read = new Set(generated.file('rules/prometheus/ena-allowances.rules.yaml').match(/(?<=node_ethtool_)\w+/g));
    expect(read.size).toBe(6);
    for (const name of read) expect(filter(values(), 'metrics').matcher(name).find()).toBe(true);
  });

  test.each([
    ['eth.*|ens.*|enp.*', ['eth0', 'ens5', 'enp39s0'], ['veth1', 'xens5', 'eni0a1', 'lo']],
    ['eth0$', ['eth0'], ['eth01', 'veth0']],
    ['(?i)ETH[0-9]', ['eth0', 'ETH1'], ['eth10']],
    ['$(X)|ens5', ['ens5'], ['X', 'ens55']],
  ])('match the same interfaces as the rules: %s', (device, taken, left) => {
    const found = filter(values({}, { ethtool: { device } }), 'device');
    const asRules = RE2JS.compile(`^(?:${device})$`);
    for (const name of [...taken, ...left]) {
      expect([name, found.matcher(name).find()]).toEqual([name, asRules.matcher(name).find()]);
      expect(found.matcher(name).find()).toBe(taken.includes(name));
    }
  });
});

test('only the ethtool collector runs next to another node_exporter; otherwise all of them run', () => {
  expect(flags(values())).toContain('--collector.disable-defaults');
  expect(values()).toMatchObject({ hostNetwork: true, hostPID: false, hostRootFsMount: { enabled: false } });
  const all = values({ collectors: 'all' });
  expect(flags(all)).not.toContain('--collector.disable-defaults');
  expect(flags(all)).toContain('--collector.ethtool');
  expect(all).not.toHaveProperty('hostPID');
});

test('runs on every node, on the port of the host that is scraped', () => {
  expect(values({ port: 9200 })).toMatchObject({
    service: { port: 9200, targetPort: 9200, annotations: { 'prometheus.io/scrape': null } },
    tolerations: [{ operator: 'Exists' }],
    resources: { requests: { cpu: '50m', memory: '64Mi' } },
  });
});

const META = '__meta_kubernetes_pod_';
const target = (port: string) => ({
  __address__: `10.0.0.1:${port}`,
  [`${META}container_port_number`]: port,
  [`${META}node_name`]: 'ip-10-0-0-1',
});

describe('is scraped once', () => {
  const jobs = (given: object = {}) =>
    scrapeJobs(config(given)).filter(({ job_name: name }) => name.includes('ethtool'));

  test('by its own job, which replaces that of the other exporter', () => {
    const [job] = jobs();
    expect(jobs().map(({ job_name: name }) => name)).toEqual(['ethtool-node-exporter']);
    expect(job?.kubernetes_sd_configs).toEqual([
      {
        role: 'pod',
        namespaces: { names: ['monitoring'] },
        selectors: [{ role: 'pod', label: 'app.kubernetes.io/name=ethtool-node-exporter' }],
      },
    ]);
    const named = { node: 'ip-10-0-0-1', instance: 'ip-10-0-0-1', cluster: 'production' };
    expect(relabel(job?.relabel_configs ?? [], target('9101'))).toMatchObject({
      __address__: '10.0.0.1:9101',
      ...named,
    });
    expect(relabel(job?.relabel_configs ?? [], target('9100'))).toBeUndefined();
    expect(values()).toMatchObject({ prometheus: { monitor: { enabled: false } } });
  });

  test('or by a ServiceMonitor with the same labels', () => {
    expect(jobs({ scrape: 'monitor' })).toEqual([]);
    const given = values(
      { scrape: 'monitor' },
      { cluster: { label: 'k8s', name: 'a$1' }, monitors: { labels: { team: 'x' } } },
    );
    expect(given).toMatchObject({
      prometheus: { monitor: { enabled: true, additionalLabels: { team: 'x' }, interval: '30s', scrapeTimeout: '' } },
    });
    const { relabelings } = (given as { prometheus: { monitor: { relabelings: Record<string, unknown>[] } } })
      .prometheus.monitor;
    const steps = relabelings.map(({ sourceLabels, targetLabel, ...rest }) => ({
      ...rest,
      ...(sourceLabels === undefined ? {} : { source_labels: sourceLabels as string[] }),
      target_label: String(targetLabel),
    }));
    expect(relabel(steps as never, { [`${META}node_name`]: 'n' })).toMatchObject({
      node: 'n',
      instance: 'n',
      k8s: 'a$1',
    });
  });

  test('without a cluster label where there is none', () => {
    const text = JSON.stringify(values({ scrape: 'monitor' }, { cluster: { label: null }, monitors: { labels: {} } }));
    expect(text).not.toContain('cluster');
    expect(text).not.toContain('additionalLabels');
  });
});

describe('requirements', () => {
  test('the chart is new enough', () => {
    expect(complaints(config({ version: '4.3.1' }))).toEqual([]);
    expect(complaints(config({ version: '4.3.0' }))).toEqual([
      'nodeExporter.version: got "4.3.0", expected 4.3.1 or newer, as older charts include a PodSecurityPolicy, which Kubernetes 1.25 removed',
    ]);
    // Not checked unless it is installed.
    expect(complaints({ nodeExporter: { version: '3.3.1' } })).toEqual([]);
  });

  test.each([
    [{}, 9965, 'retina.hubblePort'],
    [{}, 10_093, 'the Retina agent'],
    [{ flows: { source: 'obi' } }, 9090, 'obi.port'],
    [{ flows: { source: 'beyla' } }, 9090, 'beyla.port'],
    [{ flows: { source: 'cilium-hubble' } }, 9965, 'cilium.hubblePort'],
  ])('the port is free: %j, %d', (more, port, whose) => {
    expect(complaints(config({ port }, more))).toEqual([
      `nodeExporter.port: got ${port}, expected a port that is free on the network of the host (this one is that of ${whose})`,
    ]);
    expect(complaints(config({ port: port + 1 }, more))).toEqual([]);
  });
});

test('Prometheus accepts the jobs of node_exporter and of kube-state-metrics', async () => {
  const given = config({}, { kubeStateMetrics: { standalone: true, scrape: 'job' }, controlPlane: { enabled: false } });
  // Debian's promtool is built without the discovery of pods.
  const jobs = scrapeJobs(given).map((job) => ({ ...job, kubernetes_sd_configs: undefined }));
  expect(jobs.map(({ job_name: name }) => name).slice(-2)).toEqual(['ethtool-node-exporter', 'kube-state-metrics']);
  await inTempDir(async (dir) => {
    await writeFile(join(dir, 'prometheus.yaml'), dump({ scrape_configs: jobs }, { skipInvalid: true }));
    const { code, stdout, stderr } = await promtool(['check', 'config', 'prometheus.yaml'], { cwd: dir });
    expect({ code, output: stdout + stderr }).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});
