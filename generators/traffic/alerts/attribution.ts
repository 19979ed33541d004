import { REFUSED_ZONE, useOf, zoneFilter } from '../../identity/index.ts';
import { ofCluster } from '../../alerts/spec.ts';
import {
  copied,
  duration,
  either,
  firstOf,
  labels,
  matches,
  promql,
  type Query,
  selector,
  UniqueVector,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import { type FlowInput, hasTwoViews, noTraffic } from '../input.ts';
import { NAMED } from '../records/flows.ts';
import { REASONS, trafficNames } from '../records/names.ts';
import { resolvedLabel } from '../records/resolution.ts';
import { knowsLocality } from '../records/usable.ts';
import { SIDES } from '../source.ts';
import { alert, type Alert, overUnits, warning } from './common.ts';

/** Reasons that are normal for such traffic and no fault of the data. */
const EXPECTED = new Set<string>(['outside', 'no_peer']);
const FAULTS = REASONS.filter((reason) => !EXPECTED.has(reason));

/**
 * Twice the longest interval of the double-count check: with vmalert, its newest sample is up to two intervals old, and a plain query would
 * lose it after 5 minutes, so that the alert never stays pending long enough.
 */
const RATIO_LOOKBACK = duration('10m');

/** Refused zones that the source of an input reports for ends of traffic, as label `zone`. */
const refusedBySource = (config: TrafficConfig, input: FlowInput): readonly Query[] =>
  SIDES.flatMap((side) => {
    const { zone } = input.source.ends[side];
    if (zone === undefined || useOf(config, 'source') !== 'as is') return [];
    const where = { [resolvedLabel(config, input, side, 'reason')]: 'invalid_zone', [zone]: NAMED };
    return [copied(selector(trafficNames(config, input).identity(side), where), { [zone]: 'zone' })];
  });

/** Alerts on traffic that the rules lose, cannot place, or count twice. */
export const attributionAlerts: readonly Alert[] = [
  alert({
    alert: 'TrafficLost',
    ratio: true,
    tier: warning(0.01, '10m', '15m'),
    summary: 'Traffic is missing from the zone matrix.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of the measured {{ $labels.unit }} is missing from the zone matrix, so ` +
      'every figure is too low. First: check the groups azimuth-identity and azimuth-network-* for failing or missing rules.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        const { lost, endpoint } = trafficNames(config, input);
        const by = labels(...clusterLabels(config));
        return promql`
          abs(${selector(lost)})
          / on (${by})
          (sum by (${by}) (${selector(endpoint('source'))}) > 0)
          > ${threshold}`;
      }),
    comment:
      'Traffic that was read minus traffic in the matrix. Apart from rounding it is always 0; any other value is a fault of the rules.',
  }),
  alert({
    alert: 'TrafficUnattributed',
    ratio: true,
    tier: warning(0.1, '30m', '15m'),
    summary: 'Traffic inside the cluster has no known zone.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} has an end inside the cluster whose zone is unknown. ` +
      'Cross-zone figures and costs are too low by up to that share. First: check the share by reason, whether kube-state-metrics runs, and whether nodes have their zone label.',
    expr: (config, threshold) =>
      overUnits(config, (input) =>
        knowsLocality(input.source)
          ? undefined
          : promql`
          sum by (${labels(...clusterLabels(config))}) (
            ${selector(trafficNames(config, input).unattributed, { reason: matches(FAULTS.join('|')) })}
          ) > ${threshold}`,
      ),
    without: (config) =>
      noTraffic(config) ??
      (config.inputs.some(({ source }) => !knowsLocality(source))
        ? undefined
        : 'the source counts cross-zone traffic only, even if a zone is unknown'),
    comment: 'Peers outside the cluster have no zone and do not count here; addresses in its ranges do.',
  }),
  alert({
    alert: 'ZoneInvalid',
    tier: { ...warning(0, '30m'), severity: 'info' },
    summary: 'A zone is refused, so traffic of its nodes has no known zone.',
    description: ({ cluster, zones }) =>
      `${ofCluster(cluster.label)}{{ $value | humanize }} nodes or ends of traffic have the zone "{{ $labels.zone }}", which ` +
      `${zones.valid === null ? 'is a fault domain of Azure' : 'zones.valid refuses'}. Their traffic counts as unknown, for the reason invalid_zone. ` +
      'First: see which nodes these are; if the value is a zone after all, change zones.valid.',
    expr: (config, threshold) => {
      const key = [...clusterLabels(config), 'zone'];
      const counted = (query: Query) => new UniqueVector(promql`count by (${labels(...key)}) (${query})`, key);
      const ofNodes = counted(copied(selector(REFUSED_ZONE), { refused_zone: 'zone' }));
      const ofSources = config.inputs.flatMap((input) => refusedBySource(config, input)).map(counted);
      return promql`${firstOf(ofNodes, ...ofSources).query} > ${threshold}`;
    },
    without: (config) =>
      noTraffic(config) ??
      (zoneFilter(config) === undefined ? 'zones.valid is null, so no zone is refused' : undefined),
    comment:
      'A value that is there is not always a zone: outside of availability zones, AKS labels nodes with their fault domain.',
  }),
  alert({
    alert: 'TrafficCountedTwice',
    tier: warning(1.5, '30m', '15m'),
    summary: 'The two ends of the same traffic report different amounts.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}for pairs that both ends report, the peer view counts {{ $value | humanize }} times as much as the view that is read ` +
      '({{ $labels.unit }}). Near 2 or 0.5, one of the two counts each packet twice. First: check whether flows.select fits the aggregation ' +
      'level of the source, and whether two jobs scrape the same agents.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        if (!hasTwoViews(input)) return undefined;
        // Below a factor of 1, every ratio would be both too high and too low.
        const factor = Math.max(1, threshold);
        const ratio = promql`last_over_time(${selector(trafficNames(config, input).countedTwice)}[${RATIO_LOOKBACK}])`;
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      noTraffic(config) ?? (config.inputs.some(hasTwoViews) ? undefined : 'the source reports one end only'),
    comment:
      'Each end should count a packet once, so the ratio should be 1. The end that observes a packet more often has the larger count.',
  }),
];
