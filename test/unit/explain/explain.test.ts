import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { explainer, type Explanation } from '../../../generators/explain/index.ts';
import { runbookOf } from '../../../generators/commands/explain/runbook.ts';
import { build as buildNow, DOMAINS, extraOf, isRecording } from '../../../generators/index.ts';
import { catalogue, generate } from '../../support/generate.ts';

const build = generate({
  flows: { source: ['retina-hubble', 'obi'], units: ['flows', 'bytes'] },
  cost: { groupBy: ['team'] },
});

const explain = explainer(build, catalogue);

const explained = (name: string): readonly Explanation[] => explain(name).found;

/** The only explanation of a name, which must be of a kind. */
function only<K extends Explanation['kind']>(kind: K, name: string): Extract<Explanation, { kind: K }> {
  const found = explained(name);
  expect(found.map((one) => one.kind)).toEqual([kind]);
  return found[0] as Extract<Explanation, { kind: K }>;
}

test('a record: unit, labels, who reads it, and what it reads down to metrics', () => {
  const record = only('record', 'zone_pair:network_cost:rate5m');
  expect(record).toMatchObject({ unit: 'USD/s', labels: expect.arrayContaining(['source_zone', 'destination_zone']) });
  expect(record.readers.records).toContain('zone_pair:network_cost:sum1h');
  expect(record.watchedBy).toEqual([]);
  const leaves = (reads: (typeof record.rules)[number]['reads']): string[] =>
    reads.flatMap((one) => (one.reads.length === 0 ? [`${one.name} ${one.by ?? ''}`] : leaves(one.reads)));
  expect(leaves(record.rules[0]?.reads ?? [])).toEqual(
    expect.arrayContaining(['kube_pod_info kube-state-metrics', 'obi_network_flow_bytes_total the OBI agents']),
  );
});

test('a record that alerts depend on through other records is watched by them', () => {
  expect(only('record', 'cluster:network_cost:sum1h').watchedBy).toContain('CrossZoneTrafficStep');
});

test('each record stands in the tree once with what it reads, so the tree is finite', () => {
  for (const name of ['workload_pair:network_bytes:rate5m', 'cluster_ip:identity:info']) {
    const seen: string[] = [];
    const walk = (reads: readonly { name: string; reads: readonly never[] }[]): void => {
      for (const one of reads) {
        if (one.reads.length > 0) seen.push(one.name);
        walk(one.reads);
      }
    };
    for (const { reads } of only('record', name).rules) walk(reads as never);
    expect(new Set(seen).size).toBe(seen.length);
  }
});

test('every rule, panel and dashboard of a build is explained by its name', () => {
  const rules = build.bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  for (const rule of rules) {
    const [kind, name] = isRecording(rule) ? (['record', rule.record] as const) : (['alert', rule.alert] as const);
    const [found] = explained(name);
    expect(found).toMatchObject({ kind, name });
    const exprs = found?.kind === 'record' ? found.rules : found?.kind === 'alert' ? found.tiers : [];
    expect(exprs.map(({ expr }) => expr)).toContain(rule.expr.text);
  }
  for (const { uid, sections } of build.bundle.dashboards) {
    const placed = sections.flatMap(({ panels }) => panels);
    const keys = placed.map(({ key }) => `${uid}/${key}`);
    expect(only('dashboard', uid).panels.map(({ name }) => name)).toEqual(keys);
    for (const { key, panel } of placed) {
      const exprs = only('panel', `${uid}/${key}`).queries.map(({ expr }) => expr);
      expect(exprs).toEqual(panel.targets.map(({ expr }) => expr.text));
    }
  }
});

test('every alert and dashboard that there can be is explained, or the reason why it is not here is', () => {
  const none = generate({ flows: { source: 'none' }, ethtool: { exporter: 'none' }, dns: { enabled: false } });
  const explainNone = explainer(none, catalogue);
  for (const domain of DOMAINS) {
    for (const name of [...domain.alerts.map(({ alert }) => alert), ...domain.dashboards]) {
      const { found } = explainNone(name);
      expect(found).toHaveLength(1);
      expect(found[0]?.kind === 'left out' ? found[0].reason : found[0]?.kind).not.toBe('');
    }
  }
});

test('every alert has a runbook that begins with a meaning and steps', () => {
  const alerts = readdirSync('docs/runbooks').flatMap((file) => /^([A-Z]\w+)\.md$/.exec(file)?.[1] ?? []);
  expect(alerts.length).toBeGreaterThan(30);
  for (const alert of alerts) {
    const runbook = runbookOf(alert);
    expect(runbook?.meaning).toMatch(/\w/);
    expect(runbook?.steps.length).toBeGreaterThan(0);
  }
  expect(runbookOf('NoSuchAlert')).toBeUndefined();
  expect(runbookOf('../install')).toBeUndefined();
});

describe('settings', () => {
  test('the files that would be others with the default are those that a build writes otherwise', () => {
    const { changes, value, default: usual } = only('setting', 'cost.groupBy');
    expect({ value, usual }).toEqual({ value: ['team'], usual: [] });
    const without = generate({ flows: { source: ['retina-hubble', 'obi'], units: ['flows', 'bytes'] } });
    const textsOf = ({ artifacts }: typeof build) =>
      new Map(artifacts.filter(({ kind }) => kind !== 'lock').map(({ path, text }) => [path, text]));
    const [now, before] = [textsOf(build), textsOf(without)];
    expect(changes).toEqual([...now.keys()].filter((path) => now.get(path) !== before.get(path)));
    expect(changes.length).toBeGreaterThan(0);
  });

  test('a setting at its default changes nothing', () => {
    expect(only('setting', 'rules.window').changes).toEqual([]);
  });

  test('a change of an alert has a default: the threshold of the alert', () => {
    expect(only('setting', 'alerts.CrossZoneCostForecast.threshold')).toMatchObject({ default: 1 });
  });

  test('a group lists its settings', () => {
    expect(only('setting', 'cluster').settings).toContain('cluster.name');
  });
});

test('panels of own dashboards are read too', () => {
  const board = JSON.stringify({
    uid: 'own',
    title: 'Own',
    schemaVersion: 39,
    panels: [{ id: 1, type: 'stat', title: 'Up', targets: [{ refId: 'A', expr: 'sum(cluster_node:zone:info)' }] }],
  });
  const { config } = build;
  const own = buildNow(config, catalogue, [], extraOf('azimuth.yaml', {}, { 'own.json': board }, catalogue));
  const explainOwn = explainer(own, catalogue);
  expect(explainOwn('own/1').found).toMatchObject([
    { kind: 'panel', queries: [{ expr: 'sum(cluster_node:zone:info)' }], reads: [{ name: 'cluster_node:zone:info' }] },
  ]);
  expect(explainOwn('cluster_node:zone:info').found).toMatchObject([
    { kind: 'record', readers: { panels: expect.arrayContaining(['own/1']) } },
  ]);
});

test('an artifact: what it is for and what it holds', () => {
  expect(only('artifact', 'rules/prometheus/zone-cost.rules.yaml')).toMatchObject({
    type: 'rules',
    meaning: expect.stringContaining('Money by hour'),
    alerts: expect.arrayContaining(['CrossZoneTrafficStep']),
    records: expect.arrayContaining(['cluster:network_cost:sum1h']),
  });
  expect(only('artifact', './dashboards/grafana/zone-cost.json').dashboards).toEqual(['zone-cost']);
  expect(only('artifact', 'azimuth.schema.json').meaning).toMatch(/schema/);
});

test.each(['', 'zone_pair', 'zone_pair:network_cost', 'constructor', '__proto__', 'cluster.constructor', 'zone-cost/'])(
  '%j is nothing, and names what there is',
  (name) => {
    const { found, known } = explain(name);
    expect(found).toEqual([]);
    expect(known).toEqual(expect.arrayContaining(['zone_pair:network_cost:rate5m', 'zone-cost/month', 'cost.groupBy']));
  },
);
