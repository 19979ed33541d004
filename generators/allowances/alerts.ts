import { type AlertSpec, nodesByCluster, ofCluster, onNode, type Tier } from '../alerts/spec.ts';
import { either, labels, matches, promql, seconds, selector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { type Allowance, noHeadroom, ourJob } from './exporter.ts';
import { conntrackHeadroom } from './headroom.ts';
import { COUNTED_NODES } from './records.ts';
import { exceededName } from '../shared/record-names.ts';
import type { AllowancesConfig } from './settings.ts';

type Alert = AlertSpec<AllowancesConfig>;

const tier = <S extends Tier['severity']>(severity: S, threshold: number, pending: string) => ({
  severity,
  threshold,
  for: pending,
  keepFiringFor: '15m',
});

/** A single burst leaves the window before `for` has passed, so only repeated excess fires. */
const SUSTAINED = {
  sustained: true,
  tier: tier('warning', 100, '10m'),
  escalation: tier('critical', 1000, '30m'),
  comment:
    'TCP absorbs single bursts, and instances with "up to" bandwidth exceed their baseline by design. So only excess that outlasts ' +
    'the window warns, and only much more of it, for longer, pages someone.',
};

/** The properties in which the alerts on packets over an allowance differ. */
interface Exceeded extends Pick<Alert, 'alert' | 'summary' | 'comment' | 'sustained' | 'tier' | 'escalation'> {
  readonly allowance: Allowance;
  /** Completes "... packets in the last 5m were ...", and says what users notice. */
  readonly effect: string;
  readonly firstStep: string;
}

const exceeded = ({ allowance, effect, firstStep, comment, ...spec }: Exceeded): Alert => ({
  ...spec,
  ratio: false,
  description: ({ cluster, rules }) =>
    `${onNode(cluster.label)}, interface {{ $labels.device }}: {{ $value | humanize }} packets in the last ${rules.window} were ` +
    `${effect} First: ${firstStep}`,
  // The record is a rate. Times the window it is the number of packets within it, which is easier to picture.
  expr: ({ rules }, threshold) =>
    promql`${selector(exceededName(allowance))} * ${seconds(rules.window)} > ${threshold}`,
  comment: `Packets over the allowance within the window. ${comment}`,
  dashboard: { uid: 'node-allowances', variables: ['node'] },
});

/** Alerts on the five ENA allowances, under the names that public rules use. */
const exceededAlerts: readonly Alert[] = [
  exceeded({
    alert: 'PPSAllowanceExceeded',
    allowance: 'pps',
    summary: 'A node sends and receives more packets per second than its instance type allows.',
    effect:
      'queued or dropped because the instance exceeds its packet rate (both directions together). Connections slow down and retransmit.',
    firstStep: 'find the pods with the most packets on this node; spread them or use a larger instance type.',
    ...SUSTAINED,
  }),
  exceeded({
    alert: 'BWINAllowanceExceeded',
    allowance: 'bw_in',
    summary: 'A node receives more than the bandwidth of its instance type.',
    effect:
      'queued or dropped because inbound traffic exceeds the bandwidth of the instance. Downloads and replies to this node slow down.',
    firstStep:
      'find the pods that receive most on this node; spread them or use an instance type with more baseline bandwidth.',
    ...SUSTAINED,
  }),
  exceeded({
    alert: 'BWOutAllowanceExceeded',
    allowance: 'bw_out',
    summary: 'A node sends more than the bandwidth of its instance type.',
    effect:
      'queued or dropped because outbound traffic exceeds the bandwidth of the instance. Uploads and replies from this node slow down.',
    firstStep:
      'find the pods that send most on this node; spread them or use an instance type with more baseline bandwidth.',
    ...SUSTAINED,
  }),
  exceeded({
    alert: 'ConntrackAllowanceExceeded',
    allowance: 'conntrack',
    summary: 'A node drops packets because it cannot track more connections.',
    effect: 'dropped because the instance cannot track more connections. New connections fail until old ones close.',
    firstStep:
      'find the pod on this node that opens connections without closing them; move load away or use a larger instance type.',
    comment:
      'Each drop is a failed connection, so it pages someone at once; a pending time shorter than the window would only delay that.',
    sustained: false,
    tier: tier('critical', 0, '0s'),
  }),
  exceeded({
    alert: 'LinkLocalAllowanceExceeded',
    allowance: 'linklocal',
    summary: 'A node drops packets to Amazon DNS, instance metadata or time sync.',
    effect:
      'dropped on the way to Amazon DNS, instance metadata or time sync: an interface may send them 1,024 packets per second. DNS lookups fail, or take seconds longer.',
    firstStep:
      'check whether CoreDNS runs on this node and how many queries it forwards; add CoreDNS replicas or NodeLocal DNSCache.',
    comment:
      'A lost DNS query delays a request by seconds, so any drop counts, and many page someone. Pods that start together drop some within a minute and get ' +
      'their answers at the second try: only drops that go on fire.',
    sustained: true,
    tier: tier('warning', 0, '10m'),
    escalation: tier('critical', 60, '10m'),
  }),
];

/** Warns before ConntrackAllowanceExceeded fires: the instance can track few more connections. */
export const conntrackAllowanceLow: Alert = {
  alert: 'ConntrackAllowanceLow',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0.1, '5m'),
  summary: 'A node will soon be unable to track new connections.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)} has only {{ $value | humanizePercentage }} of its connection tracking left, relative to the maximum of the ` +
    'last 7 days. When nothing is left, new connections fail. First: find the pod on this node that opens connections ' +
    'without closing them, and move load away.',
  expr: (_config, threshold) => promql`${conntrackHeadroom()} < ${threshold}`,
  without: ({ exporters }) => noHeadroom(exporters),
  comment:
    'The limit of an instance type is not exported, so the most that was available within a week replaces it. On a node that is ' +
    'never idle this is less than the limit, and the alert fires later.',
  dashboard: { uid: 'node-allowances', variables: ['node'] },
};

/**
 * The provider ID of an EC2 instance. Fargate nodes have `aws:///<zone>/<id>/fargate-...`, hybrid nodes `eks-hybrid:///...`; neither has
 * ENA counters. Upstream: cloud-provider-aws, provider IDs.
 */
export const EC2_INSTANCE = 'aws:///[^/]*/i-[^/]+';

/** No alert on allowances can fire without counters, so their absence needs one of its own. */
export const allowanceSourceSilent: Alert = {
  alert: 'AllowanceSourceSilent',
  ratio: false,
  sustained: false,
  tier: { severity: 'warning', threshold: 0, for: '15m', keepFiringFor: '0s' },
  summary: 'EC2 nodes have no allowance counters.',
  description: ({ cluster, exporters }) => {
    const up = selector('up', { job: ourJob(exporters) }).text;
    return (
      `${ofCluster(cluster.label)}no ENA counters of any node, although {{ $value | humanize }} EC2 nodes are there or had them within a day. ` +
      'The exporter is down, or Prometheus does not scrape it, so no alert on allowances can fire. ' +
      `First: check ${up}, then the pods of the exporter.`
    );
  },
  expr: (config, threshold) => {
    const by = labels(...clusterLabels(config));
    return either(
      promql`
        ${nodesByCluster(config, { provider_id: matches(EC2_INSTANCE) })} > ${threshold}
        unless on (${by})
        ${selector(COUNTED_NODES)}`,
      promql`
        last_over_time(${selector(COUNTED_NODES)}[1d]) > ${threshold}
        unless on (${by})
        ${selector(COUNTED_NODES)}`,
    );
  },
  comment:
    'No counters are not zero packets. Where kube-state-metrics reports EC2 nodes, it fires as long as they are there; elsewhere for a day ' +
    'after the last counters, as the nodes may have been deleted.',
  dashboard: { uid: 'node-allowances', variables: [] },
};

/** Alerts on the counters of packets, and on their source. */
export const sourceAndExceededAlerts: readonly Alert[] = [...exceededAlerts, allowanceSourceSilent];

/** Alerts on the limits of a node; each names the node. */
export const nodeAlerts: readonly Alert[] = [...exceededAlerts, conntrackAllowanceLow];

/** Alerts on the network limits of EC2 nodes. */
export const allowanceAlerts: readonly Alert[] = [...nodeAlerts, allowanceSourceSilent];
