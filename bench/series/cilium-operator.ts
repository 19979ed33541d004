import { operatorNodes } from '../model/cilium.ts';
import type { Cluster, MetricFamily, Node } from '../model.ts';
import { constant, family, growing } from './family.ts';
import { classicHistogram, DEFAULT_BUCKETS } from './histogram.ts';

/** Upper bounds of the time in the queue, in seconds, and of the endpoints in a slice. */
const QUEUE_BUCKETS = [...DEFAULT_BUCKETS, 60, 300, 900, 1800, 3600];
const SIZE_BUCKETS = [1, 10, 25, 50, 100, 200, 500, 1000];

/**
 * What an operator exposes at port 9963, of that what rules and panels read; only the first one, which leads, has anything to say. Upstream: cilium/cilium,
 * pkg/ipam/metrics and operator/pkg/ciliumendpointslice.
 */
export function operatorFamilies(cluster: Cluster, node: Node): MetricFamily[] {
  const operator = cluster.cilium?.operator;
  if (operator === undefined || operatorNodes(cluster)[0] !== node) return [];
  const { eni, slices } = operator;
  const states = cluster.nodes.map(({ name: target_node }, index) => {
    const one = cluster.nodes[index];
    return { target_node, state: one === undefined ? undefined : eni?.nodes(one, index) };
  });
  const byNode = (name: string, help: string, key: 'available' | 'used' | 'needed') =>
    family(
      `cilium_operator_ipam_${name}`,
      'gauge',
      help,
      states.flatMap(({ target_node, state }) => (state === undefined ? [] : [constant({ target_node }, state[key])])),
    );
  return [
    ...(eni === null
      ? []
      : [
          byNode('available_ips', 'Total available IPs on Node for IPAM allocation', 'available'),
          byNode('used_ips', 'Total used IPs on Node for IPAM allocation', 'used'),
          byNode(
            'needed_ips',
            'Number of IPs that are needed on the Node to satisfy IPAM allocation requests',
            'needed',
          ),
          family(
            'cilium_operator_ipam_available_ips_per_subnet',
            'gauge',
            'Number of available IPs per subnet ID',
            eni.subnets.map(({ id, zone, available }) =>
              constant({ subnet_id: id, availability_zone: zone }, available),
            ),
          ),
        ]),
    ...(slices === null
      ? []
      : [
          classicHistogram(
            'cilium_operator_number_of_ceps_per_ces',
            'The number of CEPs batched in a CES',
            SIZE_BUCKETS,
            [{ labels: {}, rate: slices.syncs, mean: slices.endpoints }],
          ),
          family('cilium_operator_ces_sync_total', 'counter', 'The number of completed CES syncs by outcome', [
            growing({ outcome: 'success', failure_type: '' }, slices.syncs),
            growing({ outcome: 'fail', failure_type: 'transient' }, slices.failing),
          ]),
          classicHistogram(
            'cilium_operator_ces_queueing_delay_seconds',
            'CiliumEndpointSlice queueing delay in seconds',
            QUEUE_BUCKETS,
            [{ labels: { queue: 'standard' }, rate: slices.syncs, mean: slices.wait }],
          ),
        ]),
  ];
}
