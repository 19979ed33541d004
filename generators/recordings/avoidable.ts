import type { Config } from '../config/schema.ts';
import { costless, priceOf, priceText } from '../cost/price-book.ts';
import type { RecordingRule } from '../model/rules.ts';
import { copied, labels, not, promql, selector } from '../promql/index.ts';
import type { FlowInput } from '../sources/input.ts';
import { remembered } from './memory.ts';
import { clusterLabels, costNames, POD_IDENTITY, trafficNames } from './names.ts';
import { CARDINALITY } from './traffic.ts';

const WORKLOAD = ['namespace', 'workload_type', 'workload'];

/** The share of a workload's running pods in each zone: the weights by which a Service without zone awareness spreads its calls. */
function zoneShareRule(config: Config): RecordingRule {
  const cluster = clusterLabels(config);
  const key = labels(...cluster, 'namespace', 'pod');
  const running = promql`
    max by (${key}) (${remembered(config, selector('kube_pod_status_phase', { phase: 'Running' }))}) == 1`;
  const pods = promql`
    ${selector(POD_IDENTITY, { zone: not('unknown') })}
    and on (${key})
    ${running}`;
  const all = labels(...cluster, ...WORKLOAD);
  return {
    record: costNames(config).zoneShare,
    expr: promql`
      sum by (${labels(...cluster, ...WORKLOAD, 'zone')}) (
        ${pods}
      )
      / on (${all}) group_left ()
      sum by (${all}) (
        ${pods}
      )`,
    labels: [...cluster, ...WORKLOAD, 'zone'],
    unit: 'ratio',
    cardinality: 'one for each workload and zone it has pods in',
    comment: "The share of a workload's running pods in each zone.",
  };
}

/**
 * What zone-aware routing could save. A flow is taken to be avoidable where its destination has a running pod in the zone of its
 * source. Replies to a client that runs in one zone only are not, although the call might be: the figure is a lower bound.
 */
export function avoidableRules(config: Config, input: FlowInput): readonly RecordingRule[] {
  const cluster = clusterLabels(config);
  const names = costNames(config);
  const traffic = trafficNames(config, input);
  const zoneKey = [...cluster, ...WORKLOAD.map((field) => `destination_${field}`), 'source_zone'];
  const weights = copied(selector(names.zoneShare), {
    ...Object.fromEntries(WORKLOAD.map((field) => [field, `destination_${field}`])),
    zone: 'source_zone',
  });
  const shares = promql`
    max by (${labels(...zoneKey)}) (
      ${weights}
    )`;
  const ends = [
    ...cluster,
    ...WORKLOAD.map((field) => `source_${field}`),
    'source_zone',
    ...WORKLOAD.map((field) => `destination_${field}`),
  ];
  const sent = promql`
    sum by (${labels(...ends)}) (
      ${selector(traffic.workloadPair, { source_zone: not('unknown'), destination_zone: not('unknown') })}
    )`;
  const crossing = (record: string) => promql`
    ${selector(record, { locality: 'cross_zone' })}
    and on (${labels(...zoneKey)})
    ${shares}`;
  const pairLabels = [...ends, 'destination_zone', 'locality'];
  const unit = 'bytes/s';
  return [
    zoneShareRule(config),
    {
      record: names.random,
      expr: promql`
        ${sent}
        * on (${labels(...zoneKey)}) group_left ()
        (
          1
          -
          ${shares}
        )
        or
        ${sent}`,
      labels: ends,
      unit,
      cardinality: CARDINALITY.workload,
      comment:
        'What would cross zones if every call went to any pod of the destination at random: traffic times the share of its pods in ' +
        'other zones. More than this crosses where calls avoid their own zone; far less where routing is zone-aware already.',
    },
    {
      record: names.avoidableBytes,
      expr: crossing(traffic.workloadPair),
      labels: pairLabels,
      unit,
      cardinality: `${CARDINALITY.workload} across zones`,
      comment:
        'Cross-zone traffic to workloads that also run in the zone of the sender: zone-aware routing could keep it there.',
    },
    ...(costless(config) === undefined
      ? [
          {
            record: names.avoidableCost,
            expr: crossing(names.workloadPair),
            labels: pairLabels,
            unit: `${priceOf(config).currency}/s`,
            cardinality: `${CARDINALITY.workload} across zones`,
            comment: `What that traffic costs: ${priceText(config)}.`,
          },
        ]
      : []),
  ];
}
