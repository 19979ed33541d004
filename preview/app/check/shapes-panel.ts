import type { Dashboard, DashboardLink, DashboardLinkType, Panel, RowPanel, VariableModel } from '@grafana/schema';
import { keysOf, oneOf, type Shape } from './shape.ts';

const LINK_TYPE = oneOf<DashboardLinkType>({ dashboards: true, link: true });

/** A link in the head of a dashboard, or of a panel. */
export const LINK = keysOf<DashboardLink>({
  asDropdown: true,
  icon: true,
  includeVars: true,
  keepTime: true,
  origin: true,
  placement: true,
  tags: true,
  targetBlank: true,
  title: true,
  tooltip: true,
  type: LINK_TYPE,
  url: true,
});

/** A panel, but for what is in its options, fields, queries and transformations. */
export const PANEL = keysOf<Panel & { gridPos: unknown }>({
  autoMigrateFrom: true,
  cacheTimeout: true,
  datasource: true,
  description: true,
  fieldConfig: true,
  gridPos: { keys: { h: true, static: true, w: true, x: true, y: true } },
  hideTimeOverride: true,
  id: true,
  interval: true,
  libraryPanel: true,
  links: LINK,
  maxDataPoints: true,
  maxPerRow: true,
  options: true,
  pluginVersion: true,
  queryCachingTTL: true,
  repeat: true,
  repeatDirection: { values: ['h', 'v'] },
  targets: true,
  timeCompare: true,
  timeFrom: true,
  timeShift: true,
  title: true,
  transformations: true,
  transparent: true,
  type: true,
});

/** A row. */
export const ROW = keysOf<RowPanel>({
  collapsed: true,
  datasource: true,
  gridPos: true,
  id: true,
  panels: true,
  repeat: true,
  title: true,
  type: true,
});

/** A variable; those besides the published ones are what some kinds of variables have. */
export const VARIABLE: Shape = {
  keys: {
    ...keysOf<VariableModel>({
      allValue: true,
      allowCustomValue: true,
      current: true,
      datasource: true,
      description: true,
      enableGroupBy: true,
      hide: true,
      includeAll: true,
      label: true,
      multi: true,
      name: true,
      options: true,
      query: true,
      refresh: true,
      regex: true,
      regexApplyTo: true,
      skipUrlSync: true,
      sort: true,
      staticOptions: true,
      staticOptionsOrder: true,
      type: true,
      valuesFormat: true,
    }).keys,
    auto: true,
    auto_count: true,
    auto_min: true,
    definition: true,
  },
};

/** A dashboard, but for what is in its panels and links. */
export const DASHBOARD: Shape = {
  keys: {
    ...keysOf<Dashboard>({
      annotations: true,
      description: true,
      editable: true,
      fiscalYearStartMonth: true,
      gnetId: true,
      graphTooltip: true,
      id: true,
      links: LINK,
      liveNow: true,
      panels: true,
      preload: true,
      refresh: true,
      revision: true,
      schemaVersion: true,
      snapshot: true,
      tags: true,
      templating: { keys: { list: VARIABLE } },
      time: { keys: { from: true, to: true } },
      timepicker: true,
      timezone: true,
      title: true,
      uid: true,
      version: true,
      weekStart: true,
    }).keys,
    // Of a dashboard to be imported by hand.
    __elements: true,
    __inputs: true,
    __requires: true,
  },
};
