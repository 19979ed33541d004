import type * as schema from '@grafana/schema';
import type { FieldConfig as TableFieldConfig } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { FieldConfig as TimeSeriesFieldConfig } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import { keysOf, oneOf, REDUCER, type Shape } from './shape.ts';

const HIDE_FROM = keysOf<schema.HideSeriesConfig>({ legend: true, tooltip: true, viz: true });

const timeseries = keysOf<TimeSeriesFieldConfig>({
  axisBorderShow: true,
  axisCenteredZero: true,
  axisColorMode: oneOf<schema.AxisColorMode>({ series: true, text: true }),
  axisGridShow: true,
  axisLabel: true,
  axisPlacement: oneOf<schema.AxisPlacement>({
    auto: true,
    bottom: true,
    hidden: true,
    left: true,
    right: true,
    top: true,
  }),
  axisSoftMax: true,
  axisSoftMin: true,
  axisWidth: true,
  barAlignment: true,
  barMaxWidth: true,
  barWidthFactor: true,
  drawStyle: oneOf<schema.GraphDrawStyle>({ bars: true, line: true, points: true }),
  fillBelowTo: true,
  fillColor: true,
  fillOpacity: true,
  gradientMode: oneOf<schema.GraphGradientMode>({ hue: true, none: true, opacity: true, scheme: true }),
  hideFrom: HIDE_FROM,
  insertNulls: true,
  lineColor: true,
  lineInterpolation: oneOf<schema.LineInterpolation>({
    linear: true,
    smooth: true,
    stepAfter: true,
    stepBefore: true,
  }),
  lineStyle: keysOf<schema.LineStyle>({ dash: true, fill: true }),
  lineWidth: true,
  pointColor: true,
  pointSize: true,
  pointSymbol: true,
  scaleDistribution: keysOf<schema.ScaleDistributionConfig>({
    linearThreshold: true,
    log: true,
    type: oneOf<schema.ScaleDistribution>({ linear: true, log: true, ordinal: true, symlog: true }),
  }),
  showPoints: oneOf<schema.VisibilityMode>({ always: true, auto: true, never: true }),
  showValues: true,
  spanNulls: true,
  stacking: keysOf<schema.StackingConfig>({
    group: true,
    mode: oneOf<schema.StackingMode>({ none: true, normal: true, percent: true }),
  }),
  thresholdsStyle: keysOf<schema.GraphThresholdsStyleConfig>({
    mode: oneOf<schema.GraphThresholdsStyleMode>({
      area: true,
      dashed: true,
      'dashed+area': true,
      line: true,
      'line+area': true,
      off: true,
      series: true,
    }),
  }),
  transform: oneOf<schema.GraphTransform>({ constant: true, 'negative-Y': true }),
});

const CELL_TYPE = oneOf<schema.TableCellDisplayMode>({
  actions: true,
  auto: true,
  basic: true,
  'color-background': true,
  'color-background-solid': true,
  'color-text': true,
  custom: true,
  'data-links': true,
  gauge: true,
  geo: true,
  'gradient-gauge': true,
  image: true,
  'json-view': true,
  'lcd-gauge': true,
  markdown: true,
  pill: true,
  sparkline: true,
});

/** The keys of all kinds of cells together; a sparkline has those of a graph besides. */
type CellKeys = schema.TableBarGaugeCellOptions &
  schema.TableColoredBackgroundCellOptions &
  schema.TableImageCellOptions &
  schema.TableMarkdownCellOptions &
  schema.TableSparklineCellOptions;

const table = keysOf<TableFieldConfig>({
  align: oneOf<schema.FieldTextAlignment>({ auto: true, center: true, left: true, right: true }),
  cellOptions: keysOf<Record<keyof CellKeys, unknown>>({
    ...(timeseries.keys as Record<keyof schema.GraphFieldConfig, Shape>),
    alt: true,
    applyToRow: true,
    dynamicHeight: true,
    hideValue: true,
    mode: oneOf<schema.BarGaugeDisplayMode | schema.TableCellBackgroundDisplayMode>({
      basic: true,
      gradient: true,
      lcd: true,
    }),
    title: true,
    type: CELL_TYPE,
    valueDisplayMode: oneOf<schema.BarGaugeValueMode>({ color: true, hidden: true, text: true }),
  }),
  displayMode: CELL_TYPE,
  filterable: true,
  footer: keysOf<schema.TableFooterOptions>({ reducers: REDUCER }),
  hideFrom: HIDE_FROM,
  hideHeader: true,
  inspect: true,
  minWidth: true,
  sortable: true,
  styleField: true,
  tooltip: keysOf<NonNullable<schema.TableFieldOptions['tooltip']>>({
    field: true,
    placement: oneOf<schema.TableCellTooltipPlacement>({
      auto: true,
      bottom: true,
      left: true,
      right: true,
      top: true,
    }),
  }),
  width: true,
  wrapHeaderText: true,
  wrapText: true,
});

const none = keysOf<object>({});

/** `custom` in a panel's field configuration, by its type; stat, bar gauge and text have none. */
export const CUSTOM: Readonly<Record<string, { readonly keys: Readonly<Record<string, Shape>> }>> = {
  stat: none,
  timeseries,
  table,
  bargauge: none,
  text: none,
};
