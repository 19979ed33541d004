import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  inOrder,
  join,
  labels,
  matches,
  newest,
  not,
  promql,
  type Query,
  selector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { STATE_METRICS } from './metrics.ts';
import { type Condition, CONDITIONS, routingNames, serviceKey } from './names.ts';
import type { RoutingConfig } from './settings.ts';

const { nodeAllocatable, nodeConditions, nodeLabels, nodeRoles } = STATE_METRICS;

const nodeKey = (config: RoutingConfig): readonly string[] => [...clusterLabels(config), 'node'];

/** Ready nodes that may run pods of applications. The EndpointSlice controller leaves out the same ones. */
function countedNodes(config: RoutingConfig): Query {
  const node = labels(...nodeKey(config));
  const ready = stateMetric(nodeConditions.name, { condition: 'Ready', status: 'true' });
  return promql`
    max by (${node}) (${ready}) == 1
    unless on (${node})
    ${stateMetric(nodeRoles.name, { role: matches('control-plane|master') })}`;
}

/** The zone of each node by its label: the only one that hints know. */
const zoneOfNodes = (config: RoutingConfig) =>
  newest(
    nodeKey(config),
    ['zone'],
    copied(promql`timestamp(${stateMetric(nodeLabels.name, { [nodeLabels.zone]: not('') })})`, {
      [nodeLabels.zone]: 'zone',
    }),
  );

/** Allocatable cores of each counted node. */
const coresOfNodes = (config: RoutingConfig): Query => promql`
  ${aggregate('max', nodeKey(config), stateMetric(nodeAllocatable.name, { resource: 'cpu' }))} > 0
  and on (${labels(...nodeKey(config))})
  (${countedNodes(config)})`;

const reason = (query: Query, condition: Condition): Query => withLabel(query, 'reason', condition);

/** Records what the EndpointSlice controller knows of the nodes. Upstream: Kubernetes, staging/src/k8s.io/endpointslice/topologycache. */
export function nodeRules(config: RoutingConfig): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const zone = [...cluster, 'zone'];
  const cores = aggregate('sum', zone, join(promql`(${coresOfNodes(config)})`, zoneOfNodes(config), ['zone']));
  const node = labels(...nodeKey(config));
  const incomplete = promql`
    ${countedNodes(config)}
    unless on (${node})
    (
      ${coresOfNodes(config)}
      and on (${node})
      ${zoneOfNodes(config).query}
    )`;
  const few = promql`${selector(routingNames.zones)} < 2`;
  return [
    {
      record: routingNames.cores,
      expr: cores,
      labels: zone,
      unit: 'cores',
      cardinality: 'one for each zone with ready nodes',
      comment: 'Allocatable CPU of ready nodes by zone, the control plane left out.',
    },
    {
      record: routingNames.cpu,
      expr: promql`
        ${selector(routingNames.cores)}
        / on (${labels(...cluster)}) group_left ()
        ${aggregate('sum', cluster, selector(routingNames.cores))}`,
      labels: zone,
      unit: 'ratio',
      cardinality: 'one for each zone with ready nodes',
      comment:
        'The share of each zone in the allocatable CPU: topology-mode Auto gives each zone endpoints by this share.',
    },
    {
      record: routingNames.zones,
      expr: promql`
        count by (${labels(...cluster)}) (
          ${selector(routingNames.cpu)}
        )`,
      labels: cluster,
      unit: 'zones',
      cardinality: 'one for each cluster',
      comment: 'Zones with ready nodes.',
    },
    {
      record: routingNames.blocked,
      expr: inOrder(
        cluster,
        reason(aggregate('group', cluster, incomplete), 'node_without_zone_or_cpu'),
        reason(aggregate('group', cluster, few), 'one_zone'),
      ),
      labels: [...cluster, 'reason'],
      unit: '1',
      cardinality: 'none, or one for each cluster',
      comment: 'Clusters in which no Service with topology-mode Auto can have hints, and why.',
    },
  ];
}

/** Records `service:hints_missing:info`. */
export function conditionRule(config: RoutingConfig): RecordingRule {
  const service = serviceKey(config);
  const cluster = labels(...clusterLabels(config));
  const on = labels(...service);
  const key = [...service, 'reason'];
  const without = promql`
    ${selector(routingNames.auto)} == 1
    and on (${on})
    (${selector(routingNames.hintedZones)} == 0)`;
  const total = selector(routingNames.total);
  const tooFew = promql`
    ${total}
    < on (${cluster}) group_left ()
    ${selector(routingNames.zones)}`;
  const zoneless = selector(routingNames.endpoints, { zone: 'unknown' });
  const where: Readonly<Record<Exclude<Condition, 'node_without_zone_or_cpu' | 'one_zone'>, Query>> = {
    too_few_endpoints: promql`${without} and on (${on}) (${tooFew})`,
    endpoint_without_zone: promql`${without} and on (${on}) ${zoneless}`,
    overload: without,
  };
  const reasons = Object.entries(where).map(([condition, query]) =>
    withLabel(aggregate('group', service, query), 'reason', condition),
  );
  const blocked = promql`
    ${aggregate('group', service, without)}
    * on (${cluster}) group_left (reason)
    ${selector(routingNames.blocked)}`;
  return {
    record: routingNames.condition,
    expr: inOrder(service, blocked, ...reasons),
    labels: key,
    unit: '1',
    cardinality: 'one for each Service with Auto and without hints',
    comment:
      `Why a Service with topology-mode Auto has no hints, by the conditions that the EndpointSlice controller checks: ${CONDITIONS.join(', ')}. ` +
      'The first that can be seen counts; overload is what is left: some zone would get over 20 % more than its part.',
  };
}
