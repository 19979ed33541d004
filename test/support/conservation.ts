import type { SourceId } from '../../bench/sources/index.ts';
import type { Unit } from '../../bench/truth.ts';
import type { ExpressionTest } from './rule-test.ts';

/** The window of rates; short, as a test goes through all of it several times. */
export const WINDOW = '2m';

/** What sums of the same numbers in another order may differ by. */
const ROUNDING = 1e-9;

const HUBBLE = 'type="Trace", verdict="FORWARDED", traffic_direction="ingress"';
const hubble = (subtypes: string) =>
  `sum by (cluster) (rate(hubble_flows_processed_total{${HUBBLE}, subtype=~"${subtypes}"}[${WINDOW}]))`;
const sum = (counted: string) => `sum by (cluster) (rate(${counted}[${WINDOW}]))`;

/** Both nodes report each pair: of their reports, which may be in several series, the larger one counts. */
const reported = (id: string, unit: string) => `
  sum by (cluster) (
    max without (${id}_ip) (
      sum without (job, instance, node, namespace, pod, direction, iface) (
        rate(${id}_network_flow_${unit}_total{k8s_src_type!="Service", k8s_dst_type!="Service"}[${WINDOW}])
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

/** At that time nothing is lost and nothing is counted twice, on the way from the counters to the zone matrix. */
export function conserved(id: SourceId, granularity: Granularity, seconds: number): ExpressionTest[] {
  const ends = id === 'kubezonnet' ? ['source'] : ['source', 'destination'];
  const pairs = PAIRS[granularity];
  const records = [...ends.map((side) => `${side}_endpoint`), ...pairs.map((level) => `${level}_pair`), 'cluster'];
  const wrong = Object.entries(COUNTED[id]).flatMap(([unit, counted]) => {
    const total = (record: string) => `sum by (cluster) (${record}:${unit}:rate${WINDOW})`;
    const totals = records
      .map((record) => `label_replace(${total(record)}, "record", "${record}", "", "")`)
      .join(' or ');
    const zones = `zone_pair:${unit}:rate${WINDOW}`;
    const unknown = `sum by (cluster) (
      ${zones}{source_zone="unknown"} or ${zones}{destination_zone="unknown"} or 0 * ${zones}
    )`;
    const lost = `cluster:${unit}_lost:rate${WINDOW}`;
    return [
      // Of every cluster that is counted there is every total, and of no other one; and each is the same, to rounding.
      `${counted} unless on (cluster) (${totals})`,
      `(${totals}) unless on (cluster) ${counted}`,
      `count by (cluster) (${totals}) != ${records.length}`,
      `abs((${totals}) / on (cluster) group_left () (${counted} > 0) - 1) > ${ROUNDING}`,
      `${total('zone_pair')} unless on (cluster) ${lost}`,
      `abs(${lost} / on (cluster) (${total('zone_pair')} > 0)) > ${ROUNDING}`,
      `abs(
        sum by (cluster) (cluster:${unit}_unattributed:ratio_rate${WINDOW})
        - on (cluster)
        ${unknown} / ${total('zone_pair')}
      ) > ${ROUNDING}`,
    ];
  });
  return wrong.map((expr) => ({ expr, eval_time: `${seconds}s`, exp_samples: [] }));
}
