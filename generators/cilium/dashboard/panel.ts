import { firing } from '../../panels/firing.ts';
import type { PanelOf } from '../../panels/needs.ts';
import { inCluster, overTime, withHost } from '../../panels/shared.ts';
import { aggregate, labels, type Matchers, matches, promql, type Query, selector } from '../../promql/index.ts';
import { ciliumAlerts, failures } from '../alerts.ts';
import { ciliumNames, metric, nodeLabels } from '../names.ts';
import { type CiliumHealthConfig, hasEndpointSlices } from '../settings.ts';

/** What a panel requires, and why a configuration does not have it. */
export const MISSING = {
  eni: ({ cilium: { ipam } }: CiliumHealthConfig) => (ipam === 'eni' ? undefined : `cilium.ipam is ${ipam}`),
  encryption: ({ cilium: { encryption } }: CiliumHealthConfig) =>
    encryption === 'none' ? 'cilium.encryption is none' : undefined,
  healthChecking: ({ cilium: { healthChecking } }: CiliumHealthConfig) =>
    healthChecking ? undefined : 'cilium.healthChecking is false',
  hubble: ({ cilium: { values }, sources }: CiliumHealthConfig) =>
    values === 'full' || sources.some(({ id }) => id === 'cilium-hubble')
      ? undefined
      : 'flows.source has no cilium-hubble, and cilium.values is hubble',
  slices: ({ cilium }: CiliumHealthConfig) =>
    hasEndpointSlices(cilium) ? undefined : 'cilium.endpointSlices is not true',
} as const;

/** A panel that is built only if its needs are met. */
export type CiliumPanel = PanelOf<keyof typeof MISSING>;

export const PACKETS = 'suffix: p/s';
export const PER_SECOND = 'suffix: /s';

/** The series that the panels read, with the matchers of the variables. */
export function ciliumSeries(config: CiliumHealthConfig) {
  const names = ciliumNames(config);
  const cluster = inCluster(config);
  const onNode: Matchers = { ...cluster, node: matches('$node') };
  const node = labels(...nodeLabels(config));
  return {
    /** A record by node. */
    of: (record: keyof typeof names, where: Matchers = {}): Query => selector(names[record], { ...onNode, ...where }),
    /** A record by cluster. */
    all: (record: keyof typeof names, where: Matchers = {}): Query => selector(names[record], { ...cluster, ...where }),
    /** Matchers of metrics of agents, and of metrics of the operator. */
    onNode,
    inCluster: cluster,
    failures: failures(config, onNode),
    /** Connections that the last garbage collection left alive. */
    alive: metric('cilium_datapath_conntrack_gc_entries', { ...onNode, status: 'alive' }),
    byNode: (query: Query): Query => promql`sum by (${node}) (${query})`,
    maxByNode: (query: Query): Query => promql`max by (${node}) (${query})`,
    /** A gauge by node and its own labels, the larger of two scrapes. */
    gauge: (query: Query, ...by: readonly string[]): Query => aggregate('max', [...nodeLabels(config), ...by], query),
    firing: firing(cluster, ciliumAlerts),
    /** A line at 0 with this name while a query has no series, as it should be in a healthy cluster: the graph is not empty then. */
    orNone: (query: Query, legend = 'none') => [
      overTime(
        promql`
          0 * count(${selector(names.up, onNode)})
          unless on ()
          ${query}`,
        legend,
      ),
    ],
  };
}

export type Series = ReturnType<typeof ciliumSeries>;

/** The ten largest series by node; nodes are shown without their domain. */
export const topByNode = (query: Query, legend = '{{host}}') =>
  overTime(withHost(promql`topk(10, ${query})`, 'node'), legend);
