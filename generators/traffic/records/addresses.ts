import { INCARNATION, NODE_CREATED, newness, nodePlaces, placeLabels, remembered } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  join,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { ADDRESS_IDENTITY, NODES, POD_NODE } from './names.ts';
import { overlayAddresses } from './pod-cidrs.ts';
import { stateMetric } from '../../shared/state-metrics.ts';

const identity = (config: TrafficConfig): readonly string[] => [
  'namespace',
  'pod',
  ...placeLabels(config),
  'workload_type',
  'workload',
];

/**
 * What is added to the creation time of a candidate (a Unix time, below 5e9 until 2128): running pods come before nodes, nodes before
 * Services, and those before completed pods that keep their address, to whose time nothing is added. Sums stay below 2^35, where a
 * double resolves four millionths of a second.
 */
const RUNNING = 15_000_000_000;
const NODE = 10_000_000_000;
const SERVICE = 5_000_000_000;

/** Addresses of pods, IPv4 and IPv6, by uid, with these labels of the pod. Pods on the host network have no address of their own. */
function podAddresses(config: TrafficConfig, brought: readonly string[]): Query {
  const cluster = clusterLabels(config);
  const pod = [...cluster, 'namespace', 'pod', 'uid'];
  const addresses = promql`
    group by (${labels(...pod, 'ip')}) (
      ${remembered(config, stateMetric('kube_pod_ips', { ip: not('') }))}
      or
      ${copied(remembered(config, stateMetric('kube_pod_info', { pod_ip: not(''), node: not('') })), { pod_ip: 'ip' })}
    )`;
  const incarnations = promql`
    max by (${labels(...pod, ...brought)}) (${selector(INCARNATION, { host_network: not('true') })})`;
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
    * on (${labels(...pod)}) group_left (${labels(...brought)})
    topk by (${labels(...pod)}) (1,
      ${aged}
    )`;
}

/** Addresses of pods on the host network, under the label `ip`, with the label `node`. */
function hostAddresses(config: TrafficConfig): readonly Query[] {
  const pod = [...clusterLabels(config), 'namespace', 'pod', 'uid'];
  const pods = stateMetric('kube_pod_info', { host_network: 'true', pod_ip: not(''), node: not('') });
  const hosts = aggregate('group', [...pod, 'node'], selector(INCARNATION, { host_network: 'true' }));
  const addresses = remembered(config, stateMetric('kube_pod_ips', { ip: not('') }));
  return [copied(remembered(config, pods), { pod_ip: 'ip' }), join(addresses, new UniqueVector(hosts, pod), ['node'])];
}

/** Addresses of nodes: traffic of kubelets and of pods on the host network, also by way of a bridge or tunnel of the node. */
function nodeAddresses(config: TrafficConfig): Query {
  const cluster = clusterLabels(config);
  const info = remembered(config, stateMetric('kube_node_info', { internal_ip: not('') }));
  const statuses = remembered(
    config,
    stateMetric('kube_node_status_addresses', { type: matches('InternalIP|ExternalIP') }),
  );
  const node = [...cluster, 'node'];
  const addresses = aggregate(
    'group',
    [...node, 'ip'],
    either(
      copied(info, { internal_ip: 'ip' }),
      copied(statuses, { address: 'ip' }),
      ...hostAddresses(config),
      ...overlayAddresses(),
    ),
  );
  const placed = withLabels(join(addresses, nodePlaces(config), placeLabels(config)), NODES);
  // Addresses can outlive what is known of their node, for example in a pod on its network: such a node is the oldest.
  return promql`
    ${placed}
    + on (${labels(...node)}) group_left ()
    (${selector(NODE_CREATED)} + ${NODE})
    or
    ${placed} * ${NODE}`;
}

/** ClusterIPs, which an agent sees if it observes a packet before the address is translated. */
function serviceAddresses(config: TrafficConfig): Query {
  const services = newness(config, [...clusterLabels(config), 'namespace', 'service', 'uid'], {
    info: stateMetric('kube_service_info', { cluster_ip: matches('[0-9a-f.:]+') }),
    carried: ['cluster_ip'],
    created: 'kube_service_created',
  });
  // The label `pod` names the pod of kube-state-metrics itself.
  const named = withLabels(copied(services, { cluster_ip: 'ip', service: 'workload' }), {
    workload_type: 'Service',
    zone: 'unknown',
    pod: '',
  });
  return promql`${named} + ${SERVICE}`;
}

/** Records `cluster_ip:identity:info`. */
export const addressRule = (config: TrafficConfig): RecordingRule => ({
  record: ADDRESS_IDENTITY,
  expr: newest(
    [...clusterLabels(config), 'ip'],
    identity(config),
    either(
      podAddresses(config, [...placeLabels(config), 'workload_type', 'workload']),
      nodeAddresses(config),
      serviceAddresses(config),
    ),
  ).query,
  labels: [...clusterLabels(config), 'ip', ...identity(config)],
  unit: '1',
  cardinality: 'one for each address of a pod, node or Service',
  comment:
    'Exactly one row for each address, IPv4 or IPv6: the newest running pod with an address of its own, else the newest node, else the ' +
    'newest Service, else a completed pod that keeps its address.',
});

/** Records `cluster_namespace_pod_ip:node:info`. */
export function podNodeRule(config: TrafficConfig): RecordingRule {
  const key = [...clusterLabels(config), 'namespace', 'pod', 'ip'];
  return {
    record: POD_NODE,
    expr: newest(key, ['node'], podAddresses(config, ['node'])).query,
    labels: [...key, 'node'],
    unit: '1',
    cardinality: 'one for each address of a pod',
    comment:
      'The node of each pod by its name and address: it proves that traffic stays on one node. A pod that moved has one row for each address ' +
      'that it had within rules.infoLookback; one that kept its address has the row of the newer place.',
  };
}
