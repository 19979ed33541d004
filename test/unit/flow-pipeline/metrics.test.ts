import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { MetricFamily } from '../../../bench/model.ts';
import { targetsOf } from '../../../bench/targets.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { METRICS } from '../../../generators/flow-pipeline/metrics.ts';
import { isRecording, readingsOf } from '../../../generators/index.ts';
import { generate } from '../../support/generate.ts';
import { metricsOf } from '../../support/promql.ts';
import { tableRows } from '../../support/markdown.ts';

const known = new Map(METRICS.map((one) => [one.metric, one]));

/** What the rules and panels of the flow pipeline read, but for what rules record. */
function read(given: object): readonly string[] {
  const { ruleFiles, dashboards } = generate(given).bundle;
  const rules = (files: typeof ruleFiles) => files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const recorded = new Set(rules(ruleFiles).flatMap((rule) => (isRecording(rule) ? [rule.record] : [])));
  const own = rules(ruleFiles.filter(({ name }) => name === 'flow-pipeline'));
  const panels = dashboards
    .filter(({ uid }) => uid === 'flow-pipeline')
    .flatMap(({ sections }) => sections.flatMap((section) => section.panels));
  const queries = [...own, ...panels.flatMap(({ panel }) => panel.targets)].map(({ expr }) => expr.text);
  return [...new Set(queries.flatMap(metricsOf))].filter((metric) => metric !== 'ALERTS' && !recorded.has(metric));
}

const RULERS = ['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp'];

describe('no rule and no panel reads a metric that nobody exports', () => {
  test.each(SOURCE_IDS)('with %s', (source) => {
    const unknown = read({ flows: { source } }).filter((metric) => !known.has(metric));
    expect(unknown).toEqual([]);
  });

  test('and the table has none that nobody reads', () => {
    const all = [
      ...SOURCE_IDS.flatMap((source) => read({ flows: { source } })),
      ...RULERS.flatMap((ruler) => read({ rules: { ruler } })),
    ];
    expect([...known.keys()].filter((metric) => !all.includes(metric))).toEqual([]);
    expect(all.filter((metric) => !known.has(metric))).toEqual([]);
  });
});

test.each(SOURCE_IDS)(
  '%s: the labels that its counters of packets are read by are among those of the table',
  (source) => {
    const { sources } = readingsOf(generate({ flows: { source } }).config);
    const counters = sources.flatMap(({ packets }) => ('reason' in packets ? [] : Object.values(packets)));
    for (const counter of counters) {
      const labels = [...Object.keys(counter.matchers), ...('reason' in counter ? [String(counter.reason)] : [])];
      expect(known.get(counter.metric)?.labels).toEqual(labels);
    }
    const queues = sources.flatMap(({ agents }) => agents.flatMap(({ queue }) => queue ?? []));
    for (const { metric, matchers } of queues) expect(known.get(metric)?.labels).toEqual(Object.keys(matchers));
  },
);

describe('the simulator exposes what the table says', () => {
  const cluster = generateCluster({ seed: 3, usage: true, pipeline: true });
  const families = (source: (typeof SOURCE_IDS)[number]): readonly MetricFamily[] =>
    targetsOf(cluster, { sources: [source], rules: true }).flatMap((target) => target.families());

  test.each(SOURCE_IDS)('with %s, under the same type and with the same labels', (source) => {
    const exposed = families(source).filter(({ name, series }) => known.has(name) && series.length > 0);
    for (const { name, type, series } of exposed) {
      const { type: its, labels } = known.get(name) ?? {};
      expect({ name, type }).toEqual({ name, type: its });
      // Some are those of the target, or of a node that says nothing of itself.
      const missing = (labels ?? []).filter((label) => !series.some((one) => label in one.labels));
      expect({ name, missing: missing.filter((label) => !['job', 'instance', 'os_image'].includes(label)) }).toEqual({
        name,
        missing: [],
      });
    }
    // Whatever the source itself counts is there.
    const { sources } = readingsOf(generate({ flows: { source } }).config);
    const own = sources.flatMap(({ packets, agents }) => [
      ...('reason' in packets ? [] : Object.values(packets).map(({ metric }) => metric)),
      ...agents.flatMap(({ queue }) => queue?.metric ?? []),
    ]);
    expect(exposed.map(({ name }) => name)).toEqual(expect.arrayContaining(own));
  });
});

test('docs/compatibility.md has the same table', () => {
  const guide = readFileSync(new URL('../../../docs/compatibility.md', import.meta.url), 'utf8');
  expect(tableRows(guide, 'Metrics of the flow pipeline', 'metric')).toEqual(
    METRICS.map(({ metric, type, labels, of, versions, upstream }) => [
      `\`${metric}\``,
      type,
      labels.map((label) => `\`${label}\``).join(', '),
      of,
      versions,
      `\`${upstream}\``,
    ]),
  );
});
