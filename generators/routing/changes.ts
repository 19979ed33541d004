import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  labels,
  longer,
  promql,
  type Query,
  seconds,
  selector,
  withLabel,
} from '../promql/index.ts';
import { type Change, crossingNames, routingNames, serviceKey } from './names.ts';
import type { Input, RoutingConfig } from './settings.ts';

/** The period before a change that it is compared with. */
const BEFORE = '1h';

/**
 * Records the moments at which the routing of a Service changes, and what crossed zones before. Both have a sample only at the evaluation that
 * sees the change: `last_over_time` over any range finds the last change within it, at no cost.
 * @param every the interval of the group: what was before is what the evaluation before saw.
 */
export function changeRules(config: RoutingConfig, inputs: readonly Input[], every: string): readonly RecordingRule[] {
  const service = serviceKey(config);
  const on = labels(...service);
  const lookback = duration(longer(config.rules.infoLookback, config.rules.window));
  const offset = duration(`${seconds(every)}s`);
  // Remembered: a restart of kube-state-metrics is no change, and one during it is not missed.
  const before = (record: string): Query => promql`last_over_time(${selector(record)}[${lookback}] offset ${offset})`;
  const zones = selector(routingNames.hintedZones);
  const zonesBefore = before(routingNames.hintedZones);
  const auto = selector(routingNames.auto);
  const autoBefore = before(routingNames.auto);
  const when: Readonly<Record<Change, Query>> = {
    hints_appeared: promql`${zones} > 0 and on (${on}) (${zonesBefore} == 0)`,
    hints_vanished: promql`${zones} == 0 and on (${on}) (${zonesBefore} > 0)`,
    zone_gained: promql`(${zones} > on (${on}) ${zonesBefore}) and on (${on}) (${zonesBefore} > 0)`,
    zone_lost: promql`(${zones} < on (${on}) ${zonesBefore}) > 0`,
    auto_set: promql`${auto} == 1 and on (${on}) (${autoBefore} == 0)`,
    auto_removed: promql`${auto} == 0 and on (${on}) (${autoBefore} == 1)`,
  };
  const key = [...service, 'change'];
  const changed = selector(routingNames.changed);
  return [
    {
      record: routingNames.changed,
      expr: either(
        ...Object.entries(when).map(([change, query]) =>
          withLabel(promql`0 * ${aggregate('group', service, query)} + time()`, 'change', change),
        ),
      ),
      labels: key,
      unit: 'unix seconds',
      cardinality: 'none, but at changes: one for each Service and change',
      comment:
        'When the routing of a Service changed: hints appeared or vanished, for a zone more or less, or topology-mode Auto was set or removed. ' +
        'A change of trafficDistribution shows as hints.',
    },
    ...inputs.map((input): RecordingRule => {
      const names = crossingNames(config, input);
      const sum = (record: string): Query =>
        promql`sum_over_time(${selector(record)}[${duration(BEFORE)}] offset ${offset})`;
      return {
        record: names.before,
        expr: promql`
          ${sum(names.crossing)}
          / on (${on})
          (${sum(names.inbound)} > 0)
          and on (${on})
          ${changed}`,
        labels: service,
        unit: 'ratio',
        cardinality: 'none, but at changes: one for each Service that changed',
        comment: `The share of ${input.unitLabel} into a Service that crossed zones in the ${BEFORE} before its routing changed.`,
      };
    }),
  ];
}
