import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Panel, PanelTarget } from '../model/dashboard.ts';

/** A few named values, largest first, as bars. */
export const barGauge = (options: {
  readonly title: string;
  readonly description: string;
  readonly target: PanelTarget;
  readonly unit: string;
  readonly colour: string;
}): Panel => ({
  title: options.title,
  description: options.description,
  targets: [options.target],
  build: () =>
    new PanelBuilder()
      .unit(options.unit)
      .min(0)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(options.colour))
      .orientation(VizOrientation.Horizontal)
      .displayMode(BarGaugeDisplayMode.Basic)
      .valueMode(BarGaugeValueMode.Text)
      .namePlacement(BarGaugeNamePlacement.Top)
      .sizing(BarGaugeSizing.Auto)
      .showUnfilled(true)
      .text(new VizTextDisplayOptionsBuilder().titleSize(13).valueSize(15))
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false)),
});
