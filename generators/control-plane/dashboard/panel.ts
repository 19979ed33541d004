import type { PanelOf } from '../../panels/needs.ts';
import { inCluster } from '../../panels/shared.ts';
import { labels, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { controlPlaneNames, type ControlPlaneNames } from '../records/names.ts';
import { type ControlPlaneConfig, noMembers, noQueues } from '../settings.ts';

/** What a panel requires, and why a configuration does not have it. */
export const MISSING = {
  queues: noQueues,
  members: noMembers,
  runs: ({ controlPlane }: ControlPlaneConfig) => (controlPlane.runs ? undefined : 'controlPlane.runs is false'),
} as const;

/** A panel that is built only if its needs are met. */
export type ScalePanel = PanelOf<keyof typeof MISSING>;

export const REQUESTS = 'reqps';
export const PODS = 'suffix: pods';

/** Series that a graph shows: those with the most. */
const MOST = 10;

/** The largest of a query. */
export const most = (query: Query): Query => promql`topk(${MOST}, ${query})`;

/** What of a query has data; quantiles of nothing are NaN. */
export const known = (query: Query): Query => promql`${query} >= 0`;

/** The series that the panels read, with the matchers of the variables. */
export function scaleSeries(config: ControlPlaneConfig) {
  const names = controlPlaneNames(config);
  const cluster = inCluster(config);
  /** A record now, whatever run is chosen. */
  const now = (record: keyof ControlPlaneNames, where: Matchers = {}): Query =>
    selector(names[record], { ...cluster, ...where });
  /** A query while the chosen run had namespaces; all of the time if none is chosen. */
  const during = (query: Query): Query =>
    config.controlPlane.runs
      ? promql`
          ${query}
          and on (${labels(...clusterLabels(config))})
          ${selector(names.run, { ...cluster, uuid: matches('$uuid') })}`
      : query;
  return {
    now,
    during,
    /** A record while the chosen run had namespaces. */
    of: (record: keyof ControlPlaneNames, where: Matchers = {}): Query => during(now(record, where)),
    /** The share of requests that took longer than promised, by cluster and kind. */
    slow: promql`${now('sloSlow')} / on (${labels(...clusterLabels(config), 'kind')}) (${now('sloRequests')} > 0)`,
  };
}

export type Series = ReturnType<typeof scaleSeries>;
