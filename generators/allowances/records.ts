import { type Allowance, ALLOWANCES, byDevice, type EthtoolExporter } from './exporter.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  duration,
  inOrder,
  labels,
  longer,
  promql,
  type Query,
  seconds,
  selector,
  selectorOfAny,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { exceededName } from '../shared/record-names.ts';
import type { AllowancesConfig } from './settings.ts';
import { instanceLabels, interfaceLabels, onNodes, targetRules } from './targets.ts';

/** Nodes with allowance counters, by cluster. */
export const COUNTED_NODES = 'metric:allowance_nodes:count';

/** Packets over any allowance, by node; no series for nodes within all of them. */
export const NODE_EXCEEDED = 'metric:allowance_exceeded:node';

/** When an event of a node began, as a Unix time: one sample for each event. */
export const EVENT_START = 'metric:allowance_exceeded:event_start';

/** Bursts with shorter breaks are one event. As long as alerts keep firing, so that an alert and its event end together. */
export const EVENT_BREAK = '15m';

/** Labels that the rules and the dashboard use, besides those of the exporters; `internal_ip` and `provider_id` are of kube_node_info. */
export const ALLOWANCE_LABELS: readonly string[] = [
  'device',
  'node',
  'host',
  'name',
  'internal_ip',
  'provider_id',
  // The dashboard: what limited nodes are, and which of their pods have the most traffic.
  'zone',
  'label_*',
  'namespace',
  'pod',
  'workload_type',
  'workload',
];

/**
 * Packets per second over an allowance, one series for each of the exporter: the only place that knows how exporters count. A driver that
 * starts again makes a delta negative once.
 */
function perSecond({ ethtool, rules }: AllowancesConfig, exporter: EthtoolExporter, allowance: Allowance): Query {
  const samples = promql`${exporter.exceeded(allowance, ethtool)}[${duration(rules.window)}]`;
  const rate =
    exporter.counts === 'counter'
      ? promql`rate(${samples})`
      : promql`clamp_min(sum_over_time(${samples}), 0) / ${seconds(rules.window)}`;
  return byDevice(exporter, rate);
}

/** How the figures of several targets of one interface become one, and why. */
const MERGED = {
  counter: {
    operator: 'max',
    comment:
      'Public rules use the rate of eth0 over [30s]: with a 30 s scrape it is empty, and it misses jumps between evaluations and interfaces ' +
      'with other names. max merges targets of one node.',
  },
  delta: {
    operator: 'sum',
    comment:
      'A sample is what came since the scrape before, by whomever: rate() of it means nothing. sum adds the parts that several scrapers have ' +
      'of one node.',
  },
} as const;

function exceededRule(
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
  allowance: Allowance,
): RecordingRule {
  const kept = interfaceLabels(config);
  const each = exporters.map((exporter) =>
    aggregate(
      MERGED[exporter.counts].operator,
      kept,
      onNodes(config, 'allowance', perSecond(config, exporter, allowance)),
    ),
  );
  const comments = new Set(exporters.map(({ counts }) => MERGED[counts].comment));
  const order =
    exporters.length === 1
      ? []
      : [`Of several exporters on a node, the first counts: ${exporters.map(({ id }) => id).join(', ')}.`];
  return {
    record: exceededName(allowance),
    // By node, not by interface: exporters call an interface by different names.
    expr: inOrder([...clusterLabels(config), 'instance'], ...each),
    labels: kept,
    unit: 'packets/s',
    cardinality: 'one for each network interface',
    comment: [`Packets over the ${allowance} allowance, by interface.`, ...comments, ...order].join(' '),
  };
}

/** Records the nodes with counters: what AllowanceSourceSilent misses. */
function countedNodesRule(config: AllowancesConfig): RecordingRule {
  const by = clusterLabels(config);
  const nodes = aggregate('group', [...by, 'instance'], selectorOfAny(ALLOWANCES.map(exceededName)));
  return {
    record: COUNTED_NODES,
    expr: promql`
      count by (${labels(...by)}) (
        ${nodes}
      )`,
    labels: by,
    unit: 'nodes',
    cardinality: 'one for each cluster',
    comment: 'Nodes with allowance counters. A day of it is read at little cost: whether there were counters before.',
  };
}

/** Records the events of nodes: which are over an allowance, and when that began. */
export function eventRules(config: AllowancesConfig): readonly RecordingRule[] {
  const kept = instanceLabels(config);
  const over = promql`${selectorOfAny(ALLOWANCES.map(exceededName))} > 0`;
  const before = duration(longer(EVENT_BREAK, config.rules.window));
  return [
    {
      record: NODE_EXCEEDED,
      expr: aggregate('sum', kept, over),
      labels: kept,
      unit: 'packets/s',
      cardinality: 'one for each node over an allowance',
      comment:
        'Packets over any allowance, by node, while there are any. The number of its samples is the time over an allowance: a week of them is read ' +
        'for few nodes, where a week of the counters would be read for all.',
    },
    {
      record: EVENT_START,
      expr: promql`
        time() * ${aggregate('group', kept, over)}
        unless on (${labels(...kept)})
        count_over_time(${selector(NODE_EXCEEDED)}[${before}] offset ${duration(config.rules.interval)})`,
      labels: kept,
      unit: 's',
      cardinality: 'one for each node over an allowance, and one sample for each event',
      comment:
        'When an event began, as a Unix time: the node was over no allowance for a while before. Shorter breaks are part of an event.',
    },
  ];
}

/** Records the targets that count, `metric:*_allowance_exceeded` and the nodes with counters. */
export const exceededRules = (
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
): readonly RecordingRule[] => [
  ...targetRules(
    config,
    exporters,
    'allowance',
    exporters.map((exporter) => exporter.anyExceeded(config.ethtool)),
  ),
  ...ALLOWANCES.map((allowance) => exceededRule(config, exporters, allowance)),
  countedNodesRule(config),
];
