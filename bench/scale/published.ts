/**
 * The queries of the public write-up on AZ traffic (docs/migration.md), as the reference to compare with: its recorded rules, and
 * its panels on top of them. Built from parts here; what they compute, and what is wrong in it, is unchanged.
 */

const FLOWS = 'hubble_flows_processed_total{traffic_direction="egress", protocol!="DNS"}';
const ZONE = '"aws:///([a-z0-9-]+)/.*"';
const SIDES = ['source', 'destination'] as const;
type Side = (typeof SIDES)[number];

const podMapping = (side: Side): string =>
  `label_replace(label_replace(kube_pod_info{pod_ip!=""}, "${side}_pod", "$1", "pod", "(.*)"), "${side}_ip", "$1", "pod_ip", "(.*)")`;

const nodeMapping = (label: string): string =>
  `label_replace(sum by (node, provider_id) (kube_node_info), "${label}", "$1", "provider_id", ${ZONE})`;

/** The recorded rules; the rate is recorded under the name that the panels ask for. */
export const publishedRules = [
  ...SIDES.map((side) => ({ record: `pod:${side}_kube_pod_info_mapping`, expr: podMapping(side) })),
  { record: 'node:kube_node_info_mapping', expr: nodeMapping('zone') },
  ...SIDES.map((side) => ({ record: `node:${side}_kube_node_info_mapping`, expr: nodeMapping(`${side}_zone`) })),
  { record: 'traffic:hubble_flows_processed_total:rate5m', expr: `rate(${FLOWS}[5m])` },
];

const RATE = 'traffic:hubble_flows_processed_total:rate5m';
const atPod = (side: Side): string =>
  `* on (${side}_pod, ${side}_ip) group_left(node) pod:${side}_kube_pod_info_mapping`;
const atNode = (label: string, map: string): string => `* on (node) group_left(${label}) ${map}`;
const inZone = atNode('zone', 'node:kube_node_info_mapping');

const total = `sum((${RATE} ${atPod('source')} ${inZone}) * on (destination_pod, destination_ip) group_left(node) (pod:destination_kube_pod_info_mapping ${inZone}))`;

const perZone = (side: Side): string => `sum(${RATE} ${atPod(side)} ${inZone}) by (destination_pod, source_pod, zone)`;

const same = `sum(ceil((${perZone('source')}) + on (destination_pod, source_pod, zone) group_left() (${perZone('destination')})) / 2)`;

const byZone = (labels: string): string =>
  `sum by (${labels}) (${RATE} ${atPod('source')} ${atNode('source_zone', 'node:source_kube_node_info_mapping')} ` +
  `${atPod('destination')} ${atNode('destination_zone', 'node:destination_kube_node_info_mapping')})`;

/** The panels on the recorded rules, each with the key of Azimuth's panel for the same question. */
export const publishedPanels: readonly { readonly title: string; readonly query: string; readonly ours: string }[] = [
  { title: 'total', query: `${total} OR on() vector(0)`, ours: 'total' },
  { title: 'same zone', query: `${same} OR on() vector(0)`, ours: 'same-zone' },
  { title: 'cross zone', query: `(${total} OR on() vector(0)) - (${same} OR on() vector(0))`, ours: 'cross-zone' },
  { title: 'zone pairs', query: byZone('source_zone, destination_zone'), ours: 'matrix' },
];
