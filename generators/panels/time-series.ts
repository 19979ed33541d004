import {
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, PanelTarget } from '../model/dashboard.ts';

/** Series over time. */
export const timeSeries = (options: {
  readonly title: string;
  readonly description: string;
  readonly targets: readonly PanelTarget[];
  readonly unit: string;
  readonly stacked?: boolean;
  /** Fixed colours by the name of the series. */
  readonly colours?: Readonly<Record<string, string>>;
  /** Where the legend goes: a list below, or a table with last and highest value on the right. */
  readonly legend?: 'list' | 'table';
  /** Which series the legend's table has first: those with the largest last value unless told. */
  readonly first?: 'largest' | 'smallest';
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: options.targets,
  build: () => {
    const table = options.legend === 'table';
    const panel = new PanelBuilder()
      .unit(options.unit)
      .min(0)
      .lineWidth(1)
      .fillOpacity(options.stacked === true ? 45 : 0)
      .gradientMode(GraphGradientMode.None)
      .showPoints(VisibilityMode.Never)
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(table ? LegendDisplayMode.Table : LegendDisplayMode.List)
          .placement(table ? LegendPlacement.Right : LegendPlacement.Bottom)
          .calcs(table ? ['lastNotNull', 'max'] : [])
          .sortBy('Last *')
          .sortDesc(options.first !== 'smallest'),
      );
    if (options.stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
    for (const [name, fixedColor] of Object.entries(options.colours ?? {})) {
      panel.overrideByName(name, [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }]);
    }
    return panel;
  },
});
