import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, labels, promql } from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { ciliumNames, metric, nodeLabels } from '../names.ts';
import { type CiliumHealthConfig, hasEndpointSlices } from '../settings.ts';
import { gaugeByNode, quantiles, rateByNode, windowOf } from './shared.ts';

/** Records how long agents wait: for the API server, for their own limits, and for the kvstore. */
export function apiRules(config: CiliumHealthConfig): readonly RecordingRule[] {
  const names = ciliumNames(config);
  const cluster = clusterLabels(config);
  const node = nodeLabels(config);
  const waited = 'cilium_k8s_client_rate_limiter_duration_seconds';
  const processed = metric('cilium_api_limiter_processed_requests_total');
  return [
    {
      record: names.limiterWait,
      expr: promql`
        ${gaugeByNode(config, ['api_call'], metric('cilium_api_limiter_wait_duration_seconds', { value: 'mean' }))}
        and on (${labels(...node, 'api_call')})
        (rate(${processed}[${windowOf(config)}]) > 0)`,
      labels: [...node, 'api_call'],
      unit: 'seconds',
      cardinality: 'one for each node and call that there was',
      comment:
        "How long calls of an agent's own API wait for its limit, such as endpoint-create, which the CNI plugin makes for each new pod. The gauge keeps its " +
        'last value, so it counts only while there are calls.',
    },
    {
      record: names.limiterRequests,
      expr: rateByNode(config, ['api_call', 'outcome'], processed),
      labels: [...node, 'api_call', 'outcome'],
      unit: 'requests/s',
      cardinality: 'one for each node, call and outcome',
      comment:
        "Calls of an agent's own API by outcome: fail-limit-wait and fail-parallel-wait had waited as long as they may.",
    },
    {
      record: names.clientWait,
      expr: promql`
        ${rateByNode(config, [], metric(`${waited}_sum`))}
        / on (${labels(...node)})
        (${rateByNode(config, [], metric(`${waited}_count`))} > 0)`,
      labels: node,
      unit: 'seconds',
      cardinality: 'one for each node',
      comment: 'How long a request of an agent to the API server waits for the limit that the agent sets itself.',
    },
    {
      record: names.clientSeconds,
      expr: quantiles(config, [...cluster, 'method'], metric('cilium_k8s_client_api_latency_time_seconds_bucket')),
      labels: [...cluster, 'method', 'quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster and method',
      comment: 'How long the API server takes to answer the agents.',
    },
    {
      record: names.kvstoreSeconds,
      expr: quantiles(config, [...cluster, 'action'], metric('cilium_kvstore_operations_duration_seconds_bucket')),
      labels: [...cluster, 'action', 'quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster and action, where there is a kvstore',
      comment:
        'How long operations on the kvstore (etcd) take: of a cluster mesh, or of identities that are kept there.',
    },
    ...(hasEndpointSlices(config.cilium) ? sliceRules(config) : []),
  ];
}

/** Records how the operator batches endpoints. Of several operators only the leader works, so sums count each once. */
function sliceRules(config: CiliumHealthConfig): readonly RecordingRule[] {
  const names = ciliumNames(config);
  const cluster = clusterLabels(config);
  const perOperator = (counter: ReturnType<typeof metric>, by: readonly string[] = []) =>
    aggregate(
      'sum',
      [...cluster, ...by],
      aggregate(
        'max',
        [...cluster, 'instance', ...by],
        aggregate('sum', [...cluster, 'job', 'instance', ...by], promql`rate(${counter}[${windowOf(config)}])`),
      ),
    );
  const size = 'cilium_operator_number_of_ceps_per_ces';
  return [
    {
      record: names.sliceDelay,
      expr: quantiles(config, cluster, metric('cilium_operator_ces_queueing_delay_seconds_bucket')),
      labels: [...cluster, 'quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster',
      comment: 'How long a changed slice waits in the queue of the operator before it is written.',
    },
    {
      record: names.sliceSyncs,
      expr: perOperator(metric('cilium_operator_ces_sync_total'), ['outcome']),
      labels: [...cluster, 'outcome'],
      unit: 'syncs/s',
      cardinality: 'two for each cluster',
      comment: 'Slices that the operator writes to the API server, by outcome.',
    },
    {
      record: names.sliceSize,
      expr: promql`
        ${perOperator(metric(`${size}_sum`))}
        / (${perOperator(metric(`${size}_count`))} > 0)`,
      labels: cluster,
      unit: 'endpoints',
      cardinality: 'one for each cluster',
      comment:
        'Endpoints in a slice when it is written, on average: one of each is what the slices spare the API server.',
    },
  ];
}
