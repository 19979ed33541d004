import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';
import { rendered } from '../../../support/helm.ts';
import { relabel, type RelabelConfig } from '../../../support/relabel.ts';
import { stackValues } from '../../../support/values.ts';

interface Relabeling {
  readonly action?: RelabelConfig['action'];
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly replacement?: string;
}

interface Monitor {
  readonly spec: {
    readonly jobLabel: string;
    readonly endpoints: readonly [
      {
        readonly path: string;
        readonly honorLabels: boolean;
        readonly relabelings: readonly Relabeling[];
        readonly metricRelabelings: readonly Relabeling[];
      },
    ];
  };
}

/** Steps of a monitor as Prometheus reads them. */
const steps = (relabelings: readonly Relabeling[]): readonly RelabelConfig[] =>
  relabelings.map(({ sourceLabels, targetLabel, ...rest }) => ({
    ...rest,
    ...(sourceLabels !== undefined && { source_labels: sourceLabels }),
    ...(targetLabel !== undefined && { target_label: targetLabel }),
  })) as readonly RelabelConfig[];

const TARGET = { __metrics_path__: '/metrics/cadvisor', job: 'kubelet', node: 'ip-10-0-0-1' };
const lists = (given: object = {}) =>
  (
    stackValues(given) as {
      readonly kubelet?: { readonly serviceMonitor: Readonly<Record<string, readonly Relabeling[]>> };
    }
  ).kubelet?.serviceMonitor ?? {};

describe('the values for kube-prometheus-stack', () => {
  const pages = ['relabelings', 'cAdvisorRelabelings', 'probesRelabelings', 'resourceRelabelings'];

  test('keep the path of each page, and add the cluster label', () => {
    expect(Object.keys(lists()).toSorted()).toEqual(pages.toSorted());
    for (const page of pages) {
      expect(relabel(steps(lists()[page] ?? []), TARGET)).toMatchObject({
        metrics_path: '/metrics/cadvisor',
        cluster: 'production',
        job: 'kubelet',
      });
    }
  });

  test('have a cluster name that survives the templates of the chart', () => {
    const name = 'a {{ b }} c';
    const [, step] = lists({ cluster: { name } })['cAdvisorRelabelings'] ?? [];
    expect(step?.replacement).not.toBe(name);
    expect(rendered(step?.replacement ?? '')).toBe(name);
  });

  test('leave the lists of the chart alone without a cluster label, and without resources', () => {
    expect(lists({ cluster: { label: null } })).toEqual({});
    expect(lists({ workloads: { resources: false }, controlPlane: { enabled: false } })).toEqual({});
  });
});

describe('the ServiceMonitor', () => {
  const given = { monitors: { enabled: true }, targets: ['manifests'] };
  const path = 'manifests/monitors/kubelet.yaml';
  const [endpoint] = (load(generate(given).file(path)) as Monitor).spec.endpoints;

  test('gives series the labels of the job that the collector runs', () => {
    expect(endpoint.path).toBe('/metrics/cadvisor');
    expect(endpoint.honorLabels).toBe(true);
    expect(relabel(steps(endpoint.relabelings), TARGET)).toMatchObject({
      metrics_path: '/metrics/cadvisor',
      cluster: 'production',
    });
  });

  test.each([
    ['a container', { __name__: 'container_memory_rss', pod: 'p', container: 'c' }, true],
    ['the network of a pod', { __name__: 'container_network_receive_bytes_total', pod: 'p', container: '' }, true],
    ['the root cgroup', { __name__: 'container_memory_rss', pod: '', container: '' }, false],
    ['a metric that no rule reads', { __name__: 'container_fs_reads_total', pod: 'p', container: 'c' }, false],
  ])('keeps %s: %j', (_name, series, isKept) => {
    expect(relabel(steps(endpoint.metricRelabelings), series) !== undefined).toBe(isKept);
  });

  test('is written only where no chart brings one', () => {
    const isWritten = (more: object) =>
      generate({ ...given, ...more }).artifacts.some((artifact) => artifact.path === path);
    expect(isWritten({})).toBe(true);
    expect(isWritten({ targets: ['manifests', 'kube-prometheus-stack'] })).toBe(false);
    expect(isWritten({ monitors: { enabled: false } })).toBe(false);
    expect(isWritten({ workloads: { resources: false } })).toBe(true);
    expect(isWritten({ workloads: { resources: false }, controlPlane: { enabled: false } })).toBe(false);
  });
});
