import { seriesText, type InputSeries } from '../../support/rule-test.ts';
import { kubeStateMetrics, hubbleFlows, values, type FlowSpec, type NodeSpec, type PodSpec } from '../scenario.ts';

/** How a client addresses a server. */
type Path = 'pod' | 'Service';

/** Traffic from one pod to another, at one packet or byte a second unless a rate is given. */
interface Traffic {
  readonly from: PodSpec;
  readonly to: PodSpec;
  readonly by: Path;
  readonly rate?: number;
}

/** A row of a table of docs/migration.md. */
export interface Case {
  readonly traffic: readonly Traffic[];
  /** Replicas of kube-state-metrics. */
  readonly replicas?: number;
  /** Minute at which kube-state-metrics goes away. */
  readonly until?: number;
  /** Pods that kube-state-metrics knows beside those that talk. */
  readonly others?: readonly PodSpec[];
  /** Pods that talk and that it does not know. */
  readonly hidden?: readonly PodSpec[];
  /** Whether kube-state-metrics exports the labels of nodes. */
  readonly nodeLabels?: false;
  /** Whether Retina attaches the names of workloads. */
  readonly workloads?: false;
  /** What Hubble reports of each packet, where it is not what the path says; inferred from its code. */
  readonly seen?: readonly Readonly<Record<string, string>>[];
}

const aws = (name: string, zone: string): NodeSpec => ({ name, label: zone, providerId: `aws:///${zone}/i-${name}` });

const NODES: readonly NodeSpec[] = [
  aws('a1', 'zone-a'),
  aws('a2', 'zone-a'),
  aws('b1', 'zone-b'),
  { name: 'x1', providerId: 'eks-hybrid:///mi-1' },
  { name: 'x2', providerId: 'eks-hybrid:///mi-2' },
  { name: 'azure-1', label: 'azure-1', providerId: 'azure:///subscriptions/s/vm-1' },
  { name: 'azure-2', label: 'azure-2', providerId: 'azure:///subscriptions/s/vm-2' },
];

/** A pod of the client or of the server, on a node; `number` tells several there apart. */
const pod = (app: 'client' | 'server', node: string, number = 0): PodSpec => ({
  namespace: `app-${app}`,
  name: `${app}-${node}-${number}`,
  node,
  ip: `10.${app === 'client' ? 1 : 2}.${NODES.findIndex(({ name }) => name === node)}.${number + 1}`,
  controller: ['StatefulSet', `${app}-main`],
});

const between = (from: string, to: string, by: Path): Case => ({
  traffic: [{ from: pod('client', from), to: pod('server', to), by }],
});

/** Eight pairs of pods that talk once in eight seconds. */
const SMALL: Case = {
  traffic: Array.from({ length: 8 }, (_, number) => ({
    from: pod('client', 'a1', number),
    to: pod('server', 'a2', number),
    by: 'Service',
    rate: 1 / 8,
  })),
};

const CROSS = between('a1', 'b1', 'Service');
const CLIENT = pod('client', 'a1');
const OUTSIDE: PodSpec = { namespace: '', name: '', node: 'outside', ip: '203.0.113.9' };

/** Rows of both tables. */
const SHARED: Readonly<Record<string, Case>> = {
  "two zones, to the pod's address": between('a1', 'b1', 'pod'),
  'two zones, by a Service': CROSS,
  "two nodes of one zone, to the pod's address": between('a1', 'a2', 'pod'),
  "one node, to the pod's address": between('a1', 'a1', 'pod'),
  'eight pairs of pods in one zone, each 1 in 8 s': SMALL,
  'between two nodes without a zone': between('x1', 'x2', 'Service'),
  'two zones, two replicas of kube-state-metrics': { ...CROSS, replicas: 2 },
};

/** Rows of the table of Hubble's flows. */
export const FLOW_CASES: Readonly<Record<string, Case>> = {
  ...SHARED,
  'two nodes of one zone, by a Service': between('a1', 'a2', 'Service'),
  'one node, by a Service': between('a1', 'a1', 'Service'),
  'a packet that is dropped on its way out': {
    ...CROSS,
    seen: [{ traffic_direction: 'egress', type: 'Drop', subtype: '', verdict: 'DROPPED' }],
  },
  'from a node without a zone to one with': between('x1', 'b1', 'Service'),
  "two zones of Azure, by the nodes' labels": between('azure-1', 'azure-2', 'Service'),
  'from an address outside': {
    traffic: [{ from: OUTSIDE, to: pod('server', 'b1'), by: 'pod' }],
    hidden: [OUTSIDE],
    seen: [
      { traffic_direction: 'ingress', subtype: 'from-network' },
      { traffic_direction: 'ingress', subtype: 'to-endpoint' },
    ],
  },
  'from a pod that kube-state-metrics does not know': { ...CROSS, hidden: [CLIENT] },
  'two zones, kube-state-metrics away for 15 minutes': { ...CROSS, until: 5 },
  "two zones, a second pod with the client's name and (host) address": {
    ...CROSS,
    others: [{ ...CLIENT, namespace: 'other' }],
  },
};

/** Rows of the table of Retina's standard mode. */
export const BYTE_CASES: Readonly<Record<string, Case>> = {
  ...SHARED,
  'two zones of AWS, `kube_node_labels` not exported': { ...CROSS, nodeLabels: false },
  'one zone of AWS, `kube_node_labels` not exported': { ...between('a1', 'a2', 'Service'), nodeLabels: false },
  'two zones, with the labels that are left': { ...CROSS, workloads: false },
};

const isSame = (one: PodSpec, other: PodSpec): boolean => one.namespace === other.namespace && one.name === other.name;

function known({ traffic, others = [], hidden = [], replicas, until, nodeLabels }: Case): InputSeries[] {
  const pods = [...traffic.flatMap(({ from, to }) => [from, to]), ...others].filter(
    (one) => !hidden.some((other) => isSame(one, other)),
  );
  const life = until === undefined ? {} : { until };
  const alive = <Spec>(specs: readonly Spec[]): Spec[] => specs.map((spec) => ({ ...spec, ...life }));
  return kubeStateMetrics(alive(NODES), alive(pods), replicas).filter(
    ({ series }) => nodeLabels !== false || !series.startsWith('kube_node_labels'),
  );
}

/** The address of every Service: what an agent sees before it is translated. */
const SERVICE = { destination_namespace: '', destination_pod: '', destination_ip: '172.20.0.10' };

/**
 * Where Retina's agents report a packet with low aggregation, as recorded from its main branch of August 2026 on two nodes (IPv4): when it
 * leaves a pod and when it enters one, and at both network cards in between. The direction is that of the connection: egress on the
 * client's node, ingress on the server's; on one node the packet that enters is ingress only if its address was translated.
 */
function reports({ from, to, by }: Traffic): Readonly<Record<string, string>>[] {
  const leaves = { traffic_direction: 'egress', subtype: 'to-stack', ...(by === 'Service' && SERVICE) };
  if (from.node === to.node) {
    return [leaves, { traffic_direction: by === 'Service' ? 'ingress' : 'egress', subtype: 'to-endpoint' }];
  }
  return [
    leaves,
    { traffic_direction: 'egress', subtype: 'to-network' },
    { traffic_direction: 'ingress', subtype: 'from-network' },
    { traffic_direction: 'ingress', subtype: 'to-endpoint' },
  ];
}

const flows = (one: Case): InputSeries[] =>
  hubbleFlows(
    one.traffic.flatMap((traffic) =>
      (one.seen ?? reports(traffic)).map((labels): FlowSpec => ({
        source: [traffic.from.namespace, traffic.from.name],
        destination: [traffic.to.namespace, traffic.to.name],
        rate: traffic.rate ?? 1,
        labels: { source_ip: traffic.from.ip ?? '', destination_ip: traffic.to.ip ?? '', ...labels },
      })),
    ),
  );

/** What Prometheus scrapes in a case of Hubble's flows. */
export const flowInput = (one: Case): InputSeries[] => [...known(one), ...flows(one)];

/** A case with pods of its own names and addresses; what is outside stays what it is. */
function apart(one: Case, index: number): Case {
  const own = (spec: PodSpec): PodSpec =>
    spec.name === ''
      ? spec
      : {
          ...spec,
          name: `${spec.name}-${index}`,
          ip: (spec.ip ?? '').replace(/\d+$/, (last) => String(Number(last) + 10 * index)),
        };
  return {
    ...one,
    traffic: one.traffic.map((traffic) => ({ ...traffic, from: own(traffic.from), to: own(traffic.to) })),
    ...(one.others && { others: one.others.map(own) }),
    ...(one.hidden && { hidden: one.hidden.map(own) }),
  };
}

/** Several cases at once, in one cluster with two replicas of kube-state-metrics. */
export function together(cases: readonly Case[]): InputSeries[] {
  const all = cases.map(apart);
  return [
    ...known({
      traffic: all.flatMap(({ traffic }) => traffic),
      others: all.flatMap(({ others = [] }) => others),
      hidden: all.flatMap(({ hidden = [] }) => hidden),
      replicas: 2,
    }),
    ...all.flatMap(flows),
  ];
}

/**
 * What it scrapes in a case of the standard mode with high aggregation: bytes are reported at the pods only. On one node both ends report
 * bytes to a pod's address as those of the client.
 */
export const byteInput = (one: Case): InputSeries[] => [
  ...known(one),
  ...one.traffic.flatMap(({ from, to, by, rate = 1 }) => {
    const isOneNode = from.node === to.node;
    const ends = {
      source_namespace: from.namespace,
      source_podname: from.name,
      source_ip: from.ip ?? '',
      ...(one.workloads !== false && { source_workload_name: 'client-main', destination_workload_name: 'server-main' }),
      destination_namespace: to.namespace,
      destination_podname: to.name,
      destination_ip: to.ip ?? '',
    };
    const service = {
      destination_namespace: 'unknown',
      destination_podname: 'unknown',
      destination_ip: '172.20.0.10',
      destination_workload_name: 'unknown',
    };
    const reported = [
      { direction: 'EGRESS', ...ends, ...(by === 'Service' && service), times: by === 'pod' && isOneNode ? 2 : 1 },
      ...(by === 'pod' && isOneNode ? [] : [{ direction: 'INGRESS', ...ends, times: 1 }]),
    ];
    return reported.map(({ times, ...labels }) => ({
      series: seriesText('networkobservability_adv_forward_bytes', { cluster: 'one', instance: from.node, ...labels }),
      values: values((minute) => times * rate * 60 * minute),
    }));
  }),
];
