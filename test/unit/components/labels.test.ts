import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import {
  ebpfExported,
  hubbleContext,
  hubblePacketsExported,
  packetLabels,
  hubbleExported,
  readLabels,
} from '../../support/exported.ts';
import { generate } from '../../support/generate.ts';

/** Labels of an export: those that are read, and those that Hubble always attaches. */
const hubbleRead = (labels: readonly string[] = []) =>
  [...new Set([...labels, 'protocol', 'type', 'subtype', 'verdict'])].toSorted();

describe.each([
  ['retina-hubble', 'retina-hubble'],
  ['cilium-hubble', 'cilium'],
] as const)('%s', (source, chart) => {
  test.each(['default', 'server-side', 'client-side', 'compatibility', 'traffic_direction="egress"'])(
    'exports exactly what the rules of the selection %s read',
    (select) => {
      const generated = generate({ flows: { source, select } });
      const { hubble_flows_processed_total: read } = readLabels(generated);
      expect(hubbleExported(generated, chart)).toEqual({ hubble_flows_processed_total: hubbleRead(read) });
      const context = hubbleContext(generated, chart);
      expect(new Set(context).size).toBe(context.length);
    },
  );

  test('attaches a label that custom matchers read', () => {
    const generated = generate({ flows: { source, select: 'source_workload="a",traffic_direction="ingress"' } });
    expect(hubbleContext(generated, chart)).toContain('source_workload');
  });
});

test.each([
  ['retina-hubble', 'retina-hubble'],
  ['cilium-hubble', 'cilium'],
] as const)('%s exports the labels that rules read of dropped and reset packets', (source, chart) => {
  const generated = generate({ flows: { source } });
  const [exported, read] = [hubblePacketsExported(generated, chart), packetLabels(generated)];
  expect(Object.keys(read)).toEqual(Object.keys(exported));
  for (const [metric, labels] of Object.entries(read))
    expect(exported[metric]).toEqual(expect.arrayContaining([...labels]));
  // Nothing beyond these and what Hubble adds by itself.
  expect(Object.values(exported).flat()).toHaveLength(Object.values(read).flat().length + 2);
  const off = generate({ flows: { source }, flowPipeline: { packets: false } });
  expect(off.file(`helm-values/${chart}.yaml`)).not.toContain('drop:labelsContext');
});

test('the values of cilium are metrics and their ports', () => {
  const values = load(generate({ flows: { source: 'cilium-hubble' } }).file('helm-values/cilium.yaml'));
  const serviceMonitor = { enabled: false };
  expect(values).toEqual({
    prometheus: {
      enabled: true,
      port: 9962,
      metrics: expect.arrayContaining(['+cilium_reconciler_errors_current']),
      serviceMonitor,
    },
    operator: { prometheus: { enabled: true, port: 9963, serviceMonitor } },
    envoy: { prometheus: { serviceMonitor } },
    hubble: {
      enabled: true,
      metrics: {
        port: 9965,
        enableOpenMetrics: true,
        enabled: [
          expect.stringMatching(/^flow:\S+$/),
          expect.stringMatching(/^dns:\S+$/),
          expect.stringMatching(/^drop:\S+$/),
          expect.stringMatching(/^tcp:\S+$/),
          'port-distribution',
          'icmp',
          expect.stringMatching(/^httpV2:\S+$/),
        ],
        serviceMonitor,
      },
    },
  });
});

describe.each([
  ['obi', 'opentelemetry-ebpf-instrumentation'],
  ['beyla', 'beyla'],
] as const)('%s', (source, chart) => {
  const file = `helm-values/${chart}.yaml`;

  test.each([[['bytes']], [['packets']], [['bytes', 'packets']]])(
    'exports exactly what the rules read of %j',
    (units) => {
      const generated = generate({ flows: { source, units } });
      const exported = ebpfExported(generated, source, chart);
      expect(exported).toEqual(readLabels(generated));
      expect(Object.keys(exported)).toHaveLength(units.length);
    },
  );

  test('attaches a label that custom matchers read', () => {
    const generated = generate({ flows: { source, select: 'iface_direction="ingress"', units: ['bytes'] } });
    expect(ebpfExported(generated, source, chart)).toEqual(readLabels(generated));
  });

  test('measures all traffic, exports to Prometheus only, and listens where it is scraped', () => {
    const values = load(generate({ flows: { source }, [source]: { port: 9999 } }).file(file));
    expect(values).toMatchObject({
      preset: 'network',
      config: {
        data: { filter: null, prometheus_export: { port: 9999 }, attributes: { kubernetes: { enable: true } } },
      },
    });
  });

  test('exports what it loses, on the page of the flows', () => {
    const values = load(generate({ flows: { source }, [source]: { port: 9999 } }).file(file));
    const page = { port: 9999, path: '/metrics' };
    expect(values).toMatchObject({
      config: { data: { prometheus_export: page, internal_metrics: { exporter: 'prometheus', prometheus: page } } },
    });
  });
});

test("exporters that obi's chart enables are off", () => {
  const values = load(
    generate({ flows: { source: 'obi' } }).file('helm-values/opentelemetry-ebpf-instrumentation.yaml'),
  );
  expect(values).toMatchObject({ config: { data: { otel_traces_export: null, otel_metrics_export: null } } });
});

test('kubezonnet has nothing to configure', () => {
  const generated = generate({ flows: { source: 'kubezonnet' } });
  // Upstream: polarsignals/kubezonnet, cmd/server.
  expect(readLabels(generated)).toEqual({ pod_cross_zone_network_traffic_bytes_total: ['namespace', 'pod'] });
  expect(generated.artifacts.map(({ path }) => path).filter((path) => /^(helm-values|manifests)\//.test(path))).toEqual(
    ['helm-values/kube-prometheus-stack.yaml'],
  );
});
