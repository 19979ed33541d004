import { describe, expect, test } from '@jest/globals';
import {
  alert,
  build,
  buildFleet,
  completeConfig,
  completeFleet,
  dashboard,
  type Extra,
  isFleet,
  panel,
  ProblemError,
  record,
  type Transform,
  transformed,
  withJson,
  withUnit,
} from '../../../generators/index.ts';
import type { Config } from '../../../generators/registry.ts';
import { catalogue } from '../../support/generate.ts';

const extraOf = (transform: Transform): Extra => ({
  ruleFiles: [],
  dashboards: [],
  transform: (parts, config) => transformed(transform, parts, config as Config),
});

const built = (transform: Transform, given: object = {}) =>
  build(completeConfig('test', given, catalogue), catalogue, [], extraOf(transform));

const fileOf = ({ artifacts }: ReturnType<typeof built>, path: string): string =>
  artifacts.find((artifact) => artifact.path === path)?.text ?? '';

/** The message of the problem that a change is. */
function refused(transform: Transform): string {
  try {
    built(transform);
  } catch (error) {
    if (error instanceof ProblemError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

test('without changes, the files are the same', () => {
  const config = completeConfig('test', {}, catalogue);
  expect(built(() => {}).artifacts).toEqual(build(config, catalogue, []).artifacts);
});

describe('rules', () => {
  test('are changed, with every tier', () => {
    const files = built((edit) => edit.changeAlert('PPSAllowanceExceeded', (rule) => ({ ...rule, for: '42m' })));
    expect(fileOf(files, 'rules/prometheus/ena-allowances.rules.yaml').match(/for: 42m/g)).toHaveLength(2);
  });

  test('are removed; a group and a file without rules are none', () => {
    const all = built((edit, config) => {
      for (const name of ['CoreDNSDown']) edit.removeAlert(name);
      edit.removeRecord('cluster_node:zone:info');
      expect(config.cluster.name).toBe('production');
    });
    const texts = all.artifacts.filter(({ kind }) => kind === 'rules').map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => /alert: CoreDNSDown|record: cluster_node:zone:info/.test(text))).toEqual([]);
    const none = built((edit) => {
      const { groups = [] } = edit.parts.ruleFiles.find(({ name }) => name === 'dns') ?? {};
      for (const rule of groups.flatMap(({ rules }) => rules)) {
        if ('record' in rule) edit.removeRecord(rule.record);
        else if (edit.parts.ruleFiles.some((file) => JSON.stringify(file).includes(`"alert":"${rule.alert}"`)))
          edit.removeAlert(rule.alert);
      }
    });
    expect(none.artifacts.map(({ path }) => path)).not.toContain('rules/prometheus/dns.rules.yaml');
  });

  test('are added to a file of their own, or to a group that is there', () => {
    const files = built((edit) => {
      edit.addRecord(record({ record: 'own:up:sum', expr: 'sum(up)', unit: '1', comment: 'Mine.' }));
      edit.addAlert(
        alert({ alert: 'OwnDown', expr: 'own:up:sum < 1', for: '5m', severity: 'warning', summary: 'Down.' }),
      );
      edit.addRecord(record({ record: 'own:down:sum', expr: 'sum(1 - up)' }), { file: 'dns', group: 'own-dns' });
    });
    const own = fileOf(files, 'rules/prometheus/own.rules.yaml');
    expect(own).toMatch(/name: azimuth-own\n\s+interval: 1m/);
    expect(own).toContain('record: own:up:sum');
    expect(own).toContain('severity: warning');
    expect(fileOf(files, 'rules/prometheus/dns.rules.yaml')).toContain('name: own-dns');
    expect(fileOf(files, 'helm-values/kube-prometheus-stack.yaml')).toContain('alert: OwnDown');
  });
});

describe('dashboards and panels', () => {
  const json = (files: ReturnType<typeof built>, uid: string) =>
    JSON.parse(fileOf(files, `dashboards/grafana/${uid}.json`)) as {
      readonly tags: readonly string[];
      readonly panels: readonly {
        readonly title: string;
        readonly type: string;
        readonly maxDataPoints?: number;
        readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
      }[];
    };

  test('a unit, a title, other JSON, a tag', () => {
    const files = built((edit) => {
      edit.changePanel('zone-traffic/total', (one) => withUnit(one, 'decbytes'));
      edit.changePanel('zone-traffic/total', (one) => withJson(one, (body) => ({ ...body, maxDataPoints: 77 })));
      edit.changePanel('zone-traffic/total', (one) => ({ ...one, panel: { ...one.panel, title: 'Everything' } }));
      edit.changeDashboard('zone-traffic', (one) => ({ ...one, tags: [...one.tags, 'finops'] }));
    });
    const { panels, tags } = json(files, 'zone-traffic');
    const total = panels.find(({ title }) => title === 'Everything');
    expect(total?.fieldConfig?.defaults.unit).toBe('decbytes');
    expect(total?.maxDataPoints).toBe(77);
    expect(tags).toContain('finops');
  });

  test('panels behind another one, and at the end; panels that go', () => {
    const mine = (key: string, type: 'timeseries' | 'stat' | 'bargauge') =>
      panel({ key, title: key, type, expr: 'sum(up)', unit: 'short' });
    const files = built((edit) => {
      edit.addPanel('zone-traffic', mine('second', 'stat'), { after: 'total' });
      edit.addPanel('zone-traffic', mine('last', 'bargauge'));
      edit.addPanel('zone-traffic', panel({ key: 'two', title: 'two', expr: { a: 'sum(up)', b: 'count(up)' } }));
      edit.removePanel('zone-traffic/matrix');
    });
    const titles = json(files, 'zone-traffic').panels.map(({ title }) => title);
    expect(titles.indexOf('second')).toBe(titles.indexOf('Total') + 1);
    expect(titles.slice(-2)).toEqual(['last', 'two']);
    expect(json(files, 'zone-traffic').panels.find(({ title }) => title === 'last')?.type).toBe('bargauge');
    expect(titles).not.toContain('From zone to zone');
  });

  test('dashboards that come and go', () => {
    const files = built((edit) => {
      edit.addDashboard(
        dashboard({ uid: 'own', title: 'Own', panels: [panel({ key: 'a', title: 'A', expr: 'sum(up)' })] }),
      );
      edit.removeDashboard('cluster-dns');
    });
    expect(json(files, 'own').panels.map(({ title }) => title)).toEqual(['A']);
    expect(files.artifacts.map(({ path }) => path)).not.toContain('dashboards/grafana/cluster-dns.json');
  });
});

test('a fleet: each cluster by its configuration', () => {
  const fleet = completeFleet('fleet', { targets: ['prometheus'], clusters: { a: null, b: null } }, catalogue);
  if (!isFleet(fleet)) throw new Error('no fleet');
  const transform: Transform = (edit, { cluster }) => {
    if (cluster.name === 'b') edit.removeAlert('CoreDNSDown');
  };
  const { artifacts } = buildFleet(fleet, catalogue, [], extraOf(transform));
  const holding = artifacts.filter(({ text }) => text.includes('alert: CoreDNSDown')).map(({ path }) => path);
  expect(holding).toEqual(['clusters/a/rules/prometheus/dns.rules.yaml']);
});

test.each<[Transform, string]>([
  [(edit) => edit.removeAlert('CoreDNSDwon'), 'there is no alert "CoreDNSDwon", did you mean CoreDNSDown'],
  [(edit) => edit.changeAlert('x', (rule) => rule), 'there is no alert "x"; azimuth list has their names'],
  [(edit) => edit.removeRecord('cluster_node:zone:inf'), 'did you mean cluster_node:zone:info'],
  [
    (edit) => edit.removePanel('zone-traffic/totl'),
    'there is no panel "zone-traffic/totl", did you mean zone-traffic/total',
  ],
  [(edit) => edit.removePanel('total'), 'there is no panel "total", did you mean zone-traffic/total'],
  [(edit) => edit.removeDashboard('zone-trafic'), 'there is no dashboard "zone-trafic", did you mean zone-traffic?'],
  [
    (edit) => edit.addPanel('zone-traffic', panel({ key: 'total', title: 't', expr: 'up' })),
    'has a panel of the key "total" already',
  ],
  [
    (edit) => edit.addPanel('zone-traffic', panel({ key: 'n', title: 't', expr: 'up' }), { after: 'nope' }),
    'there is no panel "zone-traffic/nope"',
  ],
  [(edit) => edit.addRecord(record({ record: 'cluster_node:zone:info', expr: 'up' })), 'is there already'],
  [
    (edit) => edit.addDashboard(dashboard({ uid: 'zone-traffic', title: 't', panels: [] })),
    'there is a dashboard "zone-traffic" already',
  ],
  [(edit) => edit.addRecord(record({ record: 'own:x:sum', expr: 'sum(' })), 'own/azimuth-own/own:x:sum: not PromQL'],
  [
    () => {
      throw new Error('no idea');
    },
    'transform: 1 problem\n  cannot be run: no idea',
  ],
  [async () => Promise.resolve(), 'returned a promise'],
])('mistake %# is refused in a sentence', (transform, message) => {
  expect(refused(transform)).toContain(message);
});
