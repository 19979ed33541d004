import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generateCluster } from '../../../bench/generate.ts';
import { routedServices } from '../../../bench/model/routing.ts';
import { deschedulerFamilies } from '../../../bench/series/descheduler.ts';
import { kubeStateMetricsFamilies } from '../../../bench/series/kube-state-metrics.ts';
import { EVICTIONS, ROUTING_METRICS, STATE_METRICS } from '../../../generators/routing/metrics.ts';
import { generate } from '../../support/generate.ts';
import { metricsOf } from '../../support/promql.ts';

const METRICS = Object.values(STATE_METRICS);
const generated = generateCluster({ seed: 3, name: 'production', nodes: 4, pods: 20 });
const cluster = {
  ...generated,
  services: routedServices(generated),
  evictions: [{ namespace: 'shop', node: 'a', perHour: 60 }],
};
/** Nodes of the synthetic cluster have no role, as those of EKS. */
const exposed = METRICS.filter(({ name }) => name !== STATE_METRICS.nodeRoles.name);

test.each(exposed.map((metric) => [metric.name, metric] as const))(
  'the simulator exposes %s with the labels and the type that the rules read',
  (name, { labels, type }) => {
    const family = kubeStateMetricsFamilies(cluster).find((one) => one.name === name);
    expect(family?.type).toBe(type);
    const seen = new Set(family?.series.flatMap((one) => Object.keys(one.labels)));
    // The annotation's older name is on none of its Services.
    const optional = new Set(['annotation_service_kubernetes_io_topology_aware_hints']);
    expect(labels.filter((label) => !seen.has(label) && !optional.has(label))).toEqual([]);
  },
);

test('the simulator exposes evictions under the names and labels that the panels read', () => {
  const families = deschedulerFamilies(cluster);
  expect(families.map(({ name }) => name)).toEqual(EVICTIONS.names);
  for (const { type, series } of families) {
    expect(type).toBe(EVICTIONS.type);
    expect(series.flatMap(({ labels }) => Object.keys(labels)).toSorted()).toEqual([...EVICTIONS.labels].toSorted());
  }
});

describe('every metric that rules and panels read', () => {
  const { bundle } = generate({ descheduler: { enabled: true }, flows: { source: 'retina-hubble' } });
  const rules = bundle.ruleFiles.flatMap(({ groups }) => groups).flatMap((group) => group.rules);
  const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
  const own = bundle.ruleFiles
    .filter(({ name }) => name === 'zone-routing')
    .flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ expr }) => expr.text)));
  const panels = bundle.dashboards
    .filter(({ uid }) => uid === 'zone-routing')
    .flatMap(({ sections, annotations = [] }) => [
      ...sections.flatMap((section) =>
        section.panels.flatMap(({ panel }) => panel.targets.map(({ expr }) => expr.text.replaceAll('$__range', '1h'))),
      ),
      ...annotations.map(({ expr }) => expr.text),
    ]);
  const known = new Set<string>([...METRICS.map(({ name }) => name), ...EVICTIONS.names, 'ALERTS']);

  test('is recorded, or exported by a version that the table names', () => {
    const read = [...own, ...panels].flatMap(metricsOf);
    expect(read.length).toBeGreaterThan(50);
    expect([...new Set(read)].filter((metric) => !recorded.has(metric) && !known.has(metric))).toEqual([]);
  });

  test('is read at all: the table has no name too many', () => {
    const read = new Set([...own, ...panels].flatMap(metricsOf));
    expect([...known].filter((metric) => !read.has(metric))).toEqual([]);
  });
});

test('docs/compatibility.md says since when each is exported, and where', () => {
  const text = readFileSync(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');
  for (const { name, since, source } of METRICS) {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect({ name, row: row?.includes(since) === true && row.includes(source) }).toEqual({ name, row: true });
  }
  EVICTIONS.names.forEach((name, index) => expect(text).toContain(`\`${name}\` (${EVICTIONS.since[index] ?? ''}`));
});

test('values for kube-state-metrics have it export them', () => {
  const values = load(generate().file('helm-values/kube-prometheus-stack.yaml')) as {
    'kube-state-metrics': Readonly<Record<string, readonly string[]>>;
  };
  const lists = values['kube-state-metrics'];
  expect(lists['metricLabelsAllowlist']).toContain('endpointslices=[kubernetes.io/service-name]');
  expect(lists['metricAnnotationsAllowList']).toEqual([
    'services=[service.kubernetes.io/topology-aware-hints,service.kubernetes.io/topology-mode]',
  ]);
  const alone = load(
    generate({ kubeStateMetrics: { standalone: true } }).file('helm-values/kube-state-metrics.yaml'),
  ) as {
    collectors: readonly string[];
  };
  expect(alone.collectors).toEqual(expect.arrayContaining([...ROUTING_METRICS.resources]));
  const without = load(generate({ routing: { records: false } }).file('helm-values/kube-prometheus-stack.yaml'));
  expect(JSON.stringify(without)).not.toContain('metricAnnotationsAllowList');
  expect(JSON.stringify(without)).not.toContain('endpointslices');
});
