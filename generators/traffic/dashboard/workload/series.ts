import { POD_IDENTITY, remembered } from '../../../identity/index.ts';
import { inCluster } from '../../../panels/shared.ts';
import { either, labels, type Matchers, promql, type Query, selector } from '../../../promql/index.ts';
import { clusterLabels } from '../../../settings/general.ts';
import { stateMetric } from '../../../shared/state-metrics.ts';
import type { TrafficConfig } from '../../config.ts';
import { type Side, SIDES } from '../../source.ts';

/** The chosen workload. */
export const CHOSEN = { namespace: '$namespace', workload: '$workload' } as const;

/** Series of a record of workload pairs in which the chosen workload is this end. */
export const asEnd = (config: TrafficConfig, record: string, side: Side, where: Matchers = {}): Query =>
  selector(record, {
    ...inCluster(config),
    ...where,
    ...Object.fromEntries(Object.entries(CHOSEN).map(([field, value]) => [`${side}_${field}`, value])),
  });

/** Series in which it is either end. Traffic with itself is one series, and counts once. */
export const asEither = (config: TrafficConfig, record: string, where: Matchers = {}): Query =>
  either(...SIDES.map((side) => asEnd(config, record, side, where)));

/** Sum of the series that match, and 0 where the workload has any traffic. */
export const sumOrZero = (some: Query, any: Query): Query => promql`
  sum(${some})
  or
  0 * sum(${any})`;

/** The running pods of the workload, with their node and zone. Of several rows of a phase, any may say that the pod runs. */
export const runningPods = (config: TrafficConfig): Query => promql`
  ${selector(POD_IDENTITY, { ...inCluster(config), ...CHOSEN })}
  and on (${labels(...clusterLabels(config), 'namespace', 'pod')})
  ${remembered(config, stateMetric('kube_pod_status_phase', { ...inCluster(config), namespace: CHOSEN.namespace, phase: 'Running' }))} == 1`;
