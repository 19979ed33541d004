import { NODE_ZONE } from '../identity/index.ts';
import { firing } from '../panels/firing.ts';
import { COLOURS, inCluster } from '../panels/shared.ts';
import type { Column } from '../panels/table.ts';
import {
  aggregate,
  copied,
  either,
  labels,
  type Matchers,
  matches,
  not,
  promql,
  type Query,
  selector,
  selectorOfAny,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { exceededName } from '../shared/record-names.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { EC2_INSTANCE } from './alerts.ts';
import type { Allowance } from './exporter.ts';
import { NODE_EXCEEDED } from './records.ts';
import type { AllowancesConfig } from './settings.ts';

/** An allowance as the dashboard shows it. */
export interface Limit {
  readonly allowance: Allowance;
  readonly title: string;
  readonly harm: string;
  readonly colour: string;
  /** Alerts on this allowance; the first is on packets over it. */
  readonly alerts: readonly string[];
}

/** Allowances, the most harmful to exceed first. */
export const LIMITS: readonly Limit[] = [
  {
    allowance: 'conntrack',
    title: 'Conntrack',
    harm: 'New connections fail.',
    colour: COLOURS.bad,
    alerts: ['ConntrackAllowanceExceeded', 'ConntrackAllowanceLow'],
  },
  {
    allowance: 'linklocal',
    title: 'Link-local',
    harm: 'DNS, metadata or time sync packets are lost.',
    colour: COLOURS.bad,
    alerts: ['LinkLocalAllowanceExceeded'],
  },
  {
    allowance: 'pps',
    title: 'Packet rate',
    harm: 'Packets are queued or lost; TCP slows down.',
    colour: COLOURS.warning,
    alerts: ['PPSAllowanceExceeded'],
  },
  {
    allowance: 'bw_in',
    title: 'Bandwidth in',
    harm: 'Inbound packets are queued or lost.',
    colour: COLOURS.warning,
    alerts: ['BWINAllowanceExceeded'],
  },
  {
    allowance: 'bw_out',
    title: 'Bandwidth out',
    harm: 'Outbound packets are queued or lost.',
    colour: COLOURS.warning,
    alerts: ['BWOutAllowanceExceeded'],
  },
];

/** Packets over a limit, per second. Grafana's own "pps" shows 0.04 as "40 mp/s", which looks like millions. */
export const PACKETS_OVER = 'suffix: p/s';

/** How bad a limit is for a node now; of several, the largest counts. */
export const SEVERITIES = [
  { value: 1, text: 'over', colour: COLOURS.attention },
  { value: 2, text: 'warning', colour: COLOURS.warning },
  { value: 3, text: 'critical', colour: COLOURS.bad },
] as const;

/** At most so many nodes are rows of a table, the worst first. */
const SHOWN_NODES = 100;

/** The queries that several panels share, with the matchers of the variables. */
export function limitQueries(config: AllowancesConfig) {
  const cluster = inCluster(config);
  const filter: Matchers = { ...cluster, node: matches('$node') };
  const node = [...clusterLabels(config), 'instance'];
  const any = (limits: readonly Limit[]): Query =>
    selectorOfAny(
      limits.map(({ allowance }) => exceededName(allowance)),
      filter,
    );
  /** The severity of one limit, or of all, by node. */
  const severity = (limits: readonly Limit[]): Query => {
    const alerts = limits.flatMap((limit) => limit.alerts.map((alert) => ({ alert })));
    return aggregate(
      'max',
      node,
      either(
        promql`3 * ${firing({ ...filter, severity: 'critical' }, alerts)}`,
        promql`2 * ${firing({ ...filter, severity: { operator: '!=', value: 'critical' } }, alerts)}`,
        aggregate('group', [...node, 'device'], promql`${any(limits)} > 0`),
      ),
    );
  };
  const state = promql`topk(${SHOWN_NODES}, ${severity(LIMITS)})`;
  return {
    cluster,
    filter,
    node,
    severity,
    exceeded: (allowance: Allowance): Query => selector(exceededName(allowance), filter),
    /** All counters of the chosen nodes: without them, nothing is known. */
    counters: any(LIMITS),
    /** The worst limit of each node that is limited or has an alert, at most a hundred nodes. */
    state,
    /** Values by node, of these nodes only. */
    ofLimited: (values: Query): Query => promql`
      ${values}
      and on (${labels(...node)})
      ${state}`,
    /** The nodes over an allowance, with their packets. */
    over: selector(NODE_EXCEEDED, filter),
  };
}

export type LimitQueries = ReturnType<typeof limitQueries>;

/** Labels of a node under which tables show what it is. */
export const INSTANCE_TYPE = {
  kubernetes: 'node.kubernetes.io/instance-type',
  label: 'label_node_kubernetes_io_instance_type',
} as const;

/** Whether zones of nodes are recorded: with the traffic, and with the resources of workloads. */
export const knowsZones = ({ inputs, workloads }: Pick<AllowancesConfig, 'inputs' | 'workloads'>): boolean =>
  inputs.length > 0 || workloads.resources;

/** What the nodes in `rows` are: their instance type, and their zone where it is recorded. Merges with rows by `instance`. */
export function nodePlaces(config: AllowancesConfig, { cluster, node }: LimitQueries, shown: Query): readonly Query[] {
  const ofNode = (series: Query, label: string): Query => promql`
    ${aggregate('group', [...node, label], copied(series, { node: 'instance' }))}
    and on (${labels(...node)})
    ${shown}`;
  return [
    ofNode(stateMetric('kube_node_labels', { ...cluster, [INSTANCE_TYPE.label]: not('') }), INSTANCE_TYPE.label),
    ...(knowsZones(config) ? [ofNode(selector(NODE_ZONE, cluster), 'zone')] : []),
  ];
}

/** The columns of `nodePlaces`. */
export const placeColumns = (config: AllowancesConfig): readonly Column[] => [
  { field: INSTANCE_TYPE.label, title: 'Instance type', width: 110 },
  ...(knowsZones(config) ? [{ field: 'zone', title: 'Zone', width: 130 }] : []),
];

/** The EC2 nodes that kube-state-metrics describes. */
export const ec2Nodes = (cluster: Matchers): Query =>
  stateMetric('kube_node_info', { ...cluster, provider_id: matches(EC2_INSTANCE) });
