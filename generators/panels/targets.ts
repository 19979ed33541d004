import type { PanelTarget } from '../model/dashboard.ts';
import type { Query } from '../promql/index.ts';

/** A series over the time range. */
export const overTime = (expr: Query, legend: string): PanelTarget => ({
  expr,
  mode: 'range',
  format: 'time_series',
  legend,
});

/** The latest values as rows, one column for each label. */
export const rows = (expr: Query): PanelTarget => ({ expr, mode: 'instant', format: 'table', legend: '' });

/** The latest values as named values. */
export const latest = (expr: Query, legend: string): PanelTarget => ({
  expr,
  mode: 'instant',
  format: 'time_series',
  legend,
});
