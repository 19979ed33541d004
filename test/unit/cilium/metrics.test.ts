import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { Cilium } from '../../../bench/model/cilium.ts';
import { targetsOf } from '../../../bench/targets.ts';
import { CILIUM_METRICS, type CiliumMetric, TURNED_ON } from '../../../generators/cilium/index.ts';
import { isRecording } from '../../../generators/index.ts';
import { STACK_CILIUM } from '../../e2e/cilium-state.ts';
import { generate } from '../../support/generate.ts';
import { tableRows } from '../../support/markdown.ts';
import { metricsOf } from '../../support/promql.ts';

const METRICS: Readonly<Record<string, CiliumMetric>> = CILIUM_METRICS;

/** Every program's metrics, of a simulated version; the loss of Hubble's events at its own target. */
function familiesOf(version: Cilium['version']) {
  const cilium: Cilium = {
    ...STACK_CILIUM,
    version,
    agent: (node, index) => ({ ...STACK_CILIUM.agent(node, index), hubbleLost: { observer_events_queue: 1 } }),
  };
  const cluster = { ...generateCluster({ seed: 3, name: 'c', nodes: 3, pods: 12 }), cilium };
  return (
    targetsOf(cluster, { sources: ['cilium-hubble'] })
      .filter(({ job }) => job.startsWith('cilium-'))
      .flatMap((target) => target.families())
      // Its flows and packets are read by other domains.
      .filter(({ name }) => !/^hubble_(?:flows_processed|drop|tcp_flags)_total$/.test(name))
  );
}

const isIn = ({ since, until }: CiliumMetric, version: string): boolean =>
  since <= version && (until === undefined || version <= until);

describe.each(['1.16', '1.17', '1.18', '1.19'] as const)('a simulated Cilium %s', (version) => {
  const families = familiesOf(version);

  test('exposes the metrics of that version that Azimuth reads, and no others', () => {
    const wanted = Object.entries(METRICS).flatMap(([name, metric]) => (isIn(metric, version) ? [name] : []));
    expect([...new Set(families.map(({ name }) => name))].toSorted()).toEqual(wanted.toSorted());
  });

  test('gives them the type and the labels of the table', () => {
    const wrong = families.flatMap(({ name, type, series }) => {
      const known = METRICS[name];
      const labels = new Set(series.flatMap((one) => Object.keys(one.labels)).filter((label) => label !== 'le'));
      const unknown = [...labels].filter((label) => known?.labels.includes(label) === false);
      return type === known?.type && unknown.every((label) => ['failure_type', 'queue'].includes(label))
        ? []
        : [{ name, type, unknown }];
    });
    expect(wrong).toEqual([]);
  });
});

describe('what is read', () => {
  const all = { health: 'always', ipam: 'eni', encryption: 'ipsec', endpointSlices: true };
  const { bundle } = generate({ flows: { source: 'cilium-hubble' }, cilium: all });
  const rules = bundle.ruleFiles
    .filter(({ name }) => name === 'cilium')
    .flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const records = new Set(rules.flatMap((rule) => (isRecording(rule) ? [rule.record] : [])));
  const dashboard = bundle.dashboards.find(({ uid }) => uid === 'cilium-health');
  const queries = [
    ...rules.map(({ expr }) => expr.text),
    ...(dashboard?.sections ?? []).flatMap(({ panels }) =>
      panels.flatMap(({ panel }) => panel.targets.map(({ expr }) => expr.text)),
    ),
  ];
  /** `{__name__=~"a|b"}` reads both. */
  const named = (query: string): readonly string[] =>
    [...query.matchAll(/__name__=~"([^"]+)"/g)].flatMap(([, names = '']) => names.split('|'));
  const read = new Set(queries.flatMap((query) => [...metricsOf(query), ...named(query)]));
  /** A histogram by its name. */
  const whole = (name: string): string => {
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    return METRICS[base]?.type === 'histogram' ? base : name;
  };

  test('is a record, or what a supported version exports', () => {
    const others = new Set(['up', 'kube_node_info', 'ALERTS']);
    expect(queries.length).toBeGreaterThan(80);
    expect([...read].filter((name) => !records.has(name) && !others.has(name) && !(whole(name) in METRICS))).toEqual(
      [],
    );
  });

  test('is all that the table has, and every record is read or kept for runbooks', () => {
    const known = new Set([...read].map((name) => whole(name)));
    // Beside how long it takes, the dashboard does not count runs.
    expect(Object.keys(METRICS).filter((name) => !known.has(name))).toEqual([
      'cilium_datapath_conntrack_gc_runs_total',
    ]);
    expect([...records].filter((name) => !read.has(name))).toEqual([]);
  });

  test('uses a histogram by its parts, and nothing else so', () => {
    const wrong = [...read].filter((name) => METRICS[name]?.type === 'histogram');
    expect(wrong).toEqual([]);
  });
});

test('what is off by default is turned on', () => {
  expect(TURNED_ON).toEqual(
    Object.entries(METRICS).flatMap(([name, { isOff }]) => (isOff === true ? [`+${name}`] : [])),
  );
  expect(TURNED_ON.length).toBeGreaterThan(2);
});

test('docs/compatibility.md lists the same', () => {
  const rows = tableRows(readFileSync('docs/compatibility.md', 'utf8'), "Cilium's metrics", 'metric');
  const written = ({ since, until, isOff }: CiliumMetric): string => {
    const range = until === undefined ? (since === '1.16' ? 'all' : `from ${since}`) : `to ${until}`;
    return isOff === true ? `${range}, off by default` : range;
  };
  expect(rows.map(([name, type, labels, by, versions, source]) => [name, type, labels, by, versions, source])).toEqual(
    Object.entries(METRICS).map(([name, metric]) => [
      `\`${name}\``,
      metric.type,
      metric.labels.join(', '),
      metric.by,
      written(metric),
      `\`${metric.source}\``,
    ]),
  );
});
