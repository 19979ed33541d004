import { type Matchers, type Query, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { CiliumMetricName } from './metrics.ts';
import type { CiliumHealthConfig } from './settings.ts';

/** Names of the records. `cilium` is the installation in a cluster, `cilium_node` the agent of one node. */
export const ciliumNames = ({ rules }: Pick<CiliumHealthConfig, 'rules'>) => ({
  up: 'cilium_node:agent:up',
  missing: 'cilium_node:agent:missing',
  restarting: 'cilium:agents_restarting:count',
  operators: 'cilium:operators:count',
  degraded: 'cilium_node:degraded_modules:count',
  reconcilerErrors: 'cilium_node:reconciler_errors:count',
  regenerations: `cilium_node:endpoint_regenerations:rate${rules.window}`,
  regenerationSeconds: `cilium:endpoint_regeneration_seconds:quantile_rate${rules.window}`,
  policyChanges: `cilium_node:policy_changes:rate${rules.window}`,
  mapPressure: 'cilium_node:bpf_map_pressure:ratio',
  drops: `cilium_node:drops:rate${rules.window}`,
  forwards: `cilium_node:forwards:rate${rules.window}`,
  unreachable: 'cilium_node:unreachable:count',
  brokenPaths: 'cilium:paths_broken:ratio',
  addresses: 'cilium_node:addresses_used:ratio',
  conntrackSeconds: `cilium:conntrack_gc_seconds:quantile_rate${rules.window}`,
  signals: `cilium_node:datapath_signals:rate${rules.window}`,
  hubbleLost: `cilium_node:hubble_lost_events:rate${rules.window}`,
  limiterWait: 'cilium_node:api_limiter_wait_seconds:mean',
  limiterRequests: `cilium_node:api_limiter_requests:rate${rules.window}`,
  clientWait: `cilium_node:k8s_client_wait_seconds:mean_rate${rules.window}`,
  clientSeconds: `cilium:k8s_client_request_seconds:quantile_rate${rules.window}`,
  kvstoreSeconds: `cilium:kvstore_operation_seconds:quantile_rate${rules.window}`,
  sliceDelay: `cilium:endpointslice_queueing_seconds:quantile_rate${rules.window}`,
  sliceSyncs: `cilium:endpointslice_syncs:rate${rules.window}`,
  sliceSize: `cilium:endpointslice_endpoints:mean_rate${rules.window}`,
});

/** The series of a metric of Cilium; a histogram by its part. A name that the table of metrics lacks does not compile. */
export const metric = (
  name: CiliumMetricName | `${CiliumMetricName}_${'bucket' | 'sum' | 'count'}`,
  where: Matchers = {},
): Query => selector(name, where);

/** Labels of one agent. */
export const nodeLabels = (config: CiliumHealthConfig): readonly string[] => [...clusterLabels(config), 'node'];

/** Labels that the rules and the dashboard use and the cluster label must not have. */
export const CILIUM_LABELS: readonly string[] = [
  ['job', 'instance', 'node', 'namespace', 'pod', 'map_name', 'reason', 'direction', 'outcome', 'scope', 'status'],
  ['quantile', 'le', 'kind', 'family', 'protocol', 'signal', 'data', 'source', 'api_call', 'value', 'return_code'],
  [
    'path',
    'method',
    'action',
    'reconciler',
    'module',
    'module_id',
    'type',
    'error',
    'mode',
    'feature',
    'address_family',
    'host',
  ],
  ['target_node', 'subnet_id', 'availability_zone', 'queue', 'failure_type', 'envoy_*', 'node2node_enabled'],
  ['strict_mode_enabled', 'reached'],
].flat();
