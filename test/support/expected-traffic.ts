import type { Connection } from '../../bench/model.ts';
import { SOURCE_IDS, type SourceId } from '../../bench/sources/index.ts';
import type { Unit } from '../../bench/truth.ts';
import { connect, end, GONE, NODES, onNode, OUTSIDE, PODS, SERVICE } from './handmade-cluster.ts';

// Ends as `namespace/type/workload@zone`, with the reason behind an exclamation mark.
export const WEB = 'shop/Deployment/web@az-a';
export const DB = 'shop/StatefulSet/db@az-b';
export const NODE_B = '_nodes_/Node/nodes@az-b';
/** An end of which a source tells nothing. */
const NOBODY = 'unknown/unknown/unknown@unknown!outside';
const INTERNET = '_external_/External/external@internet';
export const BEHIND = 'shop/Service/db@unknown!service_ip';

export const CASES: Readonly<Record<string, Connection>> = {
  plain: connect(end(PODS.web), end(PODS.db), 1, 2),
  service: connect(end(PODS.web), end(PODS.db), 1, 2, { via: SERVICE }),
  sameNode: connect(end(PODS.web), end(PODS.near), 1, 2),
  outward: connect(end(PODS.web), OUTSIDE, 1, 2),
  inward: connect(OUTSIDE, end(PODS.web), 1, 2),
  toHost: connect(end(PODS.web), end(PODS.host), 1, 2),
  probe: connect(onNode(NODES.b), end(PODS.db), 1, 2),
  loopback: connect(onNode(NODES.b), end(PODS.host), 1, 2),
  ipv6: connect(end(PODS.web, { ip: 'fd00::1' }), end(PODS.db, { ip: 'fd00::2' }), 1, 2),
  unnamed: connect(end(PODS.web, { unnamed: true }), end(PODS.db), 1, 2),
  gone: connect(end(GONE), end(PODS.db), 1, 2),
  unlabelled: connect(end(PODS.placed), end(PODS.db), 1, 2),
  lost: connect(end(PODS.lost), end(PODS.db), 1, 2),
};

export const crossing = (source: string, destination: string, rate: number) =>
  `${source} > ${destination} ${rate} cross_zone`;
export const same = (source: string, destination: string, rate: number) =>
  `${source} > ${destination} ${rate} same_zone`;
export const vague = (source: string, destination: string, rate: number) =>
  `${source} > ${destination} ${rate} unknown`;

const outward = (source: string, destination: string, rate: number) => `${source} > ${destination} ${rate} internet`;

export const NEAR = 'shop/StatefulSet/near@az-a';
export const GONE_POD = 'shop/unknown/unknown@unknown!gone';
const PLACED = 'shop/StatefulSet/placed@az-c';
const LOST = 'shop/StatefulSet/lost@unknown!no_zone_label';
const KNOWN_GONE = 'shop/StatefulSet/gone@az-a';
export const SENT = 'unknown/unknown/unknown@unknown!no_peer';
export const both = [crossing(WEB, DB, 10), crossing(DB, WEB, 200)];
const flows = [crossing(WEB, DB, 1), crossing(DB, WEB, 2)];

/** Worked out by hand from the table of semantics and what each source sees. */
export const EXPECTED: Readonly<Record<SourceId, Readonly<Record<string, readonly string[]>>>> = {
  'retina-hubble': {
    plain: flows,
    service: flows,
    sameNode: [same(WEB, NEAR, 1), same(NEAR, WEB, 2)],
    outward: [outward(WEB, INTERNET, 1), outward(INTERNET, WEB, 2)],
    inward: [outward(INTERNET, WEB, 1), outward(WEB, INTERNET, 2)],
    toHost: [],
    probe: [same(NODE_B, DB, 1), same(DB, NODE_B, 2)],
    loopback: [],
    ipv6: [],
    unnamed: flows,
    gone: [vague(GONE_POD, DB, 1), vague(DB, GONE_POD, 2)],
    unlabelled: [crossing(PLACED, DB, 1), crossing(DB, PLACED, 2)],
    lost: [vague(LOST, DB, 1), vague(DB, LOST, 2)],
  },
  'cilium-hubble': {
    plain: flows,
    service: flows,
    sameNode: [same(WEB, NEAR, 1), same(NEAR, WEB, 2)],
    outward: [outward(WEB, INTERNET, 1), outward(INTERNET, WEB, 2)],
    inward: [outward(INTERNET, WEB, 1), outward(WEB, INTERNET, 2)],
    toHost: [],
    probe: [same(NODE_B, DB, 1), same(DB, NODE_B, 2)],
    loopback: [],
    ipv6: flows,
    unnamed: flows,
    gone: [vague(GONE_POD, DB, 1), vague(DB, GONE_POD, 2)],
    unlabelled: [crossing(PLACED, DB, 1), crossing(DB, PLACED, 2)],
    lost: [vague(LOST, DB, 1), vague(DB, LOST, 2)],
  },
  'retina-standard': {
    plain: both,
    service: both,
    sameNode: [same(WEB, NEAR, 10), same(NEAR, WEB, 200)],
    outward: [outward(WEB, INTERNET, 10), outward(INTERNET, WEB, 200)],
    inward: [outward(INTERNET, WEB, 10), outward(WEB, INTERNET, 200)],
    toHost: [],
    probe: [same(NODE_B, DB, 10), same(DB, NODE_B, 200)],
    loopback: [],
    ipv6: [],
    unnamed: both,
    // Retina itself knows the zone of a pod that the API server has forgotten, but the rules read no workload of it.
    gone: [crossing('shop/unknown/unknown@az-a', DB, 10), crossing(DB, 'shop/unknown/unknown@az-a', 200)],
    unlabelled: [crossing(PLACED, DB, 10), crossing(DB, PLACED, 200)],
    lost: [vague(LOST, DB, 10), vague(DB, LOST, 200)],
  },
  obi: {
    plain: both,
    service: both,
    sameNode: [same(WEB, NEAR, 10), same(NEAR, WEB, 200)],
    outward: [vague(WEB, NOBODY, 10), vague(NOBODY, WEB, 200)],
    inward: [vague(NOBODY, WEB, 10), vague(WEB, NOBODY, 200)],
    toHost: [crossing(WEB, NODE_B, 10), crossing(NODE_B, WEB, 200)],
    probe: [same(NODE_B, DB, 10), same(DB, NODE_B, 200)],
    loopback: [],
    ipv6: both,
    unnamed: both,
    gone: [crossing(KNOWN_GONE, DB, 10), crossing(DB, KNOWN_GONE, 200)],
    unlabelled: [crossing(PLACED, DB, 10), crossing(DB, PLACED, 200)],
    lost: [vague(LOST, DB, 10), vague(DB, LOST, 200)],
  },
  beyla: {},
  netobserv: {
    plain: both,
    service: [crossing(WEB, DB, 10), crossing(DB, WEB, 200)],
    sameNode: [same(WEB, NEAR, 10), same(NEAR, WEB, 200)],
    outward: [vague(NOBODY, WEB, 200)],
    inward: [vague(NOBODY, WEB, 10)],
    toHost: [crossing(WEB, NODE_B, 10), crossing(NODE_B, WEB, 200)],
    probe: [same(NODE_B, DB, 10), same(DB, NODE_B, 200)],
    loopback: [],
    ipv6: both,
    unnamed: both,
    gone: [crossing(KNOWN_GONE, DB, 10), crossing(DB, KNOWN_GONE, 200)],
    unlabelled: [
      vague('shop/StatefulSet/placed@unknown!no_zone_label', DB, 10),
      vague(DB, 'shop/StatefulSet/placed@unknown!no_zone_label', 200),
    ],
    lost: [vague(LOST, DB, 10), vague(DB, LOST, 200)],
  },
  kubezonnet: {
    plain: [crossing(WEB, SENT, 10), crossing(DB, SENT, 200)],
    service: [crossing(WEB, SENT, 10), crossing(DB, SENT, 200)],
    sameNode: [],
    outward: [],
    inward: [],
    toHost: [crossing(WEB, SENT, 10), crossing(NODE_B, SENT, 200)],
    probe: [],
    loopback: [],
    ipv6: [crossing(WEB, SENT, 10), crossing(DB, SENT, 200)],
    unnamed: [crossing(WEB, SENT, 10), crossing(DB, SENT, 200)],
    gone: [crossing(GONE_POD, SENT, 10), crossing(DB, SENT, 200)],
    unlabelled: [],
    lost: [],
  },
};

type Report = 'destinations' | 'pods' | 'addresses' | 'peer views' | 'lost events';

/** What the series of a source report, whatever the selection; written down here once more, apart from its adapter. */
export const REPORTS: Readonly<Record<SourceId, readonly Report[]>> = {
  'retina-hubble': ['destinations', 'pods', 'addresses', 'peer views', 'lost events'],
  'cilium-hubble': ['destinations', 'pods', 'addresses', 'peer views', 'lost events'],
  'retina-standard': ['destinations', 'pods', 'addresses', 'peer views', 'lost events'],
  obi: ['destinations', 'pods', 'peer views', 'lost events'],
  beyla: ['destinations', 'pods', 'peer views', 'lost events'],
  netobserv: ['destinations', 'peer views', 'lost events'],
  kubezonnet: ['pods'],
};

/** The sources that report something, or those that do not. */
export const sourcesWith = (report: Report, is = true): readonly SourceId[] =>
  SOURCE_IDS.filter((id) => REPORTS[id].includes(report) === is);

/** The window of rates; short, as a test goes through all of it several times. */
export const WINDOW = '2m';

/**
 * What a selection counts and what it misses. That is taken from its record, as it changes with what is known of pods at the moment of the figures;
 * the truth says whether it is right.
 */
const completed = (unit: Unit, counted: string) =>
  `sum by (cluster) (rate(${counted}[${WINDOW}]) or endpoint_pair:${unit}_completed:rate${WINDOW})`;
const HUBBLE = 'type="Trace", verdict="FORWARDED", traffic_direction="ingress"';
const hubble = (subtypes: string) =>
  completed('network_flows', `hubble_flows_processed_total{${HUBBLE}, subtype=~"${subtypes}"}`);
const sum = (counted: string) => `sum by (cluster) (rate(${counted}[${WINDOW}]))`;

/**
 * Both nodes report each pair: of their reports, which may be in several series, the larger one counts. What is reported with one name
 * counts as far as the largest report on that name exceeds its pairs; what is reported without names counts as it is.
 */
function reported(id: string, unit: string): string {
  const name = (side: string) => `k8s_${side}_name`;
  const endOf = (side: string) => `cluster, k8s_${side}_namespace, ${name(side)}, k8s_${side}_type`;
  const rate = (...where: readonly string[]) =>
    `rate(${id}_network_flow_${unit}_total{${['k8s_src_type!="Service", k8s_dst_type!="Service"', ...where].join()}}[${WINDOW}])`;
  const larger = (by: string, from: string) => `max without (${id}_ip) (sum by (${by}, ${id}_ip) (${from}))`;
  const named = (side: string) => `${name(side)}!=""`;
  const pairs = larger(`${endOf('src')}, ${endOf('dst')}`, rate(named('src'), named('dst')));
  const beyond = (side: string, other: string) => {
    const report = larger(
      `${endOf(side)}, k8s_${side}_owner_name, k8s_${side}_owner_type, ${side}_zone`,
      rate(named(side)),
    );
    const whole = `sum by (${endOf(side)}) (${report} and ${report.replaceAll(named(side), `${named(side)}, ${side}_zone!="", k8s_${side}_owner_name!=""`)})`;
    const most = `max by (${endOf(side)}) (label_replace(${whole}, "whole", "yes", "", "") or ${report})`;
    return `clamp_min(
      (${most} - on (${endOf(side)}) sum by (${endOf(side)}) (${pairs}) or ${most})
      and on (${endOf(side)}) ${rate(named(side), `${name(other)}=""`)}, 0
    )`;
  };
  return `sum by (cluster) (
    ${pairs}
    or ${beyond('src', 'dst')}
    or ${beyond('dst', 'src')}
    or sum by (cluster) (${rate('k8s_src_name="", k8s_dst_name=""')})
  )`;
}

/** A call through a Service is there as one of the pod behind it, too. */
const netobserv = (unit: string) =>
  `netobserv_workload_ingress_${unit}_total{SrcK8S_Type!="Service", DstK8S_Type!="Service"}`;

/** All traffic that a source counts, of each cluster, by unit; written down here once more, apart from the rules. */
export const COUNTED: Readonly<Record<SourceId, Readonly<Partial<Record<Unit, string>>>>> = {
  'retina-hubble': { network_flows: hubble('to-endpoint|to-stack') },
  'cilium-hubble': { network_flows: hubble('to-endpoint|to-stack|to-overlay') },
  'retina-standard': {
    network_packets: completed('network_packets', 'networkobservability_adv_forward_count{direction="INGRESS"}'),
    network_bytes: completed('network_bytes', 'networkobservability_adv_forward_bytes{direction="INGRESS"}'),
  },
  obi: { network_packets: reported('obi', 'packets'), network_bytes: reported('obi', 'bytes') },
  beyla: { network_packets: reported('beyla', 'packets'), network_bytes: reported('beyla', 'bytes') },
  netobserv: {
    network_packets: sum(netobserv('packets')),
    network_bytes: sum(netobserv('bytes')),
  },
  kubezonnet: { network_bytes: sum('pod_cross_zone_network_traffic_bytes_total') },
};
