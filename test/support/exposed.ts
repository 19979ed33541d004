import { type Cluster, type Labels, type Series } from '../../bench/model.ts';
import { createResolver } from '../../bench/truth/resolve.ts';
import { SIMULATORS, type SourceId, type SourceOptions } from '../../bench/sources/index.ts';

/** The series of each exporter of a source. */
export function exposed(id: SourceId, of: Cluster, options: SourceOptions = {}): Series[][] {
  const source = SIMULATORS[id];
  const pages =
    source.placement === 'node'
      ? of.nodes.map((node) => source.families(of, node, options))
      : [source.families(of, options)];
  return pages.map((page) => page.flatMap(({ series }) => series));
}

/** A selector, as the rules have it. */
export type Selects = (series: Series) => boolean;

/** Trace events at veths, of one direction. */
export const hubble =
  (direction: string): Selects =>
  ({ metric, labels: { type, verdict, subtype = '', traffic_direction } }) =>
    metric === 'hubble_flows_processed_total' &&
    type === 'Trace' &&
    verdict === 'FORWARDED' &&
    traffic_direction === direction &&
    /^to-(endpoint|stack|overlay)$/.test(subtype);

/** Bytes or counts of Retina's standard mode, of one direction. */
export const standard =
  (unit: string, direction: string): Selects =>
  ({ metric, labels }) =>
    metric === `networkobservability_adv_forward_${unit}` && labels['direction'] === direction;

/** Edges of OBI or Beyla but for those of Services. */
export const pods =
  (id: string, unit: string): Selects =>
  ({ metric, labels: { k8s_src_type = '', k8s_dst_type = '' } }) =>
    metric === `${id}_network_flow_${unit}_total` && k8s_src_type !== 'Service' && k8s_dst_type !== 'Service';

/** NetObserv's workload metrics of one direction, but for those of Services. */
export const workloads =
  (direction: string, unit: string): Selects =>
  ({ metric, labels: { SrcK8S_Type = '', DstK8S_Type = '' } }) =>
    metric === `netobserv_workload_${direction}_${unit}_total` &&
    SrcK8S_Type !== 'Service' &&
    DstK8S_Type !== 'Service';

/** Everything of that name. */
export const named =
  (name: string): Selects =>
  ({ metric }) =>
    metric === name;

const podOf = (labels: Labels, side: string): string => {
  const name = labels[`${side}_pod`] ?? labels[`${side}_podname`] ?? '';
  return name === 'unknown' ? '' : name;
};

/**
 * What the default selection of Retina or Cilium counts once of these series, per second: the server's node, and of the client's node what
 * stays on it or leads outside, or in Cilium replies that no server's node reports.
 */
export function countedOnce(id: SourceId, of: Cluster, series: readonly Series[], unit = ''): number {
  const resolver = createResolver(of);
  const isStandard = id === 'retina-standard';
  const [servers, clients] = isStandard
    ? [standard(unit, 'INGRESS'), standard(unit, 'EGRESS')]
    : [hubble('ingress'), hubble('egress')];
  const end = (labels: Labels, side: string) => ({
    namespace: labels[`${side}_namespace`] ?? '',
    pod: podOf(labels, side),
    ip: labels[`${side}_ip`] ?? '',
  });
  const pair = ({ source_ip, destination_ip }: Labels) => `${source_ip} ${destination_ip}`;
  const left = new Set(
    series
      .filter((one) => hubble('ingress')(one) && one.labels['subtype'] !== 'to-endpoint' && one.perSecond > 0)
      .map(({ labels }) => pair(labels)),
  );
  const share = (one: Series): number => {
    if (servers(one)) return 1;
    if (!clients(one)) return 0;
    const [from, to] = [end(one.labels, 'source'), end(one.labels, 'destination')];
    if (from.pod === '' || to.pod === '') {
      const other = from.pod === '' ? from : to;
      return (from.pod === '') !== (to.pod === '') && !resolver.isOwned(other.ip) ? 1 : 0;
    }
    const [here, there] = [resolver.nodeOf(from), resolver.nodeOf(to)];
    if (here === undefined || there === undefined) return 0;
    if (id === 'cilium-hubble') return one.labels['subtype'] === 'to-endpoint' && !left.has(pair(one.labels)) ? 1 : 0;
    if (here !== there) return 0;
    return isStandard ? 1 / 2 : one.labels['subtype'] === 'to-stack' ? 1 : 0;
  };
  return series.reduce((total, one) => total + one.perSecond * share(one), 0);
}
