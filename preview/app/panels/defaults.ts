import {
  AxisColorMode,
  AxisPlacement,
  BarAlignment,
  defaultVizLegendOptions,
  type GraphFieldConfig,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import { defaultOptions as barGauge } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import { defaultOptions as stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { defaultOptions as table } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { defaultOptions as text } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type { PanelOptions } from './options.ts';

const REDUCE = {
  reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
  orientation: VizOrientation.Auto,
};

/** What panels do where a dashboard says nothing: published by @grafana/schema but for what it leaves to the plugins. */
const OPTIONS: Readonly<Record<keyof PanelOptions, object>> = {
  stat: { ...REDUCE, ...stat },
  bargauge: { ...REDUCE, ...barGauge },
  timeseries: {
    legend: { ...defaultVizLegendOptions, displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true },
    tooltip: { mode: TooltipDisplayMode.Single, sort: SortOrder.None },
  },
  table,
  text,
  nodeGraph: {},
};

const GRAPH: GraphFieldConfig = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: GraphGradientMode.None,
  barAlignment: BarAlignment.Center,
  barWidthFactor: 0.6,
  spanNulls: false,
  insertNulls: false,
  showPoints: VisibilityMode.Auto,
  pointSize: 5,
  stacking: { mode: StackingMode.None, group: 'A' },
  axisPlacement: AxisPlacement.Auto,
  axisLabel: '',
  axisColorMode: AxisColorMode.Text,
  axisBorderShow: false,
  axisCenteredZero: false,
  scaleDistribution: { type: ScaleDistribution.Linear },
  hideFrom: { tooltip: false, viz: false, legend: false },
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
};

const CUSTOM: Readonly<Record<string, object>> = {
  timeseries: GRAPH,
  table: {
    align: 'auto',
    inspect: false,
    filterable: false,
    cellOptions: { type: TableCellDisplayMode.Auto },
    footer: { reducers: [] },
  },
};

/** The defaults of a panel type's `fieldConfig.defaults.custom`. */
export const customDefaults = (type: string): object => CUSTOM[type] ?? {};

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A panel's options with defaults filled in; nested ones such as the legend's as well. */
export function optionsOf<Type extends keyof PanelOptions>(
  type: Type,
  given: Readonly<Record<string, unknown>> = {},
): PanelOptions[Type] {
  const defaults = OPTIONS[type] as Readonly<Record<string, unknown>>;
  const nested = Object.entries(given).map(([key, value]) => {
    const base = defaults[key];
    return [key, isPlain(base) && isPlain(value) ? { ...base, ...value } : value];
  });
  return { ...defaults, ...Object.fromEntries(nested) } as PanelOptions[Type];
}
