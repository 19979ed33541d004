import type { Cluster, Series } from '../../bench/model.ts';
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
