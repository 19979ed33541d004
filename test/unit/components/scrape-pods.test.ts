import { describe, expect, test } from '@jest/globals';
import { EXPORTERS, FLOW_SOURCES } from '../../../generators/index.ts';
import { relabel } from '../../support/relabel.ts';
import { podJobs } from '../../support/values.ts';

const META = '__meta_kubernetes_pod_';

/** All jobs: of all sources, of all exporters of ENA counters, and of optional components. */
const JOBS = new Map(
  FLOW_SOURCES.flatMap((source) =>
    EXPORTERS.flatMap((exporter) =>
      podJobs({
        flows: { source },
        ethtool: { exporter },
        nodeLocalDns: { scrape: true },
        kubeStateMetrics: { standalone: true, scrape: 'job' },
      }),
    ),
  ).map((job) => [job.job_name, job]),
);

/** A port and container that the job keeps, read from its own steps. */
const kept = (steps: readonly { action?: string; source_labels?: readonly string[]; regex?: string }[]) =>
  Object.fromEntries(
    steps.flatMap(({ action, source_labels: [label = ''] = [], regex = '' }) =>
      // One of several containers.
      action === 'keep' ? [[label, regex.replace(/\|.*/, '')]] : [],
    ),
  );

describe.each([...JOBS.values()].map((job) => [job.job_name, job] as const))('%s', (_name, job) => {
  const steps = job.relabel_configs;
  const target = { __address__: '10.0.0.1:80', [`${META}node_name`]: 'n', [`${META}ip`]: '10.0.0.1', ...kept(steps) };

  // The operator drops finished pods of a PodMonitor; their address may belong to another pod by now.
  test.each([
    ['Pending', true],
    ['Running', true],
    ['Unknown', true],
    ['Failed', false],
    ['Succeeded', false],
  ])('of pods that are %s: scraped %j', (phase, expected) => {
    expect(relabel(steps, { ...target, [`${META}phase`]: phase }) !== undefined).toBe(expected);
  });

  test('of an IPv6 pod is scraped at the port that it has on IPv4', () => {
    const port = Number(kept(steps)[`${META}container_port_number`] ?? 80);
    const at = (address: string, ip: string) =>
      relabel(steps, {
        ...target,
        __address__: address,
        [`${META}ip`]: ip,
        [`${META}annotation_prometheus_io_port`]: '',
      })?.['__address__'];
    const asIPv4 = at(`10.0.0.1:${port}`, '10.0.0.1');
    expect(at(`[fd00::1]:${port}`, 'fd00::1')).toBe(asIPv4?.replace('10.0.0.1', '[fd00::1]'));
  });
});

// Prometheus gives a container without ports the bare address of its pod. Upstream: prometheus, discovery/kubernetes/pod.go, buildPod.
test.each([
  ['networkobservability-hubble', 9965],
  ['cilium-hubble', 9965],
  ['ethtool-exporter', 9417],
  ['netobserv-agent', 9400],
])('%s needs no declared port on IPv6', (name, port) => {
  const steps = JOBS.get(name)?.relabel_configs ?? [];
  const bare = { ...kept(steps), __address__: 'fd00::1', [`${META}ip`]: 'fd00::1' };
  expect(relabel(steps, bare)).toMatchObject({ __address__: `[fd00::1]:${port}` });
  const ports = [1, 2].map((declared) => relabel(steps, { ...bare, __address__: `[fd00::1]:${declared}` }));
  expect(ports).toEqual([relabel(steps, bare), relabel(steps, bare)]);
});
