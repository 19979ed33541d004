import { clusterLabels } from '../../settings/cluster-labels.ts';
import { either, labels, matches, promql, selector } from '../../promql/index.ts';
import { REASONS, trafficNames } from '../records/names.ts';
import { flowInputs } from '../input.ts';
import type { AlertSpec } from '../../alerts/spec.ts';
import { ofCluster } from '../../alerts/texts.ts';
import { ON_DASHBOARD, overUnits, withoutFlows } from './units.ts';

/** Reasons that are in the nature of the traffic and not a fault of the data. */
const EXPECTED = new Set<string>(['external', 'no_peer']);
const FAULTS = REASONS.filter((reason) => !EXPECTED.has(reason));

const warning = (threshold: number, pending: string) =>
  ({ severity: 'warning', threshold, for: pending, keepFiringFor: '15m' }) as const;

/** Alerts on how well traffic is placed and counted. */
export const attributionAlerts: readonly AlertSpec[] = [
  {
    alert: 'TrafficLost',
    ratio: true,
    sustained: false,
    tier: warning(0.01, '10m'),
    summary: 'Some of the traffic that was read is in no zone pair.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} that came in is missing from the zone matrix, so ` +
      'every figure is too small. First: look for failing or missing rules of the groups azimuth-identity and azimuth-network-*.',
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
    without: withoutFlows,
    comment:
      'Traffic in minus traffic accounted for. By construction it is zero to rounding: anything else is a fault of the rules.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'TrafficUnattributed',
    ratio: true,
    sustained: false,
    tier: warning(0.1, '30m'),
    summary: 'Traffic inside the cluster cannot be placed in zones.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}{{ $value | humanizePercentage }} of {{ $labels.unit }} has an end whose zone should be known and is not. ` +
      'Cross-zone figures and costs are too small by up to that share. First: see by reason, whether kube-state-metrics runs and nodes have their zone label.',
    expr: (config, threshold) =>
      overUnits(
        config,
        (input) => promql`
          sum by (${labels(...clusterLabels(config))}) (
            ${selector(trafficNames(config, input).unattributed, { reason: matches(FAULTS.join('|')) })}
          ) > ${threshold}`,
      ),
    without: withoutFlows,
    comment: 'Peers outside the cluster have no zone by nature and do not count here.',
    dashboard: ON_DASHBOARD,
  },
  {
    alert: 'TrafficCountedTwice',
    ratio: false,
    sustained: false,
    tier: warning(1.5, '30m'),
    summary: 'The two ends of the same traffic count it differently.',
    description: ({ cluster }) =>
      `${ofCluster(cluster.label)}for pairs that both ends see, the other end counts {{ $value | humanize }} times as much as the one that is read ` +
      '({{ $labels.unit }}). Near 2 or 0.5, one of them counts each packet twice. First: check flows.select against the aggregation level of ' +
      'the source, and whether some of the agents are scraped by two jobs.',
    expr: (config, threshold) =>
      overUnits(config, (input) => {
        if (input.opposite === undefined) return undefined;
        // No two counts differ by less than a factor of 1: below, every ratio would be both too high and too low.
        const factor = Math.max(1, threshold);
        const ratio = selector(trafficNames(config, input).countedTwice);
        return either(promql`${ratio} > ${factor}`, promql`${ratio} < ${Number((1 / factor).toPrecision(4))}`);
      }),
    without: (config) =>
      withoutFlows(config) ??
      (flowInputs(config).some(({ opposite }) => opposite !== undefined)
        ? undefined
        : 'the source has the view of one end only'),
    comment:
      'Each end should count a packet once, so the ratio is 1; whoever sees more observations of it has the larger count.',
    dashboard: ON_DASHBOARD,
  },
];
