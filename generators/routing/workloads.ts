import { POD_IDENTITY } from '../identity/index.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  join,
  labels,
  not,
  type Matchers,
  oneOf,
  promql,
  type Query,
  selector,
  UniqueVector,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { workloadPairName } from '../shared/record-names.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { STATE_METRICS } from './metrics.ts';
import { crossingNames, routingNames, serviceKey, workloadKey } from './names.ts';
import type { Input, RoutingConfig } from './settings.ts';

/** Records which workloads are behind each Service, and how their pods are spread. */
export function workloadRules(config: RoutingConfig): readonly RecordingRule[] {
  const workload = workloadKey(config);
  const cluster = labels(...clusterLabels(config));
  const on = labels(...workload);
  const pod = labels(...clusterLabels(config), 'namespace', 'pod');
  const running = promql`${stateMetric(STATE_METRICS.podPhases.name, { phase: 'Running' })} == 1`;
  const byZone = selector(routingNames.pods);
  const fewest = promql`min by (${on}) (${byZone})`;
  const backing = [...serviceKey(config), 'workload_type', 'workload'];
  return [
    {
      record: routingNames.backing,
      expr: aggregate('group', backing, selector(routingNames.endpoint, { workload: not('') })),
      labels: backing,
      unit: '1',
      cardinality: 'one for each Service and workload behind it',
      comment: 'The workloads that the ready endpoints of each Service belong to.',
    },
    {
      record: routingNames.pods,
      expr: aggregate(
        'sum',
        [...workload, 'zone'],
        promql`
          ${selector(POD_IDENTITY, { zone: not('unknown') })}
          and on (${pod})
          (${running})`,
      ),
      labels: [...workload, 'zone'],
      unit: 'pods',
      cardinality: 'one for each workload and zone in which it has pods',
      comment: 'Running pods of each workload by zone.',
    },
    {
      record: routingNames.skew,
      expr: promql`
        max by (${on}) (${byZone})
        - on (${on})
        (
          ${fewest}
          and on (${on})
          (
            count by (${on}) (${byZone})
            >= on (${cluster}) group_left ()
            ${selector(routingNames.zones)}
          )
          or
          0 * ${fewest}
          and on (${cluster})
          ${selector(routingNames.zones)}
        )`,
      labels: workload,
      unit: 'pods',
      cardinality: 'one for each workload',
      comment:
        'Running pods in the fullest zone less those in the emptiest: maxSkew of a spread constraint limits it. A zone with ready nodes and without ' +
        'pods counts as 0.',
    },
  ];
}

/** Traffic into workloads, under the labels of a workload. */
function inbound(
  config: RoutingConfig,
  { unit }: Input,
  locality: Matchers[string],
  by: readonly string[] = [],
): Query {
  const pairs = selector(workloadPairName(unit, config.rules.window), { locality });
  const named = copied(pairs, {
    destination_namespace: 'namespace',
    destination_workload_type: 'workload_type',
    destination_workload: 'workload',
    ...(by.includes('zone') && { source_zone: 'zone' }),
  });
  return aggregate('sum', [...workloadKey(config), ...by], named);
}

/** Records traffic into Services by the workloads behind them, in one unit. */
export function crossingRules(config: RoutingConfig, input: Input): readonly RecordingRule[] {
  const names = crossingNames(config, input);
  const service = serviceKey(config);
  const workload = workloadKey(config);
  const key = [...workload, 'zone'];
  const into = (traffic: Query): Query =>
    aggregate('sum', service, join(selector(routingNames.backing), new UniqueVector(traffic, workload), []));
  const cross = inbound(config, input, 'cross_zone');
  const both = inbound(config, input, oneOf(['same_zone', 'cross_zone']));
  const unit = input.unitLabel;
  const cardinality = 'one for each Service whose workloads are called';
  const shared =
    'A workload behind several Services counts for each of them: traffic does not say by which Service it came.';
  return [
    {
      record: names.inbound,
      expr: into(both),
      labels: service,
      unit,
      cardinality,
      comment: `Traffic into the workloads of each Service from ends whose zone is known. ${shared}`,
    },
    {
      record: names.crossing,
      expr: promql`
        ${into(cross)}
        or
        0 * ${selector(names.inbound)}`,
      labels: service,
      unit,
      cardinality,
      comment: `The part of it that crosses zones. ${shared}`,
    },
    {
      record: names.unhinted,
      expr: promql`
        ${inbound(config, input, 'cross_zone', ['zone'])}
        unless on (${labels(...key)})
        ${selector(routingNames.workloadHints)}`,
      labels: key,
      unit,
      cardinality: 'one for each workload and zone that calls it across zones and has no hint',
      comment: 'Cross-zone traffic into each workload from zones that none of its hints is for.',
    },
  ];
}
