import { kubeLabel, lastSeen } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  either,
  join,
  labelReplace,
  labels,
  newest,
  not,
  promql,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import type { TrafficConfig } from '../config.ts';
import { crossZonePrice } from '../prices/index.ts';
import { costNames, MONTH_NAMES } from './names.ts';

/** The group of what belongs to no namespace with the label: nodes, ends outside of the cluster, namespaces without it. */
const UNLABELLED = 'unlabelled';

/** The labels by which cost is summed: none where no workloads are recorded. */
export const groupsOf = (config: TrafficConfig): readonly string[] =>
  config.flows.granularity === 'zone' ? [] : config.cost.groupBy;

/** Whom namespaces belong to by the labels in `cost.groupBy`; no rule without such labels. */
export function groupRule(config: TrafficConfig): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const groupBy = groupsOf(config);
  if (groupBy.length === 0) return [];
  const of = (name: string) => {
    const label = kubeLabel(name);
    const series = stateMetric('kube_namespace_labels', { [label]: not('') });
    const said = labelReplace(lastSeen(config, series), 'group', '$1', label, '(.+)');
    return withLabel(newest([...cluster, 'namespace'], ['group'], said).query, 'group_by', name);
  };
  return [
    {
      record: costNames(config).group,
      expr: either(...groupBy.map(of)),
      labels: [...cluster, 'namespace', 'group_by', 'group'],
      unit: '1',
      cardinality: 'one for each namespace and each label in cost.groupBy that it has',
      comment:
        'Whom each namespace belongs to by the labels in cost.groupBy. If kube-state-metrics contradicts itself, the sample seen last wins.',
    },
  ];
}

/** The month so far by those groups, as namespaces are labelled now; no rule without labels. */
export function groupMonthRule(config: TrafficConfig): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const groupBy = groupsOf(config);
  if (groupBy.length === 0) return [];
  const key = [...cluster, 'namespace'];
  const cost = aggregate('sum', [...key, 'direction'], selector(MONTH_NAMES.month.workload));
  const of = (name: string) => {
    const groups = new UniqueVector(selector(costNames(config).group, { group_by: name }), key);
    const unlabelled = promql`
      ${cost}
      unless on (${labels(...key)})
      ${groups.query}`;
    const all = either(join(cost, groups, ['group']), withLabel(unlabelled, 'group', UNLABELLED));
    return withLabel(aggregate('sum', [...cluster, 'group', 'direction'], all), 'group_by', name);
  };
  return [
    {
      record: MONTH_NAMES.month.group,
      expr: either(...groupBy.map(of)),
      labels: [...cluster, 'group', 'direction', 'group_by'],
      unit: crossZonePrice(config).currency,
      cardinality: 'one for each value of each label in cost.groupBy, and each billed direction',
      comment:
        'The cost of this month so far by the labels of namespaces in cost.groupBy, as they are now. What has no such label, nodes and ends outside of ' +
        `the cluster are "${UNLABELLED}".`,
    },
  ];
}
