import { clusterLabels } from '../../settings/cluster-labels.ts';
import type { Config } from '../../settings/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import { newest, selector } from '../../promql/index.ts';
import { INCARNATION, POD_IDENTITY } from './names.ts';

const WHO = ['node', 'zone', 'workload_type', 'workload'];

/** Records `cluster_namespace_pod:identity:info`. */
export function podIdentityRule(config: Config): RecordingRule {
  const key = [...clusterLabels(config), 'namespace', 'pod'];
  return {
    record: POD_IDENTITY,
    expr: newest(key, WHO, selector(INCARNATION)).query,
    labels: [...key, ...WHO],
    unit: '1',
    cardinality: 'one for each pod name',
    comment:
      'Exactly one row for each pod name: the newest pod that has a node, so neither two kube-state-metrics instances nor a pod ' +
      'that moved make a join fail.',
  };
}
