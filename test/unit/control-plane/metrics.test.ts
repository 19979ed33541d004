import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import { targetsOf } from '../../../bench/targets.ts';
import {
  controlPlaneNames,
  controlPlaneQueries,
  labelsOf,
  type Metric,
  type MetricName,
  METRICS,
} from '../../../generators/control-plane/index.ts';
import { isRecording } from '../../../generators/model/rules.ts';
import { underLoad } from '../../e2e/control-plane.ts';
import { generate } from '../../support/generate.ts';
import { inlineCode, tableRows } from '../../support/markdown.ts';
import { metricsOf } from '../../support/promql.ts';

const generated = generate({ controlPlane: { managed: false, alerts: true } });
const rules = generated.bundle.ruleFiles
  .filter(({ name }) => name === 'control-plane')
  .flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const records = new Set(rules.filter(isRecording).map(({ record }) => record));
const dashboard = generated.bundle.dashboards.find(({ uid }) => uid === 'cluster-scale');
const panels = dashboard?.sections.flatMap((section) => section.panels) ?? [];

/** The name in the table: without what a histogram adds. */
const base = (metric: string): string => {
  const whole = metric.replace(/_(?:bucket|count|sum)$/, '');
  return (METRICS as Readonly<Record<string, Metric>>)[whole]?.type === 'histogram' ? whole : metric;
};

test('rules and panels read no metric that no supported version exports, and the table has none that nobody reads', () => {
  const read = rules.flatMap(({ expr }) => metricsOf(expr.text)).filter((metric) => !records.has(metric));
  expect([...new Set(read.map(base))].toSorted()).toEqual(Object.keys(METRICS).toSorted());
  const shown = panels.flatMap(({ panel }) => panel.targets.flatMap(({ expr }) => metricsOf(expr.text)));
  expect([...new Set(shown)].filter((metric) => metric !== 'ALERTS' && !records.has(metric))).toEqual([]);
});

test('docs/compatibility.md has the same table', () => {
  const rows = tableRows(readFileSync('docs/compatibility.md', 'utf8'), 'Control plane', 'metric');
  const told = rows.map(([name = '', type = '', labels = '', versions = '']) => ({
    name: inlineCode(name)[0],
    type,
    labels: [...new Set(inlineCode(labels))].toSorted(),
    deprecated: /deprecated since ([\d.]+)/.exec(versions)?.[1],
  }));
  const known = Object.entries(METRICS as Readonly<Record<string, Metric>>).map(([name, { type, deprecated }]) => ({
    name,
    type,
    labels: labelsOf(name as MetricName).toSorted(),
    deprecated,
  }));
  expect(told).toEqual(known);
});

describe('the synthetic cluster', () => {
  const cluster = underLoad(generateCluster({ seed: 5 }));
  const targets = targetsOf(cluster, {
    sources: [],
    exporters: () => [],
    kubeStateMetricsReplicas: 1,
    controlPlane: ['api-servers', 'queues', 'members', 'kubelets'],
  });
  const jobs: Readonly<Record<Metric['from'], string>> = {
    apiServer: 'apiserver',
    scheduler: 'kube-scheduler',
    controllerManager: 'kube-controller-manager',
    etcd: 'kube-etcd',
    kubelet: 'kubelet-pods',
    stateMetrics: 'kube-state-metrics',
  };
  const families = new Map(
    targets.flatMap(({ job, families: make }) => make().map((family) => [`${job} ${family.name}`, family] as const)),
  );

  test.each(Object.entries(METRICS as Readonly<Record<string, Metric>>))(
    'exposes %s with its type, and no label that Kubernetes before 1.34 has not',
    (name, { from, type, labels, labelsByVersion }) => {
      const family = families.get(`${jobs[from]} ${name}`);
      expect(family?.type).toBe(type);
      const exposed = new Set(family?.series.flatMap((series) => Object.keys(series.labels)));
      exposed.delete('le');
      // kube-state-metrics has more, and the labels of namespaces only where they are set.
      const known = [...labels, ...(labelsByVersion?.before134 ?? [])];
      const others = [...exposed].filter((label) => !known.includes(label));
      expect(known.filter((label) => !exposed.has(label) && !label.startsWith('label_'))).toEqual([]);
      expect(from === 'stateMetrics' ? [] : others).toEqual([]);
    },
  );

  test('exposes nothing else as the control plane, and nothing of it unless asked', () => {
    const others = [...families.keys()].filter(
      (key) => !key.startsWith('kube-state-metrics') && !(key.split(' ')[1] ?? '' in METRICS),
    );
    expect(others).toEqual([]);
    const jobsOf = (plane: object) =>
      targetsOf(cluster, { sources: [], exporters: () => [], ...plane }).map(({ job }) => job);
    expect(jobsOf({}).every((job) => job === 'kube-state-metrics')).toBe(true);
    expect(new Set(jobsOf({ controlPlane: ['members'] }))).toEqual(new Set(['kube-etcd', 'kube-state-metrics']));
  });
});

describe('queries for load tests', () => {
  const { config } = generated;

  test('are records that exist, each under a name of its own', () => {
    const queries = controlPlaneQueries(config);
    expect(queries.map(({ query }) => query.text).filter((record) => !records.has(record))).toEqual([]);
    const metricNames = queries.map(({ metricName }) => metricName);
    expect(new Set(metricNames).size).toBe(metricNames.length);
    // All but those that only the dashboard needs.
    const { places, run, runPods, ...judged } = controlPlaneNames(config);
    expect(queries.map(({ query }) => query.text).toSorted()).toEqual(Object.values(judged).toSorted());
    expect([places, run, runPods].every((record) => records.has(record))).toBe(true);
  });

  test('leave out what a provider does not show, and all without records', () => {
    const of = (given: object) => controlPlaneQueries(generate(given).config).map(({ metricName }) => metricName);
    expect(of({})).not.toContain('etcdFsync');
    expect(of({})).toContain('schedulerPendingPods');
    const gke = of({ cloud: { provider: 'gcp' } });
    expect(gke).toContain('apiServerLatency');
    expect(gke.filter((name) => /scheduler|controller|Fsync/.test(name))).toEqual([]);
    expect(of({ controlPlane: { enabled: false } })).toEqual([]);
  });
});
