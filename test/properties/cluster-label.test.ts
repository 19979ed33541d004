import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isRecording } from '../../generators/index.ts';
import { dashboardsOf, queriesOf, rulesOf, variablesOf } from '../support/artifacts.ts';
import { validConfig } from '../support/arbitrary-config.ts';
import { clusterLabel } from '../support/arbitrary-values.ts';
import { generate, type Generated } from '../support/generate.ts';
import { labelsOf } from '../support/promql.ts';
import { scrapeJobs, stackValues } from '../support/values.ts';

/** What the group of a pattern matches, everywhere in a text. */
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, label]) => label ?? '');

/** Every label that the generated texts use, by the kind of place; the values for Helm are looked at apart. */
function labelsUsed({ artifacts, bundle }: Generated): ReadonlySet<string> {
  const rules = rulesOf(artifacts);
  const annotations = rules.flatMap((rule) => Object.values(rule.annotations ?? {})).join('\n');
  const dashboards = dashboardsOf(artifacts);
  const json = JSON.stringify(dashboards);
  return new Set([
    ...queriesOf(artifacts).flatMap((query) => [...labelsOf(query)]),
    ...rules.flatMap(({ labels }) => Object.keys(labels ?? {})),
    ...bundle.ruleFiles.flatMap(({ groups }) =>
      groups.flatMap((group) => group.rules.filter((rule) => isRecording(rule)).flatMap(({ labels }) => labels)),
    ),
    ...found(annotations, /\$labels\.(\w+)/g),
    ...found(annotations + json, /var-(\w+)/g),
    ...found(json, /\{\{\s*(\w+)\s*\}\}/g),
    ...found(json, /\$\{?(\w+)/g),
    ...found(json, /"(?:name|field|matcher|options)":"(\w+)"/g),
    ...dashboards.flatMap((dashboard) => variablesOf(dashboard).map(({ label }) => label)),
    ...dashboards.flatMap(({ templating }) => templating.list.map(({ name }) => name)),
    ...fieldsOf(dashboards),
  ]);
}

/** Keys of objects and strings in lists: fields as transformations and overrides name them. */
function fieldsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (typeof item === 'string' ? [item] : fieldsOf(item)));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fieldsOf(inner)]);
}

/** Labels that relabelling writes, for scrape jobs and kube-state-metrics. */
const labelsWritten = (given: object): ReadonlySet<string> =>
  new Set([
    ...scrapeJobs(given).flatMap(({ relabel_configs: configs }) => configs.map(({ target_label: to }) => to ?? '')),
    ...(stackValues(given)['kube-state-metrics']?.prometheus?.monitor.relabelings ?? []).map(
      ({ targetLabel: to }) => to,
    ),
    ...(stackValues(given).coreDns?.serviceMonitor.relabelings ?? []).map(({ targetLabel: to }) => to),
  ]);

const named = (label: string | null) => ({ cluster: { label } });
const without = (labels: Iterable<string>) => new Set([...labels].filter((label) => label !== 'cluster'));
const renamed = (labels: Iterable<string>) =>
  new Set([...labels].map((label) => (label === 'cluster' ? 'zz_cluster' : label)));

describe('a cluster label of another name', () => {
  test('is used in every place of the old one, which is used nowhere', () => {
    const before = generate();
    const after = generate(named('zz_cluster'));
    expect(labelsUsed(before)).toContain('cluster');
    expect(labelsUsed(after)).toEqual(renamed(labelsUsed(before)));
    expect(queriesOf(after.artifacts).map(labelsOf)).toEqual(
      queriesOf(before.artifacts).map((q) => renamed(labelsOf(q))),
    );
    expect(
      after.artifacts.map(({ text }) => text.match(/zz_cluster/g)?.length ?? 0).filter((count) => count > 0).length,
    ).toBe(17);
  });

  test('is what relabelling writes', () => {
    expect(labelsWritten({})).toContain('cluster');
    expect(labelsWritten(named('zz_cluster'))).toEqual(renamed(labelsWritten({})));
  });

  test('leaves nothing else changed', () => {
    const before = generate();
    const after = generate(named('zz_cluster'));
    for (const { path, text } of before.artifacts.filter(({ kind }) => kind !== 'lock')) {
      const data = (from: string): unknown => (path.endsWith('.json') ? JSON.parse(from) : from);
      // Keys of JSON are sorted by name, so as data.
      expect([path, data(after.file(path).replaceAll('zz_cluster', 'cluster'))]).toEqual([path, data(text)]);
    }
  });
});

describe('no cluster label', () => {
  test('is used anywhere', () => {
    const before = labelsUsed(generate());
    const labels = labelsUsed(generate(named(null)));
    expect(labels).not.toContain('cluster');
    // The label, and the heading of its column.
    expect([...before].filter((label) => !labels.has(label)).toSorted()).toEqual(['Cluster', 'cluster']);
    expect(labelsWritten(named(null))).not.toContain('cluster');
  });

  test('leaves no queries that differ in more than the label', () => {
    const expected = queriesOf(generate().artifacts).map((query) => without(labelsOf(query)));
    // The variable of the cluster is gone from both dashboards.
    const queried = queriesOf(generate(named(null)).artifacts).map(labelsOf);
    expect(new Set(queried.map((labels) => [...labels].join()))).toEqual(
      new Set(expected.map((labels) => [...labels].join())),
    );
  });
});

test('whatever else is configured, the old name is gone', () => {
  const label = fc.oneof(
    clusterLabel.filter((name) => name !== 'cluster'),
    fc.constant(null),
  );
  fc.assert(
    fc.property(validConfig, label, (given, name) => {
      const labels = labelsUsed(generate({ ...given, ...named(name) }));
      expect(labels).not.toContain('cluster');
    }),
    { numRuns: 20 },
  );
});
