import type { RecordingRule } from '../model/rules.ts';
import { duration, labels, type Matchers, promql, type Query, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { type Allowance, ALLOWANCES, type EthtoolExporter } from './exporter.ts';
import type { AllowancesConfig } from './settings.ts';

/** One name, whatever the exporter. */
export const exceededName = (allowance: Allowance): string => `metric:${allowance}_allowance_exceeded`;
const CONNTRACK_AVAILABLE = 'metric:conntrack_allowance_available';
const CONNTRACK_AVAILABLE_MAX_1H = `${CONNTRACK_AVAILABLE}:max1h`;
const CONNTRACK_AVAILABLE_MAX_7D = `${CONNTRACK_AVAILABLE}:max7d`;

/** Labels that the rules and the dashboard use; `type` is the statistic of an exporter that has one metric for all. */
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
    expr: promql`
      max by (${labels(...kept)}) (
        rate(${counter}[${duration(config.rules.window)}])
      )`,
    labels: kept,
    unit: 'packets/s',
    cardinality: 'one for each network interface',
    comment:
      `Packets over the ${allowance} allowance, for each interface. A rate of eth0 over [30s] would be empty with a 30 s scrape, ` +
      'and miss jumps between evaluations and interfaces of other names. max folds targets that are scraped twice.',
  };
}

/** Headroom of connection tracking: now, and the most seen in a week as a stand-in for the maximum, which nobody exports. */
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
        'Connections that the instance can still track. The allowance belongs to the instance, so interfaces are folded.',
    },
    {
      ...shared,
      record: CONNTRACK_AVAILABLE_MAX_1H,
      expr: promql`max_over_time(${selector(CONNTRACK_AVAILABLE)}[1h])`,
      comment:
        'A step on the way to the maximum of a week, which read from the raw gauge would cost 20,000 samples a series.',
    },
    {
      ...shared,
      record: CONNTRACK_AVAILABLE_MAX_7D,
      // A subquery steps on full hours: within the first hour of a node it is empty, and this hour's maximum serves.
      expr: promql`
        max_over_time(${hour}[7d:1h]) >= ${hour}
        or
        ${hour}`,
      comment:
        'The most that was available within a week: what the instance type allows, unless the node was never idle.',
    },
  ];
}

/** What a node can still track, as a share (0 to 1) of the most it could within 7 days; one series a node. */
export const conntrackHeadroom = (filter: Matchers = {}): Query =>
  promql`${selector(CONNTRACK_AVAILABLE, filter)} / (${selector(CONNTRACK_AVAILABLE_MAX_7D, filter)} > 0)`;

/** Records `metric:*_allowance_exceeded` and the headroom of connection tracking. */
export const allowanceRules = (config: AllowancesConfig, exporter: EthtoolExporter): readonly RecordingRule[] => [
  ...ALLOWANCES.map((allowance) => exceededRule(config, exporter, allowance)),
  ...conntrackRules(config, exporter),
];
