import { type Matchers, type Query, selector } from '../promql/index.ts';

/**
 * Labels under which Prometheus keeps what kube-state-metrics itself says where the target has a label of that name. A scrape without
 * honor_labels has them; `namespace`, `pod` and `node` then tell of kube-state-metrics.
 */
export const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_node'] as const;

/** Matchers of series whose labels are their own. */
export const HONOURED: Matchers = Object.fromEntries(EXPORTED.map((label) => [label, '']));

/** Series of kube-state-metrics whose labels are its own, not those of the target. */
export const stateMetric = (metric: string, where: Matchers = {}): Query => selector(metric, { ...where, ...HONOURED });
