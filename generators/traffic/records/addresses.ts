import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  either,
  join,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  recorded,
  selector,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { remembered } from './identity.ts';
import { ADDRESS_IDENTITY, INCARNATION, NODE_ZONE, NODES } from './names.ts';
import { stateMetric } from './state-metrics.ts';

const IDENTITY = ['namespace', 'pod', 'zone', 'workload_type', 'workload'];

/**
 * Priorities of an address, as values of the candidates. A running pod has its creation time times RUNNING, so the newest wins; then
 * come nodes, Services, and completed pods that keep their address: their value is the creation time alone.
 */
const RUNNING = 10_000_000_000;
const NODE = 5_000_000_000;
const SERVICE = 4_000_000_000;

/** Addresses of pods, IPv4 and IPv6, by uid. Pods on the host network have no address of their own. */
function podAddresses(config: TrafficConfig): Query {
  const cluster = clusterLabels(config);
  const pod = [...cluster, 'namespace', 'pod', 'uid'];
  const addresses = promql`
    group by (${labels(...pod, 'ip')}) (
      ${remembered(config, stateMetric('kube_pod_ips', { ip: not('') }))}
      or
      ${copied(remembered(config, stateMetric('kube_pod_info', { pod_ip: not(''), node: not('') })), { pod_ip: 'ip' })}
    )`;
  const incarnations = promql`
    max by (${labels(...pod, 'zone', 'workload_type', 'workload')}) (${selector(INCARNATION, { host_network: not('true') })})`;
  const running = promql`
    max by (${labels(...pod)}) (${remembered(config, stateMetric('kube_pod_status_phase', { phase: 'Running' }))}) * ${RUNNING}`;
  const aged = promql`
    ${incarnations}
    + on (${labels(...pod)}) group_left ()
    ${running}
    or
    ${incarnations}`;
  // Should a uid have two rows, the newer one counts: the join must always be unique.
  return promql`
    ${addresses}
    * on (${labels(...pod)}) group_left (zone, workload_type, workload)
    topk by (${labels(...pod)}) (1,
      ${aged}
    )`;
}

/** Addresses of nodes: traffic of kubelets and of pods on the host network. */
function nodeAddresses(config: TrafficConfig): Query {
  const cluster = clusterLabels(config);
  const info = remembered(config, stateMetric('kube_node_info', { internal_ip: not('') }));
  const statuses = remembered(
    config,
    stateMetric('kube_node_status_addresses', { type: matches('InternalIP|ExternalIP') }),
  );
  const addresses = promql`
    group by (${labels(...cluster, 'node', 'ip')}) (
      ${copied(info, { internal_ip: 'ip' })}
      or
      ${copied(statuses, { address: 'ip' })}
    )`;
  const placed = join(addresses, recorded(NODE_ZONE, [...cluster, 'node']), ['zone']);
  return promql`${withLabels(placed, NODES)} * ${NODE}`;
}

/** ClusterIPs, which an agent sees if it observes a packet before the address is translated. */
function serviceAddresses(config: TrafficConfig): Query {
  const services = remembered(config, stateMetric('kube_service_info', { cluster_ip: matches('[0-9a-f.:]+') }));
  // The label `pod` names the pod of kube-state-metrics itself.
  const named = withLabels(copied(services, { cluster_ip: 'ip', service: 'workload' }), {
    workload_type: 'Service',
    zone: 'unknown',
    pod: '',
  });
  return promql`${named} * ${SERVICE}`;
}

/** Records `cluster_ip:identity:info`. */
export const addressRule = (config: TrafficConfig): RecordingRule => ({
  record: ADDRESS_IDENTITY,
  expr: newest(
    [...clusterLabels(config), 'ip'],
    IDENTITY,
    either(podAddresses(config), nodeAddresses(config), serviceAddresses(config)),
  ).query,
  labels: [...clusterLabels(config), 'ip', ...IDENTITY],
  unit: '1',
  cardinality: 'one for each address of a pod, node or Service',
  comment:
    'Exactly one row for each address, IPv4 or IPv6: the newest running pod with an address of its own, else a node, else a ' +
    'Service, else a completed pod that keeps its address.',
});
