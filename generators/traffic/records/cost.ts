import type { RecordingRule } from '../../model/rules.ts';
import {
  copied,
  either,
  labels,
  not,
  promql,
  type Query,
  selector,
  UniqueVector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { costless, priceOf, priceText } from '../price-book.ts';
import { type Side, SIDES } from '../source.ts';
import { remembered } from './identity.ts';
import { costNames, POD_IDENTITY, trafficNames, WORKLOAD_FIELDS, workloadLabels, ZONE_LABELS } from './names.ts';
import { CARDINALITY } from './pairs.ts';

/** A month as clouds bill it: 730 hours. */
const MONTH_SECONDS = 730 * 3600;

const crossing = (record: string): Query => selector(record, { locality: 'cross_zone' });

/**
 * Records of money. Both billed directions are in the cost of a pair; the cluster's cost tells them apart. Traffic with an unknown
 * zone has no price, so the cost is a lower bound by the unattributed share.
 */
export function costRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const traffic = trafficNames(config, input);
  const names = costNames(config);
  const { egressPerGB, ingressPerGB, currency } = priceOf(config);
  const { bytesPerGB } = config.cloud;
  const bytes = promql`sum by (${labels(...cluster)}) (${crossing(traffic.zonePair)})`;
  const none = promql`0 * sum by (${labels(...cluster)}) (${selector(traffic.zonePair)})`;
  const billed = (direction: string, price: number) =>
    withLabel(promql`${either(bytes, none)} / ${bytesPerGB} * ${price}`, 'direction', direction);
  const unit = `${currency}/s`;
  const perPair = (record: string, from: string, kept: readonly string[], cardinality: string): RecordingRule => ({
    record,
    expr: promql`${crossing(from)} / ${bytesPerGB} * ${Number((egressPerGB + ingressPerGB).toPrecision(12))}`,
    labels: [...cluster, ...kept, 'locality'],
    unit,
    cardinality,
    comment: `What cross-zone traffic costs in both billed directions: ${priceText(config)}.`,
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
    {
      record: names.cluster,
      expr: either(billed('egress', egressPerGB), billed('ingress', ingressPerGB)),
      labels: [...cluster, 'direction'],
      unit,
      cardinality: 'two',
      comment: 'The cost of the cluster by billed direction: what senders pay, and what receivers pay.',
    },
    {
      record: names.monthly,
      expr: promql`sum by (${labels(...cluster)}) (avg_over_time(${selector(names.cluster)}[1d])) * ${MONTH_SECONDS}`,
      labels: cluster,
      unit: `${currency}/month`,
      cardinality: 'one',
      comment:
        'What a month of 730 hours costs if it goes on like the last day; within the first day, like the time since the start.',
    },
  ];
}

/** The share of a workload's running pods in each zone: the weights by which a Service without zone awareness spreads its calls. */
function zoneShareRule(config: TrafficConfig): RecordingRule {
  const cluster = clusterLabels(config);
  const key = labels(...cluster, 'namespace', 'pod');
  const running = promql`
    max by (${key}) (${remembered(config, selector('kube_pod_status_phase', { phase: 'Running' }))}) == 1`;
  const pods = promql`
    ${selector(POD_IDENTITY, { zone: not('unknown') })}
    and on (${key})
    ${running}`;
  const all = labels(...cluster, ...WORKLOAD_FIELDS);
  return {
    record: costNames(config).zoneShare,
    expr: promql`
      sum by (${labels(...cluster, ...WORKLOAD_FIELDS, 'zone')}) (
        ${pods}
      )
      / on (${all}) group_left ()
      sum by (${all}) (
        ${pods}
      )`,
    labels: [...cluster, ...WORKLOAD_FIELDS, 'zone'],
    unit: 'ratio',
    cardinality: 'one for each workload and zone it has pods in',
    comment: "The share of a workload's running pods in each zone.",
  };
}

/** The shares of pods with the labels of pairs: those of the workload at `end`, in the zone of `other`. */
function sharesOf(config: TrafficConfig, end: Side, other: Side): UniqueVector {
  const key = [...clusterLabels(config), ...WORKLOAD_FIELDS.map((field) => `${end}_${field}`), `${other}_zone`];
  const weights = copied(selector(costNames(config).zoneShare), {
    ...Object.fromEntries(WORKLOAD_FIELDS.map((field) => [field, `${end}_${field}`])),
    zone: `${other}_zone`,
  });
  const query = promql`
    max by (${labels(...key)}) (
      ${weights}
    )`;
  return new UniqueVector(query, key);
}

/**
 * What zone-aware routing could save. Nobody tells calls from replies, so a flow is taken to be avoidable only where each of the two
 * workloads has a running pod in the zone of the other: whichever calls could have called there. A lower bound: calls by a workload
 * that runs in one zone only are left out, or else the replies of one that does would be counted.
 */
export function avoidableRules(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const names = costNames(config);
  const traffic = trafficNames(config, input);
  const there = sharesOf(config, 'destination', 'source');
  const here = sharesOf(config, 'source', 'destination');
  const ends = [
    ...cluster,
    ...WORKLOAD_FIELDS.map((field) => `source_${field}`),
    'source_zone',
    ...WORKLOAD_FIELDS.map((field) => `destination_${field}`),
  ];
  const sent = promql`
    sum by (${labels(...ends)}) (
      ${selector(traffic.workloadPair, { source_zone: not('unknown'), destination_zone: not('unknown') })}
    )`;
  const avoidable = (record: string) => promql`
    ${crossing(record)}
    and on (${labels(...there.key)})
    ${there.query}
    and on (${labels(...here.key)})
    ${here.query}`;
  const destination = [...cluster, ...WORKLOAD_FIELDS.map((field) => `destination_${field}`)];
  const pairLabels = [...ends, 'destination_zone', 'locality'];
  const unit = 'bytes/s';
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
      unit,
      cardinality: CARDINALITY.workload,
      comment:
        'What would cross zones if every call went to any pod of the destination at random: traffic times the share of its pods in ' +
        'other zones. Destinations without pods, such as nodes, are left out. More than this crosses where calls avoid their own zone; far less where routing is zone-aware already.',
    },
    {
      record: names.avoidableBytes,
      expr: avoidable(traffic.workloadPair),
      labels: pairLabels,
      unit,
      cardinality: `${CARDINALITY.workload} across zones`,
      comment:
        'Cross-zone traffic between workloads each of which also runs in the zone of the other: zone-aware routing could keep it there. ' +
        'A lower bound: where only one of them does, it depends on who calls, and nobody tells.',
    },
    ...(costless(config) === undefined
      ? [
          {
            record: names.avoidableCost,
            expr: avoidable(names.workloadPair),
            labels: pairLabels,
            unit: `${priceOf(config).currency}/s`,
            cardinality: `${CARDINALITY.workload} across zones`,
            comment: `What that traffic costs: ${priceText(config)}.`,
          },
        ]
      : []),
  ];
}
