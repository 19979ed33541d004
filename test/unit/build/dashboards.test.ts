import { describe, expect, test } from '@jest/globals';
import { skippedName } from '../../../generators/commands/messages.ts';
import { generate } from '../../support/generate.ts';

interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
  readonly transformations?: readonly { readonly id: string; readonly options: unknown }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string }; readonly overrides: readonly Override[] };
}

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly Record<string, unknown>[] };
  readonly links: readonly Record<string, unknown>[];
}

/** What Grafana knows, as far as the dashboards use it: a misspelt id is skipped silently there. */
const UNITS = new Set([
  'percentunit',
  'pps',
  'Bps',
  'bytes',
  'short',
  'si: flows/s',
  'suffix: p/s',
  'suffix: cores',
  'suffix: q/s',
  'suffix: /s',
  's',
  'dateTimeAsIso',
  'none',
]);
const TRANSFORMATIONS = new Set(['merge', 'filterFieldsByName', 'organize', 'sortBy', 'groupingToMatrix']);
const PROPERTIES = new Set(
  'unit decimals min noValue color mappings thresholds links custom.width custom.cellOptions'.split(' '),
);
const PANELS = new Set(['stat', 'timeseries', 'table', 'bargauge', 'row']);

const generated = generate();
const dashboards = generated.bundle.dashboards.map(
  ({ uid }) => JSON.parse(generated.file(`dashboards/grafana/${uid}.json`)) as DashboardJson,
);

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))('%s', (uid, dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('has what Grafana and its linter want of a dashboard', () => {
    expect(dashboard).toMatchObject({ uid, editable: false, schemaVersion: 42 });
    expect(dashboard.tags).toContain('azimuth');
    expect(dashboard.templating.list.map(({ name }) => name).slice(0, 2)).toEqual(['datasource', 'cluster']);
    for (const variable of dashboard.templating.list.filter(({ type }) => type === 'query')) {
      // 2 is "on time range change".
      expect(variable).toMatchObject({ refresh: 2, sort: 1, datasource: { uid: '${datasource}' } });
    }
    expect(dashboard.links).toEqual([
      expect.objectContaining({ tags: ['azimuth'], keepTime: true, includeVars: true }),
    ]);
  });

  test('has only panels that say what they answer, with known ids everywhere', () => {
    for (const { title, description, type, fieldConfig, transformations = [] } of panels) {
      expect({ title, type: PANELS.has(type) }).toEqual({ title, type: true });
      expect({ title, described: (description ?? '').length > 20 }).toEqual({ title, described: true });
      const overrides = fieldConfig?.overrides ?? [];
      const unitsOfFields = overrides.flatMap(({ properties }) => properties).filter(({ id }) => id === 'unit');
      const units = [fieldConfig?.defaults.unit, ...unitsOfFields.map(({ value }) => value)].filter(
        (unit) => unit !== undefined,
      );
      const isList = title === 'Firing alerts';
      expect({ title, hasUnit: units.length > 0 || isList }).toEqual({ title, hasUnit: true });
      expect(units.filter((unit) => typeof unit !== 'string' || !UNITS.has(unit))).toEqual([]);
      expect(transformations.filter(({ id }) => !TRANSFORMATIONS.has(id))).toEqual([]);
      expect(overrides.flatMap(({ properties }) => properties).filter(({ id }) => !PROPERTIES.has(id))).toEqual([]);
      expect(overrides.filter(({ matcher }) => matcher.id !== 'byName')).toEqual([]);
    }
  });

  test('has complete targets: reference, query, data source of the variable', () => {
    for (const { title, targets = [], datasource } of panels) {
      expect({ title, datasource: datasource?.uid }).toEqual({ title, datasource: '${datasource}' });
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.map(({ refId }) => refId)).toEqual(targets.map((_, index) => String.fromCodePoint(65 + index)));
      for (const target of targets) expect(target.datasource.uid).toBe('${datasource}');
    }
  });

  test('overrides and renames only columns that are there', () => {
    for (const { title, transformations = [], fieldConfig } of panels.filter(({ type }) => type === 'table')) {
      const names = new Set(
        transformations.flatMap(({ id, options }) =>
          id === 'organize' ? Object.values((options as { renameByName: Record<string, string> }).renameByName) : [],
        ),
      );
      const overridden = (fieldConfig?.overrides ?? []).map(({ matcher }) => matcher.options);
      expect({ title, unknown: overridden.filter((name) => !names.has(name)) }).toEqual({ title, unknown: [] });
    }
  });

  test('has unique panel ids and no overlapping panels, all inside the grid', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('carries none of the fields that the SDK leaves behind', () => {
    const keys = [...dashboard.links, ...dashboard.templating.list].flatMap((item) => Object.keys(item));
    expect(keys.filter((key) => ['placement', 'auto', 'auto_min', 'auto_count'].includes(key))).toEqual([]);
  });
});

describe('overrides', () => {
  test('change titles, times and panels by their names, and close the gaps of removed panels', () => {
    const changed = generate({
      dashboards: {
        'zone-traffic': {
          title: 'Our zones',
          from: 'now-2d',
          refresh: '5m',
          panels: { total: false, 'cross-zone': { title: 'Billed', description: 'What we pay for, in flows.' } },
        },
        'node-allowances': false,
      },
    });
    const json = JSON.parse(changed.file('dashboards/grafana/zone-traffic.json')) as DashboardJson & {
      time: unknown;
      refresh: string;
    };
    expect(json).toMatchObject({ title: 'Our zones', time: { from: 'now-2d', to: 'now' }, refresh: '5m' });
    expect(json.panels.map(({ title }) => title)).toContain('Billed');
    expect(json.panels.map(({ title }) => title)).not.toContain('Total');
    // The panel that stood to the right of the removed one has moved into its place.
    expect(json.panels.find(({ title }) => title === 'Same zone')?.gridPos).toMatchObject({ x: 0, y: 4 });
    expect(changed.artifacts.map(({ path }) => path)).not.toContain('dashboards/grafana/node-allowances.json');
    const skipped = changed.bundle.skipped.map(skippedName).filter((name) => !name.startsWith('host of'));
    expect(skipped).toEqual([
      'records of cost',
      'compatibility records',
      'ENA counters of jobs other than ethtool-exporter',
      'dashboard node-allowances',
      'panel cluster-dns/setup-errors',
      'panel zone-routing/evictions',
      'panel zone-routing/evictions-by-namespace',
      'panel zone-traffic/total',
      'alert ZoneInvalid',
      'alert NodeLocalDNSSetupErrors',
    ]);
  });

  test('leave out what the sources cannot give, with the reason', () => {
    const onlyNodes = generate({ flows: { source: 'none' } });
    expect(onlyNodes.bundle.dashboards.map(({ uid }) => uid)).toEqual([
      'node-allowances',
      'workload-resources',
      'cluster-dns',
      'zone-routing',
    ]);
    expect(onlyNodes.bundle.skipped).toContainEqual({
      kind: 'dashboard',
      dashboard: 'zone-traffic',
      reason: 'flows.source is none',
    });
    expect(onlyNodes.artifacts.map(({ path }) => path)).not.toContain('helm-values/retina-hubble.yaml');
    const noWorkloads = generate({ workloads: { resources: false } });
    expect(noWorkloads.bundle.dashboards.map(({ uid }) => uid)).toEqual([
      'zone-traffic',
      'node-allowances',
      'cluster-dns',
      'zone-routing',
    ]);
    expect(noWorkloads.bundle.skipped).toContainEqual({
      kind: 'dashboard',
      dashboard: 'workload-resources',
      reason: 'workloads.resources is false',
    });
    const onlyTraffic = generate({ ethtool: { exporter: 'none' } });
    const uids = onlyTraffic.bundle.dashboards.map(({ uid }) => uid);
    expect(uids).toContain('zone-traffic');
    expect(uids).not.toContain('node-allowances');
    expect(onlyTraffic.file('helm-values/kube-prometheus-stack.yaml')).not.toContain('ethtool');
  });
});
