import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  firstOf,
  labels,
  oneOf,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { ciliumNames, metric, nodeLabels } from '../names.ts';
import { type CiliumHealthConfig, HUBBLE_JOBS } from '../settings.ts';
import { gaugeByNode, quantiles, rateByNode } from './shared.ts';

/** Nodes, and endpoints for health checks on them, that an agent cannot reach. */
function unreachable(config: CiliumHealthConfig): Query {
  const of = (kind: string, name: Parameters<typeof metric>[0]) =>
    withLabel(gaugeByNode(config, [], metric(name)), 'kind', kind);
  return either(of('node', 'cilium_unreachable_nodes'), of('endpoint', 'cilium_unreachable_health_endpoints'));
}

/** Nodes that an agent does not reach although their agents are there, of all pairs of nodes. */
function brokenPaths(config: CiliumHealthConfig): Query {
  const names = ciliumNames(config);
  const cluster = labels(...clusterLabels(config));
  const restarting = new UniqueVector(selector(names.restarting), clusterLabels(config));
  const nodes = promql`count by (${cluster}) (${selector(names.up)})`;
  return promql`
    sum by (${labels(...clusterLabels(config), 'kind')}) (
      clamp_min(${selector(names.unreachable)} - on (${cluster}) group_left () ${restarting.query}, 0)
    )
    / on (${cluster}) group_left ()
    (${nodes} * clamp_min(${nodes} - 1, 1))`;
}

/**
 * Share of the addresses of each node that is in use. In an ENI cluster the pool of an agent is filled again and again and always nearly used up, so what
 * counts is what the operator knows of the instance, unless the pool is empty right now: then no pod starts, whatever the instance could have.
 */
function addresses(config: CiliumHealthConfig): Query {
  const key = [...nodeLabels(config), 'family'];
  const pool = promql`
    ${gaugeByNode(config, ['family'], metric('cilium_ip_addresses'))}
    / (${gaugeByNode(config, ['family'], metric('cilium_ipam_capacity'))} > 0)`;
  if (config.cilium.ipam !== 'eni') return pool;
  const byOperator = (name: Parameters<typeof metric>[0]): Query =>
    aggregate('max', [...clusterLabels(config), 'target_node'], metric(name));
  const used = promql`
    ${byOperator('cilium_operator_ipam_used_ips')}
    / (${byOperator('cilium_operator_ipam_available_ips')} > 0)`;
  const instance = withLabel(ofNode(config, used), 'family', 'ipv4');
  return firstOf(
    new UniqueVector(promql`${pool} >= 1`, key),
    new UniqueVector(instance, key),
    new UniqueVector(pool, key),
  ).query;
}

/** What the operator says of a node, under the label `node`. */
const ofNode = (config: CiliumHealthConfig, query: Query): Query =>
  aggregate('max', nodeLabels(config), copied(query, { target_node: 'node' }));

/** Records what the datapath of each node does: its maps, what it drops, whom it reaches, and its addresses. */
export function datapathRules(config: CiliumHealthConfig): readonly RecordingRule[] {
  const names = ciliumNames(config);
  const cluster = clusterLabels(config);
  const node = nodeLabels(config);
  return [
    {
      record: names.mapPressure,
      expr: gaugeByNode(config, ['map_name'], metric('cilium_bpf_map_pressure')),
      labels: [...node, 'map_name'],
      unit: '1',
      cardinality: 'one for each node and map',
      comment:
        'How full each eBPF map is. Maps of connections and translations evict the oldest entries when they are full; the others refuse new ones. Those of ' +
        'Services are measured every five minutes.',
    },
    {
      record: names.drops,
      expr: rateByNode(config, ['reason', 'direction'], metric('cilium_drop_count_total')),
      labels: [...node, 'reason', 'direction'],
      unit: 'packets/s',
      cardinality: 'one for each node, reason and direction',
      comment: 'Packets that the datapath drops, by reason.',
    },
    {
      record: names.forwards,
      expr: rateByNode(config, ['direction'], metric('cilium_forward_count_total')),
      labels: [...node, 'direction'],
      unit: 'packets/s',
      cardinality: 'two for each node',
      comment: 'Packets that the datapath forwards.',
    },
    {
      record: names.unreachable,
      expr: unreachable(config),
      labels: [...node, 'kind'],
      unit: 'nodes',
      cardinality: 'two for each node',
      comment:
        'Nodes (kind node) and endpoints on them (kind endpoint) that the health checks of an agent do not reach.',
    },
    {
      record: names.brokenPaths,
      expr: brokenPaths(config),
      labels: [...cluster, 'kind'],
      unit: '1',
      cardinality: 'two for each cluster',
      comment:
        'Share of the paths from one node to another on which health checks fail. As many nodes as have an agent that is down or new are left out for each ' +
        'agent: a rolling restart breaks no path.',
    },
    {
      record: names.addresses,
      expr: addresses(config),
      labels: [...node, 'family'],
      unit: '1',
      cardinality: 'one for each node and address family',
      comment: 'Share of the pod addresses of a node that is in use. At 1, no pod starts there.',
    },
    {
      record: names.conntrackSeconds,
      expr: quantiles(config, [...cluster, 'family'], metric('cilium_datapath_conntrack_gc_duration_seconds_bucket')),
      labels: [...cluster, 'family', 'quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster and address family',
      comment: 'How long a run of the garbage collection of connections takes.',
    },
    {
      record: names.signals,
      expr: rateByNode(config, ['signal'], metric('cilium_datapath_signals_handled_total')),
      labels: [...node, 'signal'],
      unit: 'signals/s',
      cardinality: 'one for each node and signal that there was',
      comment:
        'Signals of the datapath to its agent: ct_fill_up and nat_fill_up mean that a map was full for a new connection, and was cleaned at once.',
    },
    {
      record: names.hubbleLost,
      expr: rateByNode(config, ['source'], metric('hubble_lost_events_total', { job: oneOf(HUBBLE_JOBS) })),
      labels: [...node, 'source'],
      unit: 'events/s',
      cardinality: 'one for each node and source that lost any',
      comment:
        'Events that Hubble lost, by where: perf_event_ring_buffer (the agent reads too slowly), observer_events_queue (the queue was full), ' +
        'hubble_ring_buffer (a client of its API read too slowly, which no counter of flows misses).',
    },
  ];
}
