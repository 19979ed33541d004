import { WORKLOAD_FIELDS } from '../../identity/index.ts';
import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  either,
  type Matchers,
  noneOf,
  oneOf,
  promql,
  type Query,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { externalPrices, priceOf } from '../prices/index.ts';
import { reportsAddress } from '../ranges.ts';
import { type Side, SIDES } from '../source.ts';
import { otherSide } from './flows.ts';
import { BEYOND, costNames, INTERNET } from './names.ts';
import { unclassified } from './pairs.ts';

/** Classes of the cost of what leaves the region. */
export const EXTERNAL_CLASSES = ['internet', 'cross_region', 'nat'] as const;
export type ExternalClass = (typeof EXTERNAL_CLASSES)[number];

/** The labels of what a workload pays for traffic with an end beyond the cluster: who pays, the end and its place, and for what. */
const ENDS = [...WORKLOAD_FIELDS, 'external', 'external_zone'];
export const EXTERNAL_FIELDS: readonly string[] = [...ENDS, 'class'];

/** Names of ends that are reached in a way. */
export const namesThrough = ({ flows }: Pick<TrafficConfig, 'flows'>, way: string): readonly string[] => [
  ...new Set(flows.external.flatMap(({ name, through }) => (through === way ? [name] : []))),
];

/** The traffic of our ends of one side with ends beyond the cluster of these classes, by the labels of the record but its class. */
function withExternal(
  config: TrafficConfig,
  input: FlowInput,
  own: Side,
  beyond: Matchers[string],
  where: Matchers,
): Query {
  const other = otherSide(own);
  const named = copied(
    unclassified(config, input, {
      [`${own}_reason`]: noneOf(BEYOND),
      [`${other}_reason`]: beyond,
      ...Object.fromEntries(Object.entries(where).map(([field, matcher]) => [`${other}_${field}`, matcher])),
    }),
    {
      ...Object.fromEntries(WORKLOAD_FIELDS.map((field) => [`${own}_${field}`, field])),
      [`${other}_workload`]: 'external',
      [`${other}_zone`]: 'external_zone',
    },
  );
  return aggregate('sum', [...clusterLabels(config), ...ENDS], named);
}

/** The traffic that is billed for a class, in bytes per second; undefined where nothing can be. */
function billedFor(config: TrafficConfig, input: FlowInput, name: ExternalClass): Query | undefined {
  if (name === 'nat') {
    // Beyond the cluster, whatever else has such a name is not among the ends.
    const names = namesThrough(config, 'nat');
    if (names.length === 0) return undefined;
    const traffic = (side: Side): Query =>
      withLabel(withExternal(config, input, side, oneOf(BEYOND), { workload: oneOf(names) }), 'way', side);
    return aggregate('sum', [...clusterLabels(config), ...ENDS], either(...SIDES.map(traffic)));
  }
  // What goes by an endpoint stays in the region, as storage does.
  const near = namesThrough(config, 'endpoint');
  const onTheInternet: Matchers = { zone: INTERNET, ...(near.length > 0 && { workload: noneOf(near) }) };
  return withExternal(config, input, 'source', name, name === 'internet' ? onTheInternet : {});
}

/** The classes that have a cost in a configuration. */
export const externalClasses = (config: TrafficConfig, input: FlowInput): readonly ExternalClass[] =>
  EXTERNAL_CLASSES.filter(
    (name) => (externalPrices(config)[name] ?? 0) > 0 && billedFor(config, input, name) !== undefined,
  );

/** Why nothing that leaves the region has a cost; undefined if something has. */
export function noExternalCost(config: TrafficConfig, input: FlowInput): string | undefined {
  const { id } = input.source;
  if (config.flows.granularity === 'zone') return 'flows.granularity is zone, so no workloads are recorded';
  if (!SIDES.every((side) => reportsAddress(input, side)))
    return `${id} reports no addresses, so ends beyond the cluster are not known`;
  return externalClasses(config, input).length === 0
    ? 'no prices of what leaves the region: set cloud.region or cloud.price'
    : undefined;
}

/**
 * What each workload pays for traffic with ends beyond the cluster, in currency per second. To the internet and to other regions, what leaves is
 * billed; a NAT gateway bills what it handles, either way, on top. Labels: `external` is the name in `flows.external` or `external`, `external_zone` the region,
 * `internet` or `storage`, `class` what the price is for.
 * Upstream: Amazon EC2 on-demand pricing, data transfer (in from the internet and from other regions: 0.00); Amazon S3 pricing (free between a bucket and
 * services of its region); Amazon VPC pricing, NAT gateway.
 */
export function externalCostRule(config: TrafficConfig, input: FlowInput): readonly RecordingRule[] {
  if (noExternalCost(config, input) !== undefined) return [];
  const cluster = clusterLabels(config);
  const { currency, asOf, source } = priceOf(config);
  const prices = externalPrices(config);
  const one = (name: ExternalClass): readonly Query[] => {
    const [bytes, price] = [billedFor(config, input, name), prices[name] ?? 0];
    return bytes === undefined || price === 0
      ? []
      : [withLabel(promql`${bytes} / ${config.cloud.bytesPerGB} * ${price}`, 'class', name)];
  };
  const texts = externalClasses(config, input).map((name) => `${prices[name]} ${currency}/GB for ${name}`);
  return [
    {
      record: costNames(config).external,
      expr: either(...EXTERNAL_CLASSES.flatMap(one)),
      labels: [...cluster, ...EXTERNAL_FIELDS],
      unit: `${currency}/s`,
      cardinality:
        'one for each workload, each end beyond the cluster that it has traffic with, and each class that bills it',
      comment:
        `What leaves the region, by the workload that has the traffic: ${texts.join(', ')}, as of ${asOf} (${source}). To the internet and other regions, ` +
        'what is sent is billed; through a NAT gateway (through: nat), what is sent and received, on top. Storage without through: nat is free.',
    },
  ];
}
