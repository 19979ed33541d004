import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findProblems, type Known } from '../../../preview/app/check/index.ts';
import type { DashboardJson, PanelJson } from '../../../preview/app/model/dashboard-json.ts';

/** What the generated dashboards use, and nothing else; that Grafana has it is seen when the preview draws them. */
const known: Known = {
  panelTypes: ['stat', 'timeseries', 'table', 'bargauge', 'text', 'nodeGraph'],
  transformations: 'calculateField filterFieldsByName groupingToMatrix labelsToFields merge organize sortBy'.split(' '),
  units: ['bytes', 'Bps', 'percentunit', 'pps', 'currencyUSD', 's', 'short', 'dateTimeAsIso', 'reqps', 'none'],
  reducers: ['lastNotNull', 'max', 'sum'],
  fieldMatchers: ['byName'],
  colorModes: ['continuous-blues', 'fixed', 'thresholds'],
};

const dir = new URL('../../../dashboards/grafana/', import.meta.url);
const dashboards = readdirSync(dir)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, DashboardJson] => [
    name,
    JSON.parse(readFileSync(new URL(name, dir), 'utf8')) as DashboardJson,
  ]);

/** Keys of a panel below which names are the user's own, or nobody reads what is there. */
const FREE = new Set(['datasource', 'fields', 'footer', 'indexByName', 'renameByName']);

/** Every copy of a value in which one key is misspelt, with that key. */
function* misspelt(value: unknown): Generator<[string, unknown]> {
  if (Array.isArray(value))
    for (const [index, item] of value.entries())
      for (const [key, changed] of misspelt(item)) yield [key, value.with(index, changed)];
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value) as [string, unknown][]) {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      yield [key, { ...rest, [`${key}q`]: item }];
      if (!FREE.has(key)) for (const [inner, changed] of misspelt(item)) yield [inner, { ...rest, [key]: changed }];
    }
}

/** Panels without their queries, whose keys are many and all alike. */
const panelsOf = ({ panels = [] }: DashboardJson): PanelJson[] =>
  panels.flatMap((panel) => [{ ...panel, panels: [] }, ...(panel.panels ?? [])]);

/** Values of a label that have texts: no names. */
const VALUES = new Set(['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown']);

/** Keys without which a panel is none; the compiler sees to them. */
const REQUIRED = new Set(['gridPos', 'id', 'matcher', 'panels', 'properties', 'refId', 'type']);

test('there are dashboards', () => {
  expect(dashboards.length).toBeGreaterThan(0);
});

describe.each(dashboards)('%s', (_, dashboard) => {
  test('has no problems', () => {
    expect(findProblems(dashboard, known)).toEqual([]);
  });

  test('has one as soon as any key of a panel is misspelt', () => {
    for (const { panels: _panels, ...panel } of panelsOf(dashboard)) {
      // A number is a value that is mapped.
      const copies = [...misspelt(panel)].filter(([key]) => !REQUIRED.has(key) && !/^-?[0-9]+$/.test(key));
      expect(copies.length).toBeGreaterThan(0);
      const unseen = copies.filter(
        ([, copy]) => findProblems({ ...dashboard, panels: [copy as PanelJson] }, known).length === 0,
      );
      expect(unseen.filter(([key]) => !VALUES.has(key)).map(([key]) => `${panel.title}: ${key}`)).toEqual([]);
    }
  });
});
