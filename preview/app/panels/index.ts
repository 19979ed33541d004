import { BarGauge } from './bar-gauge.tsx';
import { NodeGraph } from './node-graph.tsx';
import type { PanelComponent } from './panel-props.ts';
import { Stat } from './stat.tsx';
import { Table } from './table.tsx';
import { Text } from './text.tsx';
import { TimeSeries } from './time-series.tsx';

/** The panel types that can be drawn: those whose components Grafana publishes, and graphs of nodes. */
export const panelTypes: Readonly<Record<string, PanelComponent>> = {
  stat: Stat,
  timeseries: TimeSeries,
  table: Table,
  bargauge: BarGauge,
  text: Text,
  nodeGraph: NodeGraph,
};
