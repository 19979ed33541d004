import type * as schema from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type {
  ArcOption,
  LayoutAlgorithm,
  Options as NodeGraphOptions,
  ZoomMode,
} from '@grafana/schema/dist/esm/raw/composable/nodegraph/panelcfg/x/NodeGraphPanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type {
  CodeLanguage,
  CodeOptions,
  Options as TextOptions,
  RenderMode,
  TextMode,
} from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type {
  Options as TimeSeriesOptions,
  TimeSeriesLegendOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { keysOf, oneOf, type Shape } from './shape.ts';
import { LEGEND, ORIENTATION, REDUCE_OPTIONS, TEXT_SIZES, TOOLTIP } from './shapes-common.ts';

const stat = keysOf<StatOptions>({
  colorMode: oneOf<schema.BigValueColorMode>({ background: true, background_solid: true, none: true, value: true }),
  graphMode: oneOf<schema.BigValueGraphMode>({ area: true, line: true, none: true }),
  justifyMode: oneOf<schema.BigValueJustifyMode>({ auto: true, center: true }),
  orientation: ORIENTATION,
  percentChangeColorMode: oneOf<schema.PercentChangeColorMode>({ inverted: true, same_as_value: true, standard: true }),
  reduceOptions: REDUCE_OPTIONS,
  showPercentChange: true,
  text: TEXT_SIZES,
  textMode: oneOf<schema.BigValueTextMode>({ auto: true, name: true, none: true, value: true, value_and_name: true }),
  wideLayout: true,
});

const timeseries = keysOf<TimeSeriesOptions>({
  annotations: keysOf<schema.VizAnnotations>({
    clustering: true,
    lines: keysOf<{ width: number }>({ width: true }),
    multiLane: true,
    regions: keysOf<{ opacity: number }>({ opacity: true }),
  }),
  disableKeyboardEvents: true,
  legend: keysOf<TimeSeriesLegendOptions>({
    ...(LEGEND.keys as Record<keyof schema.VizLegendOptions, Shape>),
    enableFacetedFilter: true,
    facetedFilterPinned: true,
  }),
  orientation: ORIENTATION,
  timeCompare: keysOf<schema.TimeCompareOptions>({ timeCompare: true }),
  timezone: true,
  tooltip: TOOLTIP,
});

const table = keysOf<TableOptions & { footer: never }>({
  cellHeight: oneOf<schema.TableCellHeight>({ auto: true, lg: true, md: true, sm: true }),
  disableKeyboardEvents: true,
  enablePagination: true,
  // Where footers were before Grafana 12.2, which moves it to `custom.footer`; panels.ts reports those that are shown.
  footer: true,
  frameIndex: true,
  frozenColumns: keysOf<{ left: number }>({ left: true }),
  maxRowHeight: true,
  pageSize: true,
  showHeader: true,
  showTypeIcons: true,
  sortBy: keysOf<schema.TableSortByFieldState>({ desc: true, displayName: true }),
});

const bargauge = keysOf<BarGaugeOptions>({
  displayMode: oneOf<schema.BarGaugeDisplayMode>({ basic: true, gradient: true, lcd: true }),
  legend: LEGEND,
  maxVizHeight: true,
  minVizHeight: true,
  minVizWidth: true,
  namePlacement: oneOf<schema.BarGaugeNamePlacement>({ auto: true, hidden: true, left: true, top: true }),
  orientation: ORIENTATION,
  reduceOptions: REDUCE_OPTIONS,
  showUnfilled: true,
  sizing: oneOf<schema.BarGaugeSizing>({ auto: true, manual: true }),
  text: TEXT_SIZES,
  valueMode: oneOf<schema.BarGaugeValueMode>({ color: true, hidden: true, text: true }),
});

const text = keysOf<TextOptions>({
  code: keysOf<CodeOptions>({
    language: oneOf<CodeLanguage>({
      go: true,
      html: true,
      json: true,
      markdown: true,
      plaintext: true,
      sql: true,
      typescript: true,
      xml: true,
      yaml: true,
    }),
    showLineNumbers: true,
    showMiniMap: true,
  }),
  content: true,
  mode: oneOf<TextMode>({ code: true, html: true, markdown: true }),
  renderMode: oneOf<RenderMode>({ once: true, perRow: true }),
});

const nodeGraph = keysOf<NodeGraphOptions>({
  edges: keysOf<NonNullable<NodeGraphOptions['edges']>>({ mainStatUnit: true, secondaryStatUnit: true }),
  layoutAlgorithm: oneOf<LayoutAlgorithm>({ force: true, grid: true, layered: true }),
  nodes: keysOf<NonNullable<NodeGraphOptions['nodes']>>({
    arcs: keysOf<ArcOption>({ color: true, field: true }),
    mainStatUnit: true,
    secondaryStatUnit: true,
  }),
  zoomMode: oneOf<ZoomMode>({ cooperative: true, greedy: true }),
});

/** A panel's `options`, by its type. */
export const OPTIONS: Readonly<Record<string, Shape>> = { stat, timeseries, table, bargauge, text, nodeGraph };
