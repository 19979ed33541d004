import type { Variable } from '../../model/dashboard.ts';
import { commonVariables, inCluster } from '../../panels/shared.ts';
import { copied, either, type Matchers, matches, not, promql, type Query, selector } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { LOCALITIES, type Locality, NODES, EXTERNAL, trafficNames } from '../records/names.ts';
import { SIDES } from '../source.ts';
import { hasWorkloads } from './chosen.ts';
import { namesPods } from './panel-spec.ts';

/** How people read a locality. */
export const LOCALITY_TEXTS: Readonly<Record<Locality, string>> = {
  same_zone: 'Same zone',
  cross_zone: 'Cross zone',
  cross_region: 'Cross region',
  internet: 'Internet',
  unknown: 'Unknown zone',
};

/** Whether the source sees more than one locality, so that one can be chosen. */
export const hasLocalities = ({ source }: FlowInput): boolean => source.locality === undefined;

/** The localities that are chosen; the only one where there is no choice. */
export const inLocality = (input: FlowInput): Matchers => ({
  locality: hasLocalities(input) ? matches('$locality') : (input.source.locality ?? 'cross_zone'),
});

/** The chosen localities, for titles. */
export const localityTitle = (input: FlowInput): string => (hasLocalities(input) ? '$locality' : 'Cross zone');

const locality: Variable = {
  kind: 'list',
  name: 'locality',
  label: 'Locality',
  description:
    'Traffic that the panels of pairs show: across zones, within one zone, with another region, with the internet and object storage, or with an unknown zone.',
  options: [...LOCALITIES]
    .toSorted((a, b) => Number(b === 'cross_zone') - Number(a === 'cross_zone'))
    .map((value) => ({ value, text: LOCALITY_TEXTS[value] })),
  first: 'cross_zone',
};

/** No pods have these. */
const WITHOUT_PODS = [NODES.namespace, EXTERNAL.namespace, 'unknown'];

/**
 * Cross-zone traffic of each namespace, at either end, and 0 for those that have none. What stays within a namespace is one series under both
 * of its ends, and counts once.
 */
function crossZoneByNamespace(config: TrafficConfig, input: FlowInput): Query {
  const { workloadPair } = trafficNames(config, input);
  const named = (where: Matchers) =>
    either(
      ...SIDES.map((side) =>
        copied(
          selector(workloadPair, {
            ...inCluster(config),
            ...where,
            [`${side}_namespace`]: WITHOUT_PODS.map((name) => not(name)),
          }),
          { [`${side}_namespace`]: 'namespace' },
        ),
      ),
    );
  return promql`
    sum by (namespace) (
      ${named({ locality: 'cross_zone' })}
    )
    or
    0 * sum by (namespace) (
      ${named({})}
    )`;
}

const podsOf = (config: TrafficConfig, input: FlowInput): Variable => ({
  kind: 'largest',
  name: 'pods_namespace',
  label: 'Pods of',
  description:
    'The namespace whose pods the last panels show, as the pod pairs of all namespaces would be too many. At first that with the most cross-zone traffic.',
  query: { expr: crossZoneByNamespace(config, input), label: 'namespace' },
});

/** The variables of zone-traffic. */
export function zoneTrafficVariables(config: TrafficConfig, input: FlowInput): readonly Variable[] {
  const names = trafficNames(config, input);
  const namespace: Variable = {
    kind: 'query',
    name: 'namespace',
    label: 'Namespace',
    description: 'Namespaces to show: traffic with an end in them. All includes traffic without a workload.',
    query: { selector: selector(names.workloadPair), label: 'source_namespace' },
    multi: true,
  };
  return [
    ...commonVariables(config, selector(names.cluster)),
    ...(hasWorkloads(config) ? [namespace] : []),
    ...(hasLocalities(input) ? [locality] : []),
    ...(hasWorkloads(config) && namesPods(input) ? [podsOf(config, input)] : []),
  ];
}

/** The variables of zone-workload: one workload. At first that with the most cross-zone traffic. */
export function zoneWorkloadVariables(config: TrafficConfig, input: FlowInput): readonly Variable[] {
  const { workloadPair } = trafficNames(config, input);
  const ofNamespace = (where: Matchers) =>
    either(
      ...SIDES.map((side) =>
        copied(selector(workloadPair, { ...inCluster(config), ...where, [`${side}_namespace`]: '$namespace' }), {
          [`${side}_workload`]: 'workload',
        }),
      ),
    );
  return [
    ...commonVariables(config, selector(trafficNames(config, input).cluster)),
    {
      kind: 'largest',
      name: 'namespace',
      label: 'Namespace',
      description: 'The namespace of the workload. At first that with the most cross-zone traffic.',
      query: { expr: crossZoneByNamespace(config, input), label: 'namespace' },
    },
    {
      kind: 'largest',
      name: 'workload',
      label: 'Workload',
      description: 'The workload. At first that of the namespace with the most cross-zone traffic.',
      query: {
        expr: promql`
          sum by (workload) (
            ${ofNamespace({ locality: 'cross_zone' })}
          )
          or
          0 * sum by (workload) (
            ${ofNamespace({})}
          )`,
        label: 'workload',
      },
    },
  ];
}
