import { describe, expect, test } from '@jest/globals';
import { chartsOf, chartValues, leaves } from '../../../support/chart-values.ts';
import { queriesOf } from '../../../support/artifacts.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { relabel } from '../../../support/relabel.ts';
import { scrapeJobs, stackValues } from '../../../support/values.ts';

const CHART = 'kube-state-metrics';
const config = (kubeStateMetrics: object = {}, more: object = {}) => ({
  ...more,
  kubeStateMetrics: { standalone: true, ...kubeStateMetrics },
});
const values = (given: object = {}, more: object = {}) => chartValues(CHART, config(given, more));

/** Keys of the chart. Upstream: prometheus-community/helm-charts, charts/kube-state-metrics/values.yaml, 8.4.0. */
const MONITOR = ['interval', 'honorLabels', 'relabelings'];
const DOCUMENTED = new Set([
  'replicas',
  'podDisruptionBudget',
  'autosharding.enabled',
  'collectors',
  'metricLabelsAllowlist',
  'metricAnnotationsAllowList',
  'prometheusScrape',
  'resources',
  'prometheus.monitor.enabled',
  'prometheus.monitor.additionalLabels',
  ...MONITOR.map((key) => `prometheus.monitor.http.${key}`),
]);
/** Before 5.19.1 without `http`. */
const OLDER = new Set(
  [...DOCUMENTED, ...MONITOR.map((key) => `prometheus.monitor.${key}`)].filter((key) => !key.includes('http')),
);

test.each([
  ['8.4.0', DOCUMENTED],
  ['5.19.1', DOCUMENTED],
  ['5.19.0', OLDER],
  ['5.17.0', OLDER],
])('%s: every key is one of the chart', (version, documented) => {
  for (const given of [{ version }, { version, replicas: 2 }, { version, scrape: 'job' }]) {
    expect(leaves(values(given), documented).filter((path) => !documented.has(path))).toEqual([]);
  }
  const { prometheus } = values({ version }) as { prometheus: { monitor: Record<string, unknown> } };
  expect('http' in prometheus.monitor).toBe(documented === DOCUMENTED);
  expect(prometheus.monitor['http'] ?? prometheus.monitor).toMatchObject({ honorLabels: true, interval: '30s' });
});

describe('collectors', () => {
  /** Collectors by the beginning of a metric's name. Upstream: kube-state-metrics, docs/metrics, a page for each kind. */
  const KINDS: Readonly<Record<string, string>> = {
    kube_pod_: 'pods',
    kube_node_: 'nodes',
    kube_replicaset_: 'replicasets',
    kube_job_: 'jobs',
    kube_service_: 'services',
    kube_namespace_: 'namespaces',
    kube_endpointslice_: 'endpointslices',
  };

  test.each([
    ['by default', {}],
    ['with the compatibility records', { rules: { compatibilityRecords: true } }],
    ['of bytes', { flows: { source: 'retina-standard' } }],
    ['of zones only', { flows: { granularity: 'zone' } }],
    ['of a source with workloads of its own', { flows: { source: 'netobserv' } }],
    ['of kubezonnet', { flows: { source: 'kubezonnet' } }],
  ])('are those behind the metrics that the rules and panels read, and no others: %s', (_name, more) => {
    const generated = generate(config({}, more));
    const read = new Set(
      queriesOf(generated.artifacts).flatMap((query) => query.match(/(?<![\w:])kube_[a-z_]+(?![\w:])/g) ?? []),
    );
    expect(read.size).toBeGreaterThan(3);
    const expected = [...read].map(
      (metric) => Object.entries(KINDS).find(([start]) => metric.startsWith(start))?.[1] ?? metric,
    );
    expect(values({}, more)['collectors']).toEqual([...new Set(expected)].toSorted());
  });
});

test('the labels of nodes, namespaces and endpoint slices are exported where they are read', () => {
  const controlPlane = { runs: false };
  const routing = { records: false };
  expect(values({}, {})).toMatchObject({
    metricLabelsAllowlist: [
      expect.stringMatching(/^nodes=/),
      'endpointslices=[kubernetes.io/service-name]',
      'namespaces=[kube-burner-uuid,kube-burner.io/uuid]',
    ],
  });
  expect(values({}, { controlPlane, zones: { nodeLabel: 'example.com/zone' } })).toMatchObject({
    metricLabelsAllowlist: [
      'nodes=[example.com/zone,node.kubernetes.io/instance-type,topology.kubernetes.io/zone]',
      'endpointslices=[kubernetes.io/service-name]',
    ],
  });
  expect(
    values({}, { controlPlane, routing, zones: { from: ['provider-id'] }, ethtool: { exporter: 'none' } }),
  ).not.toHaveProperty('metricLabelsAllowlist');
});

test('one or two, never shards', () => {
  expect(values()).toMatchObject({ replicas: 1, autosharding: { enabled: false } });
  expect(values()).not.toHaveProperty('podDisruptionBudget');
  expect(values({ replicas: 2 })).toMatchObject({ replicas: 2, podDisruptionBudget: { minAvailable: 1 } });
  expect(complaints(config({ replicas: 3 }))).toEqual(['kubeStateMetrics.replicas: got 3, expected at most 2']);
});

test('its own chart replaces the one in kube-prometheus-stack', () => {
  expect(chartsOf({})).not.toContain(CHART);
  expect(stackValues()).not.toHaveProperty('kubeStateMetrics');
  const stack = stackValues(config());
  expect(stack).toMatchObject({ kubeStateMetrics: { enabled: false } });
  expect(stack).not.toHaveProperty('kube-state-metrics');
});

describe('is scraped once, with the labels of the objects and that of the cluster', () => {
  test('by a ServiceMonitor', () => {
    expect(scrapeJobs(config()).map(({ job_name: name }) => name)).not.toContain('kube-state-metrics');
    expect(values({}, { monitors: { labels: { release: 'x' } } })).toMatchObject({
      prometheusScrape: false,
      prometheus: {
        monitor: {
          enabled: true,
          additionalLabels: { release: 'x' },
          http: {
            honorLabels: true,
            relabelings: [{ action: 'replace', targetLabel: 'cluster', replacement: 'production' }],
          },
        },
      },
    });
    expect(JSON.stringify(values({}, { cluster: { label: null } }))).not.toContain('relabelings');
    expect(values({ interval: '1m' })).toMatchObject({ prometheus: { monitor: { http: { interval: '1m' } } } });
  });

  test('or by a job', () => {
    const job = scrapeJobs(config({ scrape: 'job', namespace: 'ksm' })).find(({ job_name: name }) => name === CHART);
    expect(job).toMatchObject({
      honor_labels: true,
      scrape_interval: '30s',
      kubernetes_sd_configs: [
        { namespaces: { names: ['ksm'] }, selectors: [{ label: 'app.kubernetes.io/name=kube-state-metrics' }] },
      ],
    });
    const at = (port: string) => ({
      __address__: `10.0.0.1:${port}`,
      __meta_kubernetes_pod_container_port_number: port,
    });
    expect(relabel(job?.relabel_configs ?? [], at('8080'))).toMatchObject({ cluster: 'production' });
    expect(relabel(job?.relabel_configs ?? [], at('8081'))).toBeUndefined();
    expect(values({ scrape: 'job' })).toMatchObject({ prometheus: { monitor: { enabled: false } } });
  });
});

describe('requirements', () => {
  test('the chart is new enough for the addresses of nodes', () => {
    expect(complaints(config({ version: '5.17.0' }))).toEqual([]);
    expect(complaints(config({ version: '5.16.4' }))).toEqual([
      'kubeStateMetrics.version: got "5.16.4", expected 5.17.0 or newer, as kube_node_status_addresses, which maps addresses to ' +
        'nodes, needs kube-state-metrics 2.11',
    ]);
    expect(complaints({ kubeStateMetrics: { version: '1.0.0' } })).toEqual([]);
  });

  test('a rule reads its metrics', () => {
    const noFlows = { flows: { source: 'none' }, controlPlane: { enabled: false } };
    expect(complaints(config({}, { ...noFlows, workloads: { resources: false } }))).toEqual([
      'kubeStateMetrics.standalone: got true, expected false, as flows.source is none, workloads.resources and controlPlane.enabled are false, and no rule reads its metrics',
    ]);
    expect(complaints(config({}, noFlows))).toEqual([]);
    expect(complaints(config({}, { flows: { source: 'none' }, workloads: { resources: false } }))).toEqual([]);
  });
});
