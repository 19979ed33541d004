import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelTarget, Variable } from '../model/dashboard.ts';
import { labelReplace, matches, type Matchers, type Query } from '../promql/index.ts';
import type { CLUSTER } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';

/** Colours by meaning, the same on every dashboard: green within a zone, orange across zones, purple across regions, blue to the internet, grey for unknown. */
export const COLOURS = {
  same_zone: 'green',
  cross_zone: 'orange',
  cross_region: 'purple',
  internet: 'blue',
  unknown: '#8e8e8e',
  total: 'blue',
  good: 'green',
  attention: 'yellow',
  warning: 'orange',
  bad: 'red',
} as const;

/** Grafana's units of traffic. It has none for flow events; "si:" defines one with SI prefixes. Keep the space: "si:flows" would be "lows" with the prefix femto. */
export const TRAFFIC_UNITS = { network_flows: 'si: flows/s', network_packets: 'pps', network_bytes: 'Bps' } as const;

/** The colour from a value upwards; the first step has no value and applies below all others. */
export type Step = readonly [from: number | null, colour: string];

/** Thresholds in absolute values. */
export const thresholds = (steps: readonly Step[]) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps.map(([value, color]) => ({ value, color })));

/** A query over the time range. */
export const overTime = (expr: Query, legend: string): PanelTarget => ({
  expr,
  mode: 'range',
  format: 'time_series',
  legend,
});

/** The latest values as rows of a table, one column for each label. */
export const rows = (expr: Query): PanelTarget => ({ expr, mode: 'instant', format: 'table', legend: '' });

/** The latest values, named by the legend. */
export const latest = (expr: Query, legend: string): PanelTarget => ({
  expr,
  mode: 'instant',
  format: 'time_series',
  legend,
});

/** The setting that names the cluster. */
export type Cluster = Slice<{ cluster: typeof CLUSTER }>;

/** Names of variables that every dashboard has; the cluster label is a variable too. */
export const VARIABLE_LABELS: readonly string[] = ['datasource'];

/** The first variables of every dashboard: the data source, and the cluster if it has a label. */
export const commonVariables = ({ cluster }: Cluster, series: Query): readonly Variable[] => [
  { kind: 'datasource' },
  ...(cluster.label === null
    ? []
    : [
        {
          kind: 'query',
          name: cluster.label,
          label: 'Cluster',
          description: 'Clusters to show.',
          query: { selector: series, label: cluster.label },
          multi: true,
        } as const,
      ]),
];

/** The matcher on the cluster label in every query of a dashboard. */
export const inCluster = ({ cluster }: Cluster): Matchers =>
  cluster.label === null ? {} : { [cluster.label]: matches(`$${cluster.label}`) };

/** Adds the label `host`: another label without the domain, as legends are short. IP addresses stay whole. */
export const withHost = (query: Query, of: 'instance' | 'node'): Query =>
  labelReplace(query, 'host', '$1$2', of, '([a-zA-Z][^.]*)[.].+|(.+)');
