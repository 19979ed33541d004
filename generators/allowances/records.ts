import { type Allowance, ALLOWANCES, byDevice, type EthtoolExporter, type Gauge, gaugesOf } from './exporter.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  inOrder,
  labels,
  longer,
  type Matchers,
  promql,
  type Query,
  seconds,
  selector,
  selectorOfAny,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { exceededName } from '../shared/record-names.ts';
import type { AllowancesConfig } from './settings.ts';
import { onNodes, targetRules } from './targets.ts';

export const CONNTRACK_AVAILABLE = 'metric:conntrack_allowance_available';
const CONNTRACK_BY_INTERFACE = `${CONNTRACK_AVAILABLE}:interface`;
const CONNTRACK_MOVED = `${CONNTRACK_AVAILABLE}:moved`;
const CONNTRACK_AVAILABLE_MAX_1H = `${CONNTRACK_AVAILABLE}:max1h`;
export const CONNTRACK_AVAILABLE_MAX_7D = `${CONNTRACK_AVAILABLE}:max7d`;

/** Nodes with allowance counters, by cluster. */
export const COUNTED_NODES = 'metric:allowance_nodes:count';

/** Packets over any allowance, by node; no series for nodes within all of them. */
export const NODE_EXCEEDED = 'metric:allowance_exceeded:node';

/** When an event of a node began, as a Unix time: one sample for each event. */
export const EVENT_START = 'metric:allowance_exceeded:event_start';

/** Bursts with shorter breaks are one event. As long as alerts keep firing, so that an alert and its event end together. */
export const EVENT_BREAK = '15m';

/**
 * Labels that the rules and the dashboard use. Showmax's exporter has one metric for all statistics and names them in `type`; those from
 * `internal_ip` on are of kube_node_info.
 */
export const ALLOWANCE_LABELS: readonly string[] = [
  'device',
  'eni',
  'node',
  'type',
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

const interfaceLabels = (config: AllowancesConfig): readonly string[] => [
  ...clusterLabels(config),
  'instance',
  'device',
  'node',
];
const instanceLabels = (config: AllowancesConfig): readonly string[] => [...clusterLabels(config), 'instance', 'node'];

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

/**
 * Which interface tells the headroom of connection tracking. The allowance belongs to the instance and each interface shows it, but an
 * idle one shows a value that may be hours old.
 * Upstream: amzn/amzn-drivers, issue 291.
 */
function availableRules(
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
  gauges: readonly Gauge[],
): readonly RecordingRule[] {
  const kept = instanceLabels(config);
  const [by, byInterface] = [labels(...kept), labels(...interfaceLabels(config))];
  const window = duration(config.rules.window);
  const gauge = either(...gauges.map(({ exporter, series }) => byDevice(exporter, series)));
  const changes = either(
    ...gauges.map(({ exporter, series }) => byDevice(exporter, promql`changes(${series}[${window}])`)),
  );
  const [each, moved] = [selector(CONNTRACK_BY_INTERFACE), selector(CONNTRACK_MOVED)];
  return [
    ...targetRules(
      config,
      exporters,
      'conntrack',
      gauges.map(({ series }) => series),
    ),
    {
      record: CONNTRACK_BY_INTERFACE,
      expr: promql`
        min by (${byInterface}) (
          ${onNodes(config, 'conntrack', gauge)}
        )`,
      labels: interfaceLabels(config),
      unit: 'connections',
      cardinality: 'one for each network interface',
      comment: 'Connections that the instance can still track, as each interface shows it.',
    },
    {
      record: CONNTRACK_MOVED,
      expr: either(
        promql`
          time() + 0 * (
            ${aggregate('max', interfaceLabels(config), onNodes(config, 'conntrack', changes))}
            > 0
          )`,
        promql`
          last_over_time(${moved}[1h]) > time() - 86400
          and on (${byInterface})
          ${each}`,
      ),
      labels: interfaceLabels(config),
      unit: 's',
      cardinality: 'one for each network interface whose value changed within a day',
      comment:
        'When the value of an interface last changed, as a Unix time. It reads itself, as a day of the gauge would be 3,000 samples of each ' +
        'series; over an hour, so that it survives a pause of the rules.',
    },
    {
      record: CONNTRACK_AVAILABLE,
      expr: promql`
        min by (${by}) (
          ${each}
          and on (${byInterface})
          (${moved} == on (${by}) group_left () max by (${by}) (${moved}))
        )
        or on (${by})
        min by (${by}) (${each})`,
      labels: kept,
      unit: 'connections',
      cardinality: 'one for each node',
      comment:
        'Connections that the instance can still track: what the interface shows whose value changed last, within a day; else the least ' +
        'of its interfaces.',
    },
  ];
}

/** Maximum of the headroom over a week. No exporter has the limit itself, so that maximum replaces it. */
function maximumRules(config: AllowancesConfig): readonly RecordingRule[] {
  const hour = selector(CONNTRACK_AVAILABLE_MAX_1H);
  const shared = { labels: instanceLabels(config), unit: 'connections', cardinality: 'one for each node' };
  return [
    {
      ...shared,
      record: CONNTRACK_AVAILABLE_MAX_1H,
      expr: promql`max_over_time(${selector(CONNTRACK_AVAILABLE)}[1h])`,
      comment:
        'An intermediate step: the maximum of a week, taken from the raw gauge, would read 20,000 samples of each series.',
    },
    {
      ...shared,
      record: CONNTRACK_AVAILABLE_MAX_7D,
      // A subquery evaluates at full hours, so it is empty in a node's first hour; then the maximum of this hour applies.
      expr: promql`
        max_over_time(${hour}[7d:1h]) >= ${hour}
        or
        ${hour}`,
      comment:
        'The most that was available within a week: the limit of the instance type, unless the node was never idle.',
    },
  ];
}

/** Connections a node can still track, as a share (0 to 1) of its maximum over 7 days; one series for each node. */
export const conntrackHeadroom = (filter: Matchers = {}): Query =>
  promql`${selector(CONNTRACK_AVAILABLE, filter)} / (${selector(CONNTRACK_AVAILABLE_MAX_7D, filter)} > 0)`;

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

/** Records the headroom of connection tracking with its targets: now, and its maximum over a week. None if no exporter has the gauge. */
export function headroomRules(
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
): readonly RecordingRule[] {
  const gauges = gaugesOf(exporters, config.ethtool);
  return gauges.length === 0 ? [] : [...availableRules(config, exporters, gauges), ...maximumRules(config)];
}
