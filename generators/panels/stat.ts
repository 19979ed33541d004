import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  PercentChangeColorMode,
  ReduceDataOptionsBuilder,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { Panel } from '../model/dashboard.ts';
import type { Query } from '../promql/index.ts';
import { thresholds, type Step } from './colours.ts';
import { overTime } from './targets.ts';

/** One number with its course behind it, and its change over the time range where a rise is bad news. */
export const stat = (options: {
  readonly title: string;
  readonly description: string;
  readonly expr: Query;
  readonly unit: string;
  readonly steps: readonly Step[];
  readonly decimals?: number;
  readonly change?: boolean;
  /** Whether its course is drawn behind it; not where a graph shows it, as a high one runs through the number. */
  readonly course?: boolean;
  /** Height of the number in px: as large as fits would differ from tile to tile, and cover the course. */
  readonly size?: number;
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: [overTime(options.expr, options.title)],
  build: () => {
    const panel = new PanelBuilder()
      .unit(options.unit)
      // The course behind the number begins at nothing, or a small dip looks like a loss of everything.
      .min(0)
      .thresholds(thresholds(options.steps))
      .graphMode(options.course === false ? BigValueGraphMode.None : BigValueGraphMode.Area)
      .colorMode(BigValueColorMode.Value)
      .textMode(BigValueTextMode.Value)
      .text(new VizTextDisplayOptionsBuilder().valueSize(options.size ?? 28))
      .showPercentChange(options.change ?? false)
      .percentChangeColorMode(PercentChangeColorMode.Inverted)
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
    return options.decimals === undefined ? panel : panel.decimals(options.decimals);
  },
});
