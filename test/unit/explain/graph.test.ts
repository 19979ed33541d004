import { describe, expect, test } from '@jest/globals';
import { exporterOf } from '../../../generators/explain/exporters.ts';
import { graphOf } from '../../../generators/explain/graph.ts';
import { isRecording, ruleName } from '../../../generators/index.ts';
import { readsOf, recordsIn } from '../../../generators/promql/reads.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { metricsOf } from '../../support/promql.ts';

const CONFIGURATIONS: readonly object[] = [
  ...EVERY_SOURCE,
  ...['cloudwatch-agent', 'network-flow-monitor', 'node-exporter'].map((exporter) => ({ ethtool: { exporter } })),
  { descheduler: { enabled: true }, controlPlane: { managed: false }, dns: { enabled: true } },
  { flows: { source: 'cilium-hubble' }, cilium: { values: 'full', health: 'always' } },
];

describe.each(CONFIGURATIONS.map((given) => [JSON.stringify(given).slice(0, 90), given] as const))('%s', (_, given) => {
  const { bundle, config } = generate(given);
  const graph = graphOf(bundle);

  test('whatever is read is recorded, or is exported by somebody who is known', () => {
    const unknown = [...graph.metrics].filter((metric) => exporterOf(config, metric) === undefined);
    expect(graph.metrics.size).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  });

  test('readers of a name are the rules that name it, by the grammar', () => {
    const rules = bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    // Names in a regular expression are found as well, so there may be more readers than those.
    for (const rule of rules) {
      for (const name of new Set(metricsOf(rule.expr.text))) {
        const { records, alerts } = graph.readersOf(name);
        expect(isRecording(rule) ? records : alerts).toContain(ruleName(rule));
      }
    }
  });

  test('the records that a panel names are those of the grammar', () => {
    const panels = [...graph.panels.values()];
    expect(panels.length).toBeGreaterThan(0);
    for (const { placed } of panels) {
      for (const { expr } of placed.panel.targets) {
        const { names, patterns } = readsOf(expr.text);
        const all = [...names, ...patterns.flatMap((pattern) => pattern.split('|'))];
        const records = new Set(all.filter((name) => name.includes(':')));
        expect(recordsIn(expr.text).toSorted()).toEqual([...records].toSorted());
      }
    }
  });

  test('each panel ends with its records', () => {
    for (const { placed } of graph.panels.values()) {
      const records = [...new Set(placed.panel.targets.flatMap(({ expr }) => recordsIn(expr.text)))];
      const [last = ''] = placed.panel.description.split('\n').slice(-1);
      const named = /^Records?: (.*)$/.exec(last)?.[1]?.split(', ') ?? [];
      expect(named).toEqual(records);
    }
  });
});

test.each([
  ['kube_pod_info', 'kube-state-metrics'],
  ['etcd_request_duration_seconds_bucket', 'the API servers'],
  ['etcd_disk_wal_fsync_duration_seconds_bucket', 'etcd'],
  ['node_net_ethtool', 'the ethtool exporter'],
  ['up', 'Prometheus, one series for each scrape target'],
  ['uptime', undefined],
  ['my_own_metric', undefined],
])('%s is exported by %s', (metric, by) => {
  expect(exporterOf(generate().config, metric)).toBe(by);
});

test.each([
  ['retina-hubble', 'Hubble in the Retina agents'],
  ['cilium-hubble', 'Hubble in the Cilium agents'],
  ['obi', 'Hubble in the Retina agents or Hubble in the Cilium agents'],
])('of several exporters of one metric, that of the source %s is named', (source, by) => {
  expect(exporterOf(generate({ flows: { source } }).config, 'hubble_flows_processed_total')).toBe(by);
});

test.each([
  ['sum(rate(a_total{b="c:d"}[$__rate_interval])) / on (e) f:g:h', ['a_total', 'f:g:h'], []],
  ['{__name__="x:y", a="b"} or {"quoted.name", c="d"}', ['x:y', 'quoted.name'], []],
  ['{__name__=~"a|b:c"}', [], ['a|b:c']],
  ['label_replace(a, "b", "$1", "c", "d:e")', ['a'], []],
  ["{__name__='it\\'s'}", ["it's"], []],
  ['max_over_time(a:b:c[1h:5m])', ['a:b:c'], []],
  ['', [], []],
])('%s reads %j and %j', (query, names, patterns) => {
  expect(readsOf(query)).toEqual({ names, patterns });
});
