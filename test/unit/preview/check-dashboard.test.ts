import { describe, expect, test } from '@jest/globals';
import { findProblems, type Known } from '../../../preview/app/check/index.ts';
import type { DashboardJson, PanelJson, VariableJson } from '../../../preview/app/model/dashboard-json.ts';

const known: Known = {
  panelTypes: ['timeseries'],
  transformations: [],
  units: [],
  reducers: [],
  fieldMatchers: [],
  colorModes: [],
};

const panel = (more: Partial<PanelJson> = {}): PanelJson => ({
  id: 1,
  type: 'timeseries',
  title: 'Traffic',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  targets: [{ refId: 'A', expr: 'up' }],
  ...more,
});
const cluster: VariableJson = { name: 'cluster', type: 'query', query: 'label_values(up, cluster)' };

/** What is said about a dashboard; all of it must be about the panel of this title, or about no panel. */
const about = (more: Partial<DashboardJson>, title: string | null = null): string[] => {
  const dashboard = { uid: 'x', title: 'X', panels: [panel()], templating: { list: [cluster] }, ...more };
  const problems = findProblems(dashboard, known);
  expect(problems.map((problem) => problem.panel)).toEqual(problems.map(() => title));
  return problems.map(({ message }) => message);
};

describe('the layout', () => {
  const second = panel({ id: 2, title: 'Second', gridPos: { x: 11, y: 7, w: 12, h: 8 } });
  const row: PanelJson = { id: 3, type: 'row', title: 'Row', gridPos: { x: 0, y: 8, w: 24, h: 1 } };

  test('of panels that lie on each other', () => {
    expect(about({ panels: [panel(), second] }, 'Second')).toEqual(['gridPos: overlaps with panel "Traffic"']);
  });

  test('of panels that touch each other, and of those in a collapsed row', () => {
    expect(about({ panels: [panel(), { ...second, gridPos: { x: 12, y: 0, w: 12, h: 8 } }] })).toEqual([]);
    expect(about({ panels: [panel(), { ...row, collapsed: true, panels: [second] }] })).toEqual([]);
  });

  test('of a panel without a place', () => {
    const { gridPos: _, ...rest } = second;
    expect(about({ panels: [rest as PanelJson, panel()] }, 'Second')).toEqual([
      'gridPos: is missing, expected x, y, w and h',
    ]);
  });

  test('of panels that share an id, also in a collapsed row', () => {
    const collapsed = { ...row, collapsed: true, panels: [panel({ title: 'Inner' })] };
    expect(about({ panels: [panel(), collapsed] }, 'Inner')).toEqual(['id: 1 is the id of panel "Traffic", too']);
  });

  test('of a row with a misspelt key, and of a panel without a title', () => {
    expect(about({ panels: [{ ...row, colapsed: true }] }, 'Row')).toEqual([
      'colapsed: option "colapsed" is unknown, did you mean "collapsed"?',
    ]);
    expect(about({ panels: [panel({ title: '', timeFrom: '1h' })] }, '#1')).toEqual([
      'timeFrom: "timeFrom" is not drawn by the preview',
    ]);
  });
});

describe('the dashboard', () => {
  const link = { type: 'link', title: 'Docs', url: '/' };
  test.each<[Partial<DashboardJson>, string]>([
    [{ tag: [] }, 'tag: option "tag" is unknown, did you mean "tags"?'],
    [
      { time: { from: 'now-6x', to: 'now' } },
      'time.from: got "now-6x", expected a time such as now-6h, now/d, 2026-11-21T07:15:00Z or Unix milliseconds',
    ],
    [{ refresh: 'often' }, 'refresh: got "often", expected a duration such as 30s, 5m or 1h'],
    [
      { links: [{ ...link, type: 'dashbords' }] },
      'links[0].type: value "dashbords" is unknown, did you mean "dashboards"?',
    ],
    [{ links: [{ ...link, url: '' }] }, 'links[0].url: link "Docs" has no address'],
    [
      { links: [{ ...link, title: '$clusters' }] },
      'links[0].title: variable "clusters" does not exist, did you mean "cluster"?',
    ],
    [
      { annotations: { list: [{ name: 'Deploys' }, { builtIn: 1 }, { name: 'Changes', expr: 'up' }] } },
      'annotations.list[0]: annotation "Deploys" is not drawn by the preview',
    ],
  ])('%j', (more, message) => {
    expect(about(more)).toEqual([message]);
  });

  test('with a refresh of never, a link and a fixed time is right', () => {
    const time = { from: '2026-11-20', to: '2026-11-21T07:15:00Z' };
    expect(about({ refresh: '', time, links: [link] })).toEqual([]);
  });
});

describe('a variable', () => {
  const list = (...variables: Partial<VariableJson>[]): Partial<DashboardJson> => ({
    templating: { list: variables.map((more) => ({ ...cluster, ...more })) },
  });

  test.each<[Partial<VariableJson>, string]>([
    [{ type: 'qurey' }, '[0].type: type "qurey" is unknown, did you mean "query"?'],
    [{ type: 'adhoc' }, '[0]: variable "cluster": type "adhoc" is not supported'],
    [
      { query: 'label_value(up, a)' },
      '[0]: variable "cluster": query function "label_value" is unknown, did you mean "label_values"?',
    ],
    [{ includAll: true }, '[0].includAll: option "includAll" is unknown, did you mean "includeAll"?'],
    [{ sort: 9 }, '[0].sort: got 9, expected a sort order from 0 to 8'],
    [
      { query: 'label_values(up{a="$clutser"}, c)' },
      '[0].query: variable "clutser" does not exist, did you mean "cluster"?',
    ],
    [{ query: 'label_values(up{a="$cluster"}, c)' }, ': variable "cluster" depends on itself'],
    [
      { type: 'datasource', query: 'loki' },
      '[0].query: data source type "loki" is not supported by the preview, expected "prometheus"',
    ],
  ])('%j', (more, message) => {
    expect(about(list(more))).toEqual([`templating.list${message}`]);
  });

  test('that exists twice, or filters by what is no regular expression', () => {
    expect(about(list({}, {}))).toEqual(['templating.list[1].name: variable "cluster" exists twice']);
    const [message, ...others] = about(list({ regex: '/(/' }));
    expect(message).toMatch(/^templating\.list\[0\]\.regex: regex "\/\(\/" is invalid: /);
    expect(others).toEqual([]);
  });
});
