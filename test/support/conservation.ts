import type { SourceId } from '../../bench/sources/index.ts';
import type { Unit } from '../../bench/truth.ts';
import type { ExpressionTest } from './rule-test.ts';

const HUBBLE = 'type="Trace", verdict="FORWARDED", traffic_direction="ingress"';
const hubble = (subtypes: string) =>
  `sum by (cluster) (rate(hubble_flows_processed_total{${HUBBLE}, subtype=~"${subtypes}"}[5m]))`;
const sum = (counted: string) => `sum by (cluster) (rate(${counted}[5m]))`;

/** Both nodes report each pair: of their reports, which may be in several series, the larger one counts. */
const reported = (id: string, unit: string) => `
  sum by (cluster) (
    max without (${id}_ip) (
      sum without (job, instance, node, namespace, pod, direction, iface) (
        rate(${id}_network_flow_${unit}_total{k8s_src_type!="Service", k8s_dst_type!="Service"}[5m])
      )
    )
  )`;

/** All traffic that a source counts, of each cluster, by unit; written down here once more, apart from the rules. */
export const COUNTED: Readonly<Record<SourceId, Readonly<Partial<Record<Unit, string>>>>> = {
  'retina-hubble': { network_flows: hubble('to-endpoint|to-stack') },
  'cilium-hubble': { network_flows: hubble('to-endpoint|to-stack|to-overlay') },
  'retina-standard': {
    network_packets: sum('networkobservability_adv_forward_count{direction="INGRESS"}'),
    network_bytes: sum('networkobservability_adv_forward_bytes{direction="INGRESS"}'),
  },
  obi: { network_packets: reported('obi', 'packets'), network_bytes: reported('obi', 'bytes') },
  beyla: { network_packets: reported('beyla', 'packets'), network_bytes: reported('beyla', 'bytes') },
  netobserv: {
    network_packets: sum('netobserv_workload_ingress_packets_total'),
    network_bytes: sum('netobserv_workload_ingress_bytes_total'),
  },
  kubezonnet: { network_bytes: sum('pod_cross_zone_network_traffic_bytes_total') },
};

/** What the finest pairs are. */
export type Granularity = 'zone' | 'workload' | 'pod';

const PAIRS: Readonly<Record<Granularity, readonly string[]>> = {
  zone: ['zone'],
  workload: ['zone', 'workload'],
  pod: ['zone', 'workload', 'pod'],
};

/** Whether two sums by cluster are the same, to rounding: of the same clusters, and of each the same. */
const same = (a: string, b: string): string[] => [
  `(${a}) unless on (cluster) (${b})`,
  `(${b}) unless on (cluster) (${a})`,
  `abs((${a}) - on (cluster) (${b})) > 1e-9 * (${b})`,
];

/** At that time nothing is lost and nothing is counted twice, on the way from the counters to the zone matrix. */
export function conserved(id: SourceId, granularity: Granularity, seconds: number): ExpressionTest[] {
  const empty = Object.entries(COUNTED[id]).flatMap(([unit, counted]) => {
    const total = (record: string) => `sum by (cluster) (${record}:${unit}:rate5m)`;
    const zones = `zone_pair:${unit}:rate5m`;
    const unknown = `sum by (cluster) (
      ${zones}{source_zone="unknown"} or ${zones}{destination_zone="unknown"} or 0 * ${zones}
    )`;
    const ends = id === 'kubezonnet' ? ['source'] : ['source', 'destination'];
    return [
      ...[...ends.map((side) => `${side}_endpoint`), ...PAIRS[granularity].map((level) => `${level}_pair`), 'cluster']
        .map(total)
        .flatMap((recorded) => same(recorded, counted)),
      ...same(`cluster:${unit}_lost:rate5m * 0`, `${total('zone_pair')} * 0`),
      `abs(cluster:${unit}_lost:rate5m) > on (cluster) 1e-9 * ${total('zone_pair')}`,
      `abs(
        sum by (cluster) (cluster:${unit}_unattributed:ratio_rate5m)
        - on (cluster)
        ${unknown} / ${total('zone_pair')}
      ) > 1e-9`,
    ];
  });
  return empty.map((expr) => ({ expr, eval_time: `${seconds}s`, exp_samples: [] }));
}
