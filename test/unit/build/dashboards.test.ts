import { describe, expect, test } from '@jest/globals';
import { skippedName } from '../../../generators/commands/messages.ts';
import { SIMULATORS } from '../../../bench/sources/index.ts';
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
  'suffix: pods',
  'suffix: q/s',
  'suffix: /s',
  'suffix: /min',
  'suffix: /h',
  'suffix: pods',
  'suffix: pods/s',
  'si: objects/s',
  'si: events/s',
  'reqps',
  's',
  'dateTimeAsIso',
  'none',
]);
const TRANSFORMATIONS = new Set(
  'merge filterFieldsByName organize sortBy groupingToMatrix labelsToFields calculateField'.split(' '),
);
const PROPERTIES = new Set(
  'unit decimals min noValue color mappings thresholds links custom.width custom.cellOptions'.split(' '),
);
const PANELS = new Set(['stat', 'timeseries', 'table', 'bargauge', 'nodeGraph', 'row']);

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
      // By name, or as the query has them: the largest first.
      const sort = (variable['query'] as { query: string }).query.startsWith('query_result(sort_desc(') ? 0 : 1;
      expect(variable).toMatchObject({ refresh: 2, sort, datasource: { uid: '${datasource}' } });
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
      // A graph of nodes has its units in its options.
      const isList =
        ['Firing alerts', 'Nodes without an agent that works'].includes(title ?? '') || type === 'nodeGraph';
      expect({ title, hasUnit: units.length > 0 || isList }).toEqual({ title, hasUnit: true });
      expect(units.filter((unit) => typeof unit !== 'string' || !UNITS.has(unit))).toEqual([]);
      expect(transformations.filter(({ id }) => !TRANSFORMATIONS.has(id))).toEqual([]);
      expect(overrides.flatMap(({ properties }) => properties).filter(({ id }) => !PROPERTIES.has(id))).toEqual([]);
      expect(overrides.filter(({ matcher }) => matcher.id !== 'byName')).toEqual([]);
    }
  });

  test('has complete targets: reference, query, data source of the variable', () => {
    for (const { title, type, targets = [], datasource } of panels) {
      expect({ title, datasource: datasource?.uid }).toEqual({ title, datasource: '${datasource}' });
      expect(targets.length).toBeGreaterThan(0);
      const letters = targets.map((_, index) => String.fromCodePoint(65 + index));
      expect(targets.map(({ refId }) => refId)).toEqual(type === 'nodeGraph' ? ['nodes', 'edges'] : letters);
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

test('no query of pairs is longer than VictoriaMetrics takes (-search.maxQueryLen, 16 KiB)', () => {
  const all = Object.keys(SIMULATORS).flatMap((source) =>
    ['workload', 'pod'].flatMap((granularity) =>
      generate({ flows: { source, granularity } }).bundle.dashboards.flatMap(({ sections }) =>
        sections.flatMap(({ panels }) =>
          panels.flatMap(({ key, panel }) =>
            panel.targets.map(({ expr }) => ({ source, key, bytes: Buffer.byteLength(expr.text) })),
          ),
        ),
      ),
    ),
  );
  expect(all.filter(({ bytes }) => bytes > 15 * 1024)).toEqual([]);
  expect(Math.max(...all.map(({ bytes }) => bytes))).toBeGreaterThan(8 * 1024);
});

test('queries, titles and links name only variables that their dashboard has, whatever the source', () => {
  const ofGrafana = /^(?:\d+|__\w+|datasource)$/;
  const wrong = Object.keys(SIMULATORS).flatMap((source) =>
    ['zone', 'workload', 'pod'].flatMap((granularity) =>
      generate({ flows: { source, granularity } }).bundle.dashboards.flatMap(({ uid, variables, sections }) => {
        const names = new Set(
          variables.map((variable) => (variable.kind === 'datasource' ? 'datasource' : variable.name)),
        );
        const texts = [
          ...sections.flatMap(({ title = '', panels }) => [
            title,
            ...panels.map(({ panel }) => JSON.stringify(panel.build().build())),
          ]),
          ...sections.flatMap(({ panels }) =>
            panels.flatMap(({ panel }) => [panel.title, ...panel.targets.map(({ expr }) => expr.text)]),
          ),
        ];
        return texts
          .flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name))
          .filter((name) => !ofGrafana.test(name) && !names.has(name))
          .map((name) => `${source} ${granularity} ${uid}: ${name}`);
      }),
    ),
  );
  expect(wrong).toEqual([]);
});

test('a link leads only to a dashboard that is built, of whatever domain', () => {
  const file = 'dashboards/grafana/zone-traffic.json';
  expect(generated.file(file)).toContain('/d/zone-workload?');
  const without = generate({ dashboards: { 'zone-workload': false } });
  expect(without.file(file)).not.toContain('/d/zone-workload?');
  const uids = new Set(generated.bundle.dashboards.map(({ uid }) => uid));
  const linked = dashboards.flatMap((one) =>
    [...JSON.stringify(one).matchAll(/\/d\/([\w-]+)/g)].map(([, uid = '']) => uid),
  );
  expect(linked.filter((uid) => !uids.has(uid))).toEqual([]);
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
      'rules on Cilium',
      'records of members of etcd',
      'dashboard zone-cost',
      'panel zone-traffic/cost',
      'panel zone-workload/cost',
      'panel zone-workload/avoidable',
      'panel zone-workload/leaving',
      'panel zone-workload/changes',
      'dashboard node-allowances',
      'panel cluster-dns/setup-errors',
      'panel zone-routing/evictions',
      'panel zone-routing/evictions-by-namespace',
      'dashboard cilium-health',
      'panel cluster-scale/etcd-disk',
      'panel cluster-scale/etcd-quota',
      'panel cluster-scale/etcd-leader',
      'panel flow-pipeline/queued',
      'panel flow-pipeline/retransmits',
      'panel zone-traffic/total',
      'alert ZoneInvalid',
      'alert CrossZoneCostBudgetBurn',
      'alert CrossZoneCostForecast',
      'alert CrossZoneTrafficStep',
      'alert CrossZoneShareHigh',
      'alert NodeLocalDNSSetupErrors',
      'alert APIServerLatencyHigh',
      'alert APIServerRequestsQueued',
      'alert EtcdSlow',
      'alert NodePodsNearLimit',
    ]);
  });

  test('leave out what the sources cannot give, with the reason', () => {
    const onlyNodes = generate({ flows: { source: 'none' } });
    expect(onlyNodes.bundle.dashboards.map(({ uid }) => uid)).toEqual([
      'node-allowances',
      'workload-resources',
      'cluster-dns',
      'zone-routing',
      'cluster-scale',
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
      'zone-workload',
      'node-allowances',
      'cluster-dns',
      'zone-routing',
      'cluster-scale',
      'flow-pipeline',
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
