import * as common from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { FieldColorBuilder, FieldColorModeId, MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Panel, PanelTarget } from '../model/dashboard.ts';
import { either, promql, type Query } from '../promql/index.ts';
import { COLOURS, latest, overTime, thresholds, type Step } from './shared.ts';

/** Options of every panel. */
interface Shown {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
}

/** Stands for a number that is withheld. No number of a dashboard is negative. */
const WITHHELD = -1;

/** One number with a sparkline; `change` adds its change over the time range, as a rise is bad. */
export const stat = (
  options: Shown & {
    readonly expr: Query;
    readonly steps: readonly Step[];
    readonly decimals?: number;
    readonly change?: boolean;
    /** Whether a sparkline is drawn; not where a graph shows the same, as a high line crosses the number. */
    readonly sparkline?: boolean;
    /** The latest value only, without a sparkline: over a range, the last value stays although its source is gone. */
    readonly now?: boolean;
    /** Height of the number in px. Automatic sizes would differ between tiles and cover the sparkline. */
    readonly size?: number;
    /** Where the number is withheld, and the text that is shown then; without data it is still "No data". */
    readonly withheld?: { readonly where: Query; readonly text: string };
  },
): Panel => ({
  title: options.title,
  description: options.description,
  targets: [
    (options.now === true ? latest : overTime)(
      options.withheld === undefined
        ? options.expr
        : either(options.expr, promql`group(${options.withheld.where}) * ${WITHHELD}`),
      options.title,
    ),
  ],
  build: () => {
    const drawn = options.now !== true && options.sparkline !== false;
    const panel = new StatBuilder()
      .unit(options.unit)
      // The sparkline starts at 0, or a small dip looks like a total loss.
      .min(0)
      .thresholds(thresholds(options.steps))
      .graphMode(drawn ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
      .colorMode(common.BigValueColorMode.Value)
      .textMode(common.BigValueTextMode.Value)
      .text(new common.VizTextDisplayOptionsBuilder().valueSize(options.size ?? 28))
      .showPercentChange(options.change ?? false)
      .percentChangeColorMode(common.PercentChangeColorMode.Inverted)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
    if (options.withheld !== undefined) {
      const result = { text: options.withheld.text, color: COLOURS.unknown, index: 0 };
      panel.mappings([{ type: MappingType.ValueToText, options: { [WITHHELD]: result } }]);
    }
    return options.decimals === undefined ? panel : panel.decimals(options.decimals);
  },
});

/** A few named values as bars. */
export const barGauge = (
  options: Shown & {
    readonly target: PanelTarget;
    readonly colour: string;
    /** Text where there are no bars. */
    readonly noValue: string;
  },
): Panel => ({
  title: options.title,
  description: options.description,
  targets: [options.target],
  build: () =>
    new BarGaugeBuilder()
      .unit(options.unit)
      .min(0)
      .noValue(options.noValue)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(options.colour))
      .orientation(common.VizOrientation.Horizontal)
      .displayMode(common.BarGaugeDisplayMode.Basic)
      .valueMode(common.BarGaugeValueMode.Text)
      .namePlacement(common.BarGaugeNamePlacement.Top)
      .sizing(common.BarGaugeSizing.Auto)
      .showUnfilled(true)
      .text(new common.VizTextDisplayOptionsBuilder().titleSize(13).valueSize(15))
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
});

/** Series over time. */
export const timeSeries = (
  options: Shown & {
    readonly targets: readonly PanelTarget[];
    readonly stacked?: boolean;
    /** Fixed colours by the name of the series. */
    readonly colours?: Readonly<Record<string, string>>;
    /** A list below the graph, or a table on the right with the last and the highest value. */
    readonly legend?: 'list' | 'table';
    /** Order of the legend table by last value; largest first by default. */
    readonly first?: 'largest' | 'smallest';
    /** At most so many points, where each costs much. */
    readonly points?: number;
    /** Text of an empty graph. */
    readonly noValue?: string;
    /** Digits after the point, where what is below them is noise; by default as many as the value has. */
    readonly decimals?: number;
  },
): Panel => ({
  title: options.title,
  description: options.description,
  targets: options.targets,
  build: () => {
    const table = options.legend === 'table';
    const panel = new TimeSeriesBuilder()
      .unit(options.unit)
      .min(0)
      .lineWidth(1)
      .fillOpacity(options.stacked === true ? 45 : 0)
      .gradientMode(common.GraphGradientMode.None)
      .showPoints(common.VisibilityMode.Never)
      .tooltip(
        new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
      )
      .legend(
        new common.VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(table ? common.LegendDisplayMode.Table : common.LegendDisplayMode.List)
          .placement(table ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
          .calcs(table ? ['lastNotNull', 'max'] : [])
          .sortBy('Last *')
          .sortDesc(options.first !== 'smallest'),
      );
    if (options.points !== undefined) panel.maxDataPoints(options.points);
    if (options.noValue !== undefined) panel.noValue(options.noValue);
    if (options.decimals !== undefined) panel.decimals(options.decimals);
    if (options.stacked === true)
      panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
    for (const [name, fixedColor] of Object.entries(options.colours ?? {})) {
      panel.overrideByName(name, [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor } }]);
    }
    return panel;
  },
});
