import { type Allowance, ALLOWANCES, type EthtoolExporter } from './exporter.ts';
import type { RecordingRule } from '../model/rules.ts';
import { aggregate, duration, labels, type Matchers, promql, type Query, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { AllowancesConfig } from './settings.ts';

/** The record of one allowance; the name does not depend on the exporter. */
export const exceededName = (allowance: Allowance): string => `metric:${allowance}_allowance_exceeded`;
const CONNTRACK_AVAILABLE = 'metric:conntrack_allowance_available';
const CONNTRACK_AVAILABLE_MAX_1H = `${CONNTRACK_AVAILABLE}:max1h`;
const CONNTRACK_AVAILABLE_MAX_7D = `${CONNTRACK_AVAILABLE}:max7d`;

/** Labels that the rules and the dashboard use. node_exporter has one metric for all statistics and names them in `type`. */
export const ALLOWANCE_LABELS: readonly string[] = ['device', 'node', 'type', 'host'];

const interfaceLabels = (config: AllowancesConfig): readonly string[] => [
  ...clusterLabels(config),
  'instance',
  'device',
  'node',
];
const instanceLabels = (config: AllowancesConfig): readonly string[] => [...clusterLabels(config), 'instance', 'node'];

function exceededRule(config: AllowancesConfig, exporter: EthtoolExporter, allowance: Allowance): RecordingRule {
  const kept = interfaceLabels(config);
  const counter = exporter.exceeded(allowance, config.ethtool.device);
  return {
    record: exceededName(allowance),
    expr: aggregate('max', kept, promql`rate(${counter}[${duration(config.rules.window)}])`),
    labels: kept,
    unit: 'packets/s',
    cardinality: 'one for each network interface',
    comment:
      `Packets over the ${allowance} allowance, by interface. Public rules use the rate of eth0 over [30s]: with a 30 s scrape it is empty, ` +
      'and it misses jumps between evaluations and interfaces with other names. max merges targets that are scraped twice.',
  };
}

/** Headroom of connection tracking: now, and its maximum over a week. No exporter has the limit itself, so that maximum replaces it. */
function conntrackRules(config: AllowancesConfig, exporter: EthtoolExporter): readonly RecordingRule[] {
  const kept = instanceLabels(config);
  const hour = selector(CONNTRACK_AVAILABLE_MAX_1H);
  const shared = { labels: kept, unit: 'connections', cardinality: 'one for each node' };
  return [
    {
      ...shared,
      record: CONNTRACK_AVAILABLE,
      expr: promql`
        min by (${labels(...kept)}) (
          ${exporter.conntrackAvailable(config.ethtool.device)}
        )`,
      comment:
        'Connections that the instance can still track. The allowance belongs to the instance, so its interfaces are merged.',
    },
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

/** Records `metric:*_allowance_exceeded` and the headroom of connection tracking. */
export const allowanceRules = (config: AllowancesConfig, exporter: EthtoolExporter): readonly RecordingRule[] => [
  ...ALLOWANCES.map((allowance) => exceededRule(config, exporter, allowance)),
  ...conntrackRules(config, exporter),
];
