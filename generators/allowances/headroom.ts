import type { RecordingRule } from '../model/rules.ts';
import { aggregate, duration, either, labels, type Matchers, promql, type Query, selector } from '../promql/index.ts';
import { byDevice, type EthtoolExporter, type Gauge, gaugesOf } from './exporter.ts';
import type { AllowancesConfig } from './settings.ts';
import { instanceLabels, interfaceLabels, onNodes, targetRules } from './targets.ts';

export const CONNTRACK_AVAILABLE = 'metric:conntrack_allowance_available';
const CONNTRACK_BY_INTERFACE = `${CONNTRACK_AVAILABLE}:interface`;
const CONNTRACK_MOVED = `${CONNTRACK_AVAILABLE}:moved`;
const CONNTRACK_AVAILABLE_MAX_1H = `${CONNTRACK_AVAILABLE}:max1h`;
export const CONNTRACK_AVAILABLE_MAX_7D = `${CONNTRACK_AVAILABLE}:max7d`;

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

/** Records the headroom of connection tracking with its targets: now, and its maximum over a week. None if no exporter has the gauge. */
export function headroomRules(
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
): readonly RecordingRule[] {
  const gauges = gaugesOf(exporters, config.ethtool);
  return gauges.length === 0 ? [] : [...availableRules(config, exporters, gauges), ...maximumRules(config)];
}
