import { POD_IDENTITY, WORKLOAD_FIELDS, remembered } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  labels,
  not,
  oneOf,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
  withLabels,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { crossZonePrice, noCost, priceOf, pricesOf, priceText } from '../prices/index.ts';
import { type Side, SIDES } from '../source.ts';
import { costNames, sideLabels, trafficNames, workloadLabels, ZONE_LABELS } from './names.ts';
import { CARDINALITY } from './pairs.ts';
import { stateMetric } from '../../shared/state-metrics.ts';
import { zeroFor } from './zero.ts';

/** A month as clouds bill it: 730 hours. */
export const MONTH_SECONDS = 730 * 3600;

const crossZone = (record: string): Query => selector(record, { locality: 'cross_zone' });

/** The prices that apply, with their date: what the dashboard shows, and what a change of price looks like afterwards. */
function priceRule(config: TrafficConfig, input: FlowInput): RecordingRule {
  const cluster = clusterLabels(config);
  const here = zeroFor(cluster, selector(trafficNames(config, input).zonePair));
  const { currency, asOf, source } = priceOf(config);
  const one = ({ price, ...billed }: ReturnType<typeof pricesOf>[number]): Query =>
    withLabels(promql`${here} + ${price}`, { ...billed, currency, as_of: asOf });
  return {
    record: costNames(config).price,
    expr: either(...pricesOf(config).map(one)),
    labels: [...cluster, 'class', 'direction', 'currency', 'as_of'],
    unit: `${currency}/GB`,
    cardinality: 'one for each known price: at most five',
    comment: `Prices of a gigabyte by class of traffic and billed direction: ${source}. Those of cross_zone are charged to traffic between zones, the others to what leaves the region.`,
  };
}

/**
 * Records of cost. The cost of a pair includes both billed directions; the cost of the cluster has one series for each. Traffic with
 * an unknown zone has no price, so the real cost may be higher, by up to the unattributed share.
 */
export function costRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const traffic = trafficNames(config, input);
  const names = costNames(config);
  const { egress, ingress, both, currency } = crossZonePrice(config);
  const { bytesPerGB } = config.cloud;
  const { byteError = '' } = input.source;
  const bytes = promql`sum by (${labels(...cluster)}) (${crossZone(traffic.zonePair)})`;
  const none = zeroFor(cluster, selector(traffic.zonePair));
  const billed = (direction: string, price: number) =>
    withLabel(promql`${either(bytes, none)} / ${bytesPerGB} * ${price}`, 'direction', direction);
  const unit = `${currency}/s`;
  const perPair = (record: string, from: string, kept: readonly string[], cardinality: string): RecordingRule => ({
    record,
    expr: promql`${crossZone(from)} / ${bytesPerGB} * ${both}`,
    labels: [...cluster, ...kept, 'locality'],
    unit,
    cardinality,
    comment: `Cost of cross-zone traffic in both billed directions: ${priceText(config)}. ${byteError}`,
  });
  return [
    ...(config.flows.granularity === 'zone'
      ? []
      : [
          perPair(
            names.workloadPair,
            traffic.workloadPair,
            SIDES.flatMap(workloadLabels),
            `${CARDINALITY.workload} across zones`,
          ),
        ]),
    perPair(names.zonePair, traffic.zonePair, ZONE_LABELS, CARDINALITY.zone),
    priceRule(config, input),
    {
      record: names.cluster,
      expr: either(billed('egress', egress), billed('ingress', ingress)),
      labels: [...cluster, 'direction'],
      unit,
      cardinality: 'two',
      comment: `Cost of the cluster by billed direction: egress is billed to the sender, ingress to the receiver. ${byteError}`,
    },
    {
      record: names.monthly,
      expr: promql`
        sum by (${labels(...cluster)}) (avg_over_time(${selector(names.cluster)}[1d])) * ${MONTH_SECONDS}
        and on (${labels(...cluster)})
        ${selector(names.cluster)}`,
      labels: cluster,
      unit: `${currency}/month`,
      cardinality: 'one',
      comment:
        'Cost of a month of 730 hours at the average rate of the last day; within the first day, of the time since the start. Only where there is ' +
        'a cost now: it is withheld with the rest.',
    },
  ];
}

/** The share of a workload's running pods in each zone. A Service without zone awareness spreads its calls by these shares. */
function zoneShareRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const key = labels(...cluster, 'namespace', 'pod');
  // Of several rows of a pod, any may say so.
  const running = promql`
    ${remembered(config, stateMetric('kube_pod_status_phase', { phase: 'Running' }))} == 1`;
  const pods = promql`
    ${selector(POD_IDENTITY, { zone: not('unknown') })}
    and on (${key})
    ${running}`;
  const workload = [...cluster, ...WORKLOAD_FIELDS];
  return {
    record: costNames(config).zoneShare,
    expr: promql`
      ${aggregate('sum', [...workload, 'zone'], pods)}
      / on (${labels(...workload)}) group_left ()
      ${aggregate('sum', workload, pods)}`,
    labels: [...workload, 'zone'],
    unit: 'ratio',
    cardinality: 'one for each workload and each zone in which it has pods',
    comment: "The share of a workload's running pods in each zone.",
  };
}

/** The zone shares under the labels of pairs: of the workload at `end`, in the zone of `other`. Copies of labels leave them unique. */
function sharesOf(config: TrafficConfig, end: Side, other: Side): UniqueVector {
  const shares = copied(selector(costNames(config).zoneShare), {
    ...Object.fromEntries(WORKLOAD_FIELDS.map((field) => [field, `${end}_${field}`])),
    zone: `${other}_zone`,
  });
  return new UniqueVector(shares, [...clusterLabels(config), ...sideLabels(end, WORKLOAD_FIELDS), `${other}_zone`]);
}

/**
 * Traffic that zone-aware routing could keep in its zone. The flows do not show which end calls, so a flow counts as avoidable only if
 * each of the two workloads has a running pod in the zone of the other: then either could have called a pod in its own zone. This is
 * a lower bound: it omits calls by a workload that runs in one zone only, as they cannot be told from the replies of such a workload.
 */
export function avoidableRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const names = costNames(config);
  const traffic = trafficNames(config, input);
  const there = sharesOf(config, 'destination', 'source');
  const here = sharesOf(config, 'source', 'destination');
  const ends = [...cluster, ...workloadLabels('source'), ...sideLabels('destination', WORKLOAD_FIELDS)];
  const sent = aggregate('sum', ends, selector(traffic.workloadPair, { locality: oneOf(['same_zone', 'cross_zone']) }));
  const avoidable = (crossing: Query) => promql`
    ${crossing}
    and on (${labels(...there.key)})
    ${there.query}
    and on (${labels(...here.key)})
    ${here.query}`;
  const destination = [...cluster, ...sideLabels('destination', WORKLOAD_FIELDS)];
  const pairLabels = [...ends, 'destination_zone', 'locality'];
  const avoidableCost: RecordingRule = {
    record: names.avoidableCost,
    expr: avoidable(selector(names.workloadPair)),
    labels: pairLabels,
    unit: `${priceOf(config).currency}/s`,
    cardinality: `${CARDINALITY.workload} across zones`,
    comment: `Cost of that traffic: ${priceText(config)}.`,
  };
  return [
    zoneShareRule(config),
    {
      record: names.random,
      expr: promql`
        ${sent}
        * on (${labels(...there.key)}) group_left ()
        (
          1
          -
          ${there.query}
        )
        or
        (
          ${sent}
          and on (${labels(...destination)})
          ${there.query}
        )`,
      labels: ends,
      unit: input.unitLabel,
      cardinality: CARDINALITY.workload,
      comment:
        'Traffic that would cross zones if every call went to a random pod of the destination: traffic times the share of its pods in ' +
        'other zones. Destinations without pods, such as nodes, are omitted. If more than this crosses zones, calls avoid their own zone; if far less does, routing is zone-aware already.',
    },
    {
      record: names.avoidableBytes,
      expr: avoidable(crossZone(traffic.workloadPair)),
      labels: pairLabels,
      unit: input.unitLabel,
      cardinality: `${CARDINALITY.workload} across zones`,
      comment:
        'Cross-zone traffic between workloads that each also run in the zone of the other: zone-aware routing could keep it in one zone. ' +
        'A lower bound: if only one of the two does, it depends on which end calls, and flows do not show that.',
    },
    ...(noCost(config) === undefined ? [avoidableCost] : []),
  ];
}
