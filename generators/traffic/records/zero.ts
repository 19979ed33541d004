import { labels, promql, type Query } from '../../promql/index.ts';

/** 0 for each combination of these labels that a query has, whatever its values. */
export const zeroFor = (by: readonly string[], query: Query): Query =>
  promql`0 * group by (${labels(...by)}) (${query})`;
