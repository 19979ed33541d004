import type { Dashboard, Panel, PanelTarget, PlacedPanel, Variable } from '../model/dashboard.ts';
import type { AlertingRule, RecordingRule, Severity } from '../model/rules.ts';
import { barGauge, stat, timeSeries } from '../panels/charts.ts';
import { COLOURS, latest, overTime } from '../panels/shared.ts';
import { asWritten } from '../promql/index.ts';

/** A recording rule in plain texts. */
export interface RecordInput {
  readonly record: string;
  /** PromQL, as it is written. */
  readonly expr: string;
  /** Labels of the recorded series, for lists and for `azimuth diff`. */
  readonly labels?: readonly string[];
  /** Such as `bytes/s`. */
  readonly unit?: string;
  /** Comment above the rule. */
  readonly comment?: string;
}

/**
 * A recording rule of your own.
 * @example record({ record: 'team:requests:rate5m', expr: 'sum by (team) (rate(requests_total[5m]))', labels: ['team'] })
 */
export const record = ({ record: name, expr, labels = [], unit = '', comment = '' }: RecordInput): RecordingRule => ({
  record: name,
  expr: asWritten(expr),
  labels,
  unit,
  cardinality: 'of your own',
  comment,
});

/** An alerting rule in plain texts. Durations are Prometheus durations such as `5m`. */
export interface AlertInput {
  readonly alert: string;
  /** PromQL, as it is written. */
  readonly expr: string;
  readonly severity: Severity;
  readonly summary: string;
  /** A Prometheus template. */
  readonly description?: string;
  readonly for?: string;
  readonly keepFiringFor?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Comment above the rule. */
  readonly comment?: string;
}

/**
 * An alerting rule of your own.
 * @example alert({ alert: 'QueueStuck', expr: 'queue_length > 100', for: '10m', severity: 'warning', summary: 'A queue is stuck.' })
 */
export const alert = ({
  alert: name,
  expr,
  severity,
  summary,
  description = summary,
  ...rest
}: AlertInput): AlertingRule => ({
  alert: name,
  expr: asWritten(expr),
  for: rest.for ?? '0s',
  keepFiringFor: rest.keepFiringFor ?? '0s',
  labels: { ...rest.labels, severity },
  annotations: { ...rest.annotations, summary, description },
  comment: rest.comment ?? '',
});

/** A panel in plain texts. Width in columns of a grid of 24, height in rows. */
export interface PanelInput {
  /** Its key in the dashboard, by which it can be changed again. */
  readonly key: string;
  readonly title: string;
  readonly type?: 'timeseries' | 'stat' | 'bargauge';
  /** PromQL, or several queries by their legends. */
  readonly expr: string | Readonly<Record<string, string>>;
  /** Legend of the series, such as `{{namespace}}`, where there is one query. */
  readonly legend?: string;
  readonly description?: string;
  /** A unit of Grafana, such as `Bps`, `decbytes`, `percentunit` or `currencyUSD`. */
  readonly unit?: string;
  readonly width?: number;
  readonly height?: number;
}

const queriesOf = ({ expr, legend = '', title }: PanelInput): readonly (readonly [legend: string, expr: string])[] =>
  typeof expr === 'string' ? [[legend === '' ? title : legend, expr]] : Object.entries(expr);

function drawn(input: PanelInput): Panel {
  const { title, description = '', unit = 'short', type = 'timeseries' } = input;
  const shown = { title, description, unit };
  const queries = queriesOf(input);
  const targets: readonly PanelTarget[] = queries.map(([legend, expr]) => overTime(asWritten(expr), legend));
  if (type === 'timeseries') return timeSeries({ ...shown, targets });
  const [[legend, expr] = ['', '']] = queries;
  if (type === 'bargauge')
    return barGauge({ ...shown, target: latest(asWritten(expr), legend), colour: COLOURS.total, noValue: 'No data' });
  return stat({ ...shown, expr: asWritten(expr), steps: [[null, COLOURS.total]] });
}

/**
 * A panel of your own, in the style of the others.
 * @example panel({ key: 'mine', title: 'Requests', expr: 'sum(rate(requests_total[$__rate_interval]))', unit: 'reqps' })
 */
export const panel = (input: PanelInput): PlacedPanel => ({
  key: input.key,
  width: input.width ?? 12,
  height: input.height ?? 8,
  panel: drawn(input),
});

/** The unit of a panel, as Grafana names it. @example withUnit(panel, 'decbytes') */
export const withUnit = (placed: PlacedPanel, unit: string): PlacedPanel =>
  withJson(placed, (json) => {
    const { fieldConfig = {} } = json as { readonly fieldConfig?: { readonly defaults?: object } };
    return { ...json, fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig.defaults, unit } } };
  });

/**
 * A panel with a change to Grafana's JSON of it, for what no setting has. Title, description, place and queries are set afterwards.
 * @example withJson(panel, (json) => ({ ...json, maxDataPoints: 200 }))
 */
export const withJson = (
  placed: PlacedPanel,
  change: (json: { readonly type: string }) => { readonly type: string },
): PlacedPanel => ({
  ...placed,
  panel: { ...placed.panel, build: () => ({ build: () => change(placed.panel.build().build()) }) },
});

/** A dashboard in plain texts. */
export interface DashboardInput {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Start of the time range. */
  readonly from?: string;
  readonly refresh?: string;
  /** The variable of the data source is always there. */
  readonly variables?: readonly Variable[];
}

/** A dashboard of your own. @example dashboard({ uid: 'team', title: 'Team', panels: [panel({ ... })] }) */
export const dashboard = ({ uid, title, panels, ...rest }: DashboardInput): Dashboard => ({
  uid,
  title,
  description: rest.description ?? '',
  tags: rest.tags ?? [],
  from: rest.from ?? 'now-6h',
  refresh: rest.refresh ?? '1m',
  variables: [{ kind: 'datasource' }, ...(rest.variables ?? [])],
  sections: [{ panels }],
});
