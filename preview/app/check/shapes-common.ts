import type {
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptions,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptions,
  VizOrientation,
  VizTextDisplayOptions,
  VizTooltipOptions,
} from '@grafana/schema';
import { keysOf, oneOf, REDUCER } from './shape.ts';

export const ORIENTATION = oneOf<VizOrientation>({ auto: true, horizontal: true, vertical: true });

/** Sizes of the texts of stat and bar gauge. */
export const TEXT_SIZES = keysOf<VizTextDisplayOptions>({ percentSize: true, titleSize: true, valueSize: true });

/** How stat and bar gauge make one value of many. */
export const REDUCE_OPTIONS = keysOf<ReduceDataOptions>({ calcs: REDUCER, fields: true, limit: true, values: true });

export const TOOLTIP = keysOf<VizTooltipOptions>({
  hideZeros: true,
  maxHeight: true,
  maxWidth: true,
  mode: oneOf<TooltipDisplayMode>({ multi: true, none: true, single: true }),
  sort: oneOf<SortOrder>({ asc: true, desc: true, none: true }),
});

export const LEGEND = keysOf<VizLegendOptions>({
  asTable: true,
  calcs: REDUCER,
  displayMode: oneOf<LegendDisplayMode>({ hidden: true, list: true, table: true }),
  isVisible: true,
  limit: true,
  overflow: true,
  placement: oneOf<LegendPlacement>({ bottom: true, right: true }),
  showLegend: true,
  sortBy: true,
  sortDesc: true,
  width: true,
});
