import { describe, expect, test } from '@jest/globals';
import { chartValues, type Data } from '../../../support/chart-values.ts';
import { readLabels } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';
import { scrapeJobs } from '../../../support/values.ts';

const SOURCE = { flows: { source: 'cilium-hubble' } };
const config = (cilium: object = {}, more: object = SOURCE) => ({ ...more, cilium: { values: 'full', ...cilium } });
const values = (cilium: object = {}, more: object = SOURCE) => chartValues('cilium', config(cilium, more));

const metricsOf = (given: Data) => (given as { hubble: { metrics: { enabled: string[] } } }).hubble.metrics.enabled;

describe('Hubble', () => {
  const ENDS =
    'labelsContext=source_ip,source_namespace,source_workload,destination_ip,destination_namespace,destination_workload,traffic_direction';

  test('has the metrics, entries without spaces', () => {
    const metrics = metricsOf(values());
    expect(metrics.map((entry) => entry.split(':')[0])).toEqual([
      'flow',
      'dns',
      'drop',
      'tcp',
      'port-distribution',
      'icmp',
      'httpV2',
    ]);
    expect(metricsOf(chartValues('cilium', SOURCE))).toEqual(metrics);
    expect(metrics.filter((entry) => /\s/.test(entry))).toEqual([]);
    expect(metrics).toContain(`httpV2:exemplars=true;${ENDS}`);
    expect(values()).toMatchObject({ hubble: { metrics: { enableOpenMetrics: true } } });
  });

  test('has those of the configuration, and OpenMetrics only for exemplars', () => {
    const given = values({ hubbleMetrics: ['drop:sourceContext=pod', 'http'] });
    expect(metricsOf(given).filter((entry) => !entry.startsWith('flow') && !entry.startsWith('dns'))).toEqual([
      // In place of the entry for drops: the labels that the rules read.
      expect.stringMatching(/^drop:labelsContext=/),
      expect.stringMatching(/^tcp:labelsContext=/),
      'http',
    ]);
    expect(given).not.toHaveProperty('hubble.metrics.enableOpenMetrics');
  });

  test('puts exactly the labels on flows that the rules read', () => {
    const { hubble_flows_processed_total: read = [] } = readLabels(generate(config()));
    const given = new Set(['protocol', 'type', 'subtype', 'verdict']);
    const flow = metricsOf(values()).find((entry) => entry.startsWith('flow:')) ?? '';
    expect(flow.replace('flow:labelsContext=', '').split(',').toSorted()).toEqual(
      read.filter((label) => !given.has(label)),
    );
  });

  test('puts both ends on flows that no rule reads', () => {
    expect(metricsOf(values({}, { flows: { source: 'obi' } }))).toContain(`flow:${ENDS}`);
  });

  test('is scraped once', () => {
    const monitor = (given: Data) =>
      (given as { hubble: { metrics: { serviceMonitor: { enabled: boolean } } } }).hubble.metrics.serviceMonitor
        .enabled;
    const names = (given: object) => scrapeJobs(given).map(({ job_name: name }) => name);
    expect([monitor(values()), names(config()).includes('cilium-hubble')]).toEqual([false, true]);
    const other = { flows: { source: 'obi' } };
    expect([monitor(values({}, other)), names(config({}, other)).includes('cilium-hubble')]).toEqual([true, false]);
    // --reuse-values would keep an existing ServiceMonitor.
    expect([monitor(chartValues('cilium', SOURCE)), names(SOURCE).includes('cilium-hubble')]).toEqual([false, true]);
  });
});

describe('monitors', () => {
  test('set node, instance and cluster, and carry the labels by which Prometheus selects them', () => {
    const given = values(
      {},
      { ...SOURCE, cluster: { label: 'k8s', name: 'a$1' }, monitors: { labels: { team: 'net' } } },
    );
    const serviceMonitor = {
      enabled: true,
      labels: { team: 'net' },
      interval: '30s',
      relabelings: [
        { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'node' },
        { action: 'replace', sourceLabels: ['__meta_kubernetes_pod_node_name'], targetLabel: 'instance' },
        { action: 'replace', targetLabel: 'k8s', replacement: 'a$$1' },
      ],
    };
    expect(given).toMatchObject({
      prometheus: { enabled: true, port: 9962, serviceMonitor },
      operator: { prometheus: { enabled: true, port: 9963, serviceMonitor } },
      envoy: { prometheus: { serviceMonitor } },
    });
  });

  test('can be disabled', () => {
    expect(values({ serviceMonitors: false })).toMatchObject({
      prometheus: { enabled: true, serviceMonitor: { enabled: false } },
    });
  });
});
