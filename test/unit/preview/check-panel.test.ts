import { describe, expect, test } from '@jest/globals';
import { findProblems, type Known } from '../../../preview/app/check/index.ts';
import type { PanelJson } from '../../../preview/app/model/dashboard-json.ts';

const known: Known = {
  panelTypes: ['stat', 'timeseries', 'table', 'bargauge', 'text'],
  transformations: [],
  units: [],
  reducers: ['lastNotNull', 'max', 'sum'],
  fieldMatchers: [],
  colorModes: [],
};

const target = { refId: 'A', expr: 'up{cluster=~"$cluster"}' };
const panel = (more: Partial<PanelJson> = {}): PanelJson => ({
  id: 1,
  type: 'timeseries',
  title: 'Traffic',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  targets: [target],
  ...more,
});

/** What is said about a dashboard with this panel only; all of it must be about the panel. */
const about = (more: Partial<PanelJson>): string[] => {
  const list = [{ name: 'cluster', type: 'query', query: 'label_values(up, cluster)' }];
  const problems = findProblems({ uid: 'x', title: 'X', panels: [panel(more)], templating: { list } }, known);
  expect(problems.map((problem) => problem.panel)).toEqual(problems.map(() => 'Traffic'));
  return problems.map(({ message }) => message);
};

describe('a panel', () => {
  test.each<[Partial<PanelJson>, ...string[]]>([
    [{ type: 'timeserie' }, 'type: panel type "timeserie" is unknown, did you mean "timeseries"?'],
    [{ type: 'gauge' }, 'type: panel type "gauge" is not drawn by the preview'],
    [{ transparant: true }, 'transparant: option "transparant" is unknown, did you mean "transparent"?'],
    [{ repeat: 'cluster' }, 'repeat: "repeat" is not drawn by the preview'],
    [{ libraryPanel: { uid: 'a' } }, 'libraryPanel: "libraryPanel" is not drawn by the preview'],
    [{ alert: { name: 'a' } }, 'alert: "alert" is not drawn by the preview'],
    [
      { links: [{ type: 'dashboard', title: 'a' }] },
      'links[0].type: value "dashboard" is unknown, did you mean "dashboards"?',
    ],
    [{ options: { legnd: {} } }, 'options.legnd: option "legnd" is unknown, did you mean "legend"?'],
    [
      { options: { legend: { shwoLegend: true, calcs: ['maximum', 'sum'] } } },
      'options.legend.shwoLegend: option "shwoLegend" is unknown, did you mean "showLegend"?',
      'options.legend.calcs[0]: reducer "maximum" is unknown, expected one of lastNotNull, max, sum',
    ],
    [
      { options: { tooltip: { mod: 'multi', sort: 'descending' } } },
      'options.tooltip.mod: option "mod" is unknown, did you mean "mode"?',
      'options.tooltip.sort: value "descending" is unknown, expected one of asc, desc, none',
    ],
    [
      { type: 'stat', options: { reduceOptions: { calcs: ['lastNotNul'], value: true }, colorMode: 'vallue' } },
      'options.reduceOptions.calcs[0]: reducer "lastNotNul" is unknown, did you mean "lastNotNull"?',
      'options.reduceOptions.value: option "value" is unknown, did you mean "values"?',
      'options.colorMode: value "vallue" is unknown, did you mean "value"?',
    ],
    [
      { type: 'bargauge', options: { showUnfiled: true } },
      'options.showUnfiled: option "showUnfiled" is unknown, did you mean "showUnfilled"?',
    ],
    [
      { type: 'text', options: { contents: '' } },
      'options.contents: option "contents" is unknown, did you mean "content"?',
    ],
    [
      { type: 'table', options: { sortBy: [{ displayname: 'a' }] } },
      'options.sortBy[0].displayname: option "displayname" is unknown, did you mean "displayName"?',
    ],
    [
      { type: 'table', options: { footer: { show: true } } },
      'options.footer: option "footer" is how tables had a footer before Grafana 12.2, expected fieldConfig.defaults.custom.footer',
    ],
    [{ targets: [{ refId: 'A', expr: ' ' }] }, 'targets[0].expr: query "A" has no expression'],
    [
      { targets: [{ ...target, format: 'tabel' }] },
      'targets[0].format: format "tabel" is unknown, did you mean "table"?',
    ],
    [{ targets: [{ ...target, legend: 'a' }] }, 'targets[0].legend: option "legend" is unknown'],
    [{ targets: [target, target] }, 'targets[1].refId: refId "A" is taken by another query'],
    [
      { datasource: { type: 'loki' } },
      'datasource.type: data source type "loki" is not supported by the preview, expected "prometheus"',
    ],
    [
      { gridPos: { x: 16, y: 0, w: 12, h: 8 } },
      'gridPos: got x=16, y=0, w=12, h=8, which ends at column 28, expected at most 24',
    ],
    [
      { gridPos: { x: -1, y: 0, w: 0.5, h: 8 } },
      'gridPos: got x=-1, y=0, w=0.5, h=8, expected whole numbers with x and y from 0 and w and h from 1',
    ],
    [{ description: '$clutser' }, 'description: variable "clutser" does not exist, did you mean "cluster"?'],
    [
      { targets: [{ refId: 'A', expr: 'rate(a[$__rate_intervall])' }] },
      'targets[0].expr: variable "__rate_intervall" does not exist, did you mean "__rate_interval"?',
    ],
  ])('%j', (more, ...messages) => {
    expect(about(more)).toEqual(messages);
  });

  test.each<Partial<PanelJson>>([
    {},
    { type: 'text', targets: [], options: { mode: 'markdown', content: 'Costs $5' } },
    { type: 'table', options: { footer: { show: false } } },
    { targets: [{ refId: 'A', hide: true }] },
    { targets: [{ ...target, expr: 'label_replace(up, "a", "$1", "b", "(.*)$")' }] },
  ])('%j is right', (more) => {
    expect(about(more)).toEqual([]);
  });
});
