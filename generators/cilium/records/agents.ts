import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  labels,
  not,
  promql,
  type Query,
  selector,
  selectorOfAny,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { ciliumNames, metric, nodeLabels } from '../names.ts';
import { AGENT_JOB, type CiliumHealthConfig, OPERATOR_JOB } from '../settings.ts';
import { gaugeByNode, quantiles, rateByNode } from './shared.ts';

/** Names of the gauge of objects that a reconciler fails to bring into the datapath: before 1.17 it has another. */
const RECONCILER_ERRORS = ['cilium_reconciler_errors_current', 'cilium_reconciler_incremental_errors_current'] as const;

/** Nodes that still are there, had an agent within a day, and have none that answers. */
function missing(config: CiliumHealthConfig): Query {
  const { up } = ciliumNames(config);
  const node = labels(...nodeLabels(config));
  const lookback = duration(config.rules.infoLookback);
  return promql`
    group by (${node}) (last_over_time(${selector(up, { node: not('') })}[1d]))
    and on (${node})
    last_over_time(kube_node_info[${lookback}])
    unless on (${node})
    (${selector(up)} == 1)`;
}

/** Seconds from the start of an agent until the health checks of all others have seen it: they take turns within minutes. */
const SETTLES = 600;

/** Agents that do not answer or have just begun; 0 where all agents have been there for a while. */
function restarting(config: CiliumHealthConfig): Query {
  const { up, missing: gone } = ciliumNames(config);
  const cluster = labels(...clusterLabels(config));
  const node = labels(...nodeLabels(config));
  const young = promql`group by (${node}) (time() - ${metric('cilium_process_start_time_seconds')} < ${SETTLES})`;
  return promql`
    count by (${cluster}) (${either(selector(gone), young)})
    or on (${cluster})
    0 * group by (${cluster}) (${selector(up)})`;
}

/** Records whether agents and operators are there, and whether they do their work. */
export function agentRules(config: CiliumHealthConfig): readonly RecordingRule[] {
  const names = ciliumNames(config);
  const cluster = clusterLabels(config);
  const node = nodeLabels(config);
  const answering = promql`${selector('up', { job: OPERATOR_JOB })} == 1`;
  return [
    {
      record: names.up,
      expr: aggregate('max', node, selector('up', { job: AGENT_JOB })),
      labels: node,
      unit: '1',
      cardinality: 'one for each node',
      comment: 'Whether the agent of each node answers scrapes: 1 or 0. No series where Prometheus knows no agent.',
    },
    {
      record: names.missing,
      expr: missing(config),
      labels: node,
      unit: '1',
      cardinality: 'one for each node without an agent',
      comment:
        'Nodes whose agent does not answer although it did within a day. Nodes that never had one, such as those of Fargate, are not among them.',
    },
    {
      record: names.restarting,
      expr: restarting(config),
      labels: cluster,
      unit: 'agents',
      cardinality: 'one for each cluster',
      comment:
        'Agents that do not answer, or began less than ten minutes ago. Health checks of the others do not reach them meanwhile, which is no fault of the network.',
    },
    {
      record: names.operators,
      expr: promql`
        count by (${labels(...cluster)}) (
          ${aggregate('group', [...cluster, 'instance'], answering)}
        )`,
      labels: cluster,
      unit: 'operators',
      cardinality: 'one for each cluster',
      comment: 'Operators that answer scrapes. No series where none does: CiliumOperatorDown looks for that.',
    },
    {
      record: names.degraded,
      expr: gaugeByNode(config, [], metric('cilium_hive_status', { status: 'degraded' })),
      labels: node,
      unit: 'parts',
      cardinality: 'one for each node',
      comment: 'Parts of the agent that say that they are degraded, as in cilium-dbg status.',
    },
    {
      record: names.reconcilerErrors,
      expr: gaugeByNode(config, ['module_id'], selectorOfAny(RECONCILER_ERRORS)),
      labels: [...node, 'module_id'],
      unit: 'objects',
      cardinality: 'one for each node and reconciler',
      comment:
        'Objects that a reconciler fails to bring into the datapath, such as the backends of a Service while the service map is full. Off in Cilium by ' +
        'default: the generated values turn it on.',
    },
    {
      record: names.regenerations,
      expr: rateByNode(config, ['outcome'], metric('cilium_endpoint_regenerations_total')),
      labels: [...node, 'outcome'],
      unit: 'regenerations/s',
      cardinality: 'two for each node',
      comment: 'How often the eBPF programs of endpoints are made again, by outcome.',
    },
    {
      record: names.regenerationSeconds,
      expr: quantiles(
        config,
        cluster,
        metric('cilium_endpoint_regeneration_time_stats_seconds_bucket', { scope: 'total' }),
      ),
      labels: [...cluster, 'quantile'],
      unit: 'seconds',
      cardinality: 'two for each cluster',
      comment: 'How long that takes from beginning to end. A new pod waits for it.',
    },
    {
      record: names.policyChanges,
      expr: rateByNode(config, ['outcome'], metric('cilium_policy_change_total')),
      labels: [...node, 'outcome'],
      unit: 'changes/s',
      cardinality: 'two for each node',
      comment: 'Policies that were imported, by outcome. One that fails is not enforced.',
    },
  ];
}
