import { constant, family, growing, type Sample } from '../../bench/series/family.ts';
import { nodeLocalSetupFamilies } from '../../bench/series/node-local-dns.ts';
import { type GroupState, ruleGroupFamilies } from '../../bench/series/rule-groups.ts';
import { RETINA_EVENTS } from '../../bench/sources/hubble.ts';
import type { AllowanceKind, Cluster, MetricFamily, Node, NetworkInterface, Pod, Series } from '../../bench/model.ts';
import type { CiliumAgent } from '../../bench/model/cilium.ts';
import { type ControlPlane, controlPlaneUnder } from '../../bench/model/control-plane.ts';
import type { Upstream } from '../../bench/model/dns.ts';
import type { DemoTarget } from '../feed/targets.ts';
import { dnsWith, MEMORY_LIMIT } from './load.ts';
import { podsOf } from './shape.ts';

/** What goes on for a while: how the cluster is then, and what is scraped of it. */
export interface Effect {
  readonly cluster?: (cluster: Cluster) => Cluster;
  readonly targets?: (targets: readonly DemoTarget[], cluster: Cluster) => readonly DemoTarget[];
}

/** Which targets something happens to. */
export type Affects = (target: DemoTarget) => boolean;

/** The targets of a job, those on a node only if told. */
export const ofJob =
  (job: string, node?: string): Affects =>
  ({ labels }) =>
    labels['job'] === job && (node === undefined || labels['node'] === node);

/** Only the targets on nodes of the zone with that number. */
export const inZone =
  (affects: Affects, zone: number): Affects =>
  (one) =>
    affects(one) && one.labels['node']?.startsWith(`ip-10-0-${16 * zone}-`) === true;

export const AGENTS = ofJob('networkobservability-hubble');
export const STATE_METRICS = ofJob('kube-state-metrics');
export const KUBELETS = ofJob('kubelet');
export const COREDNS = ofJob('coredns');
export const ETHTOOL = ofJob('ethtool-exporter');
export const API_SERVERS = ofJob('apiserver');
export const CILIUM_AGENTS = ofJob('cilium-agent');
export const CILIUM_OPERATORS = ofJob('cilium-operator');

/** Only the targets on nodes whose name ends so: one in ten. */
export const some =
  (affects: Affects, digit: string): Affects =>
  (one) =>
    affects(one) && (one.labels['node'] ?? '').split('.')[0]?.endsWith(digit) === true;

/** The node of a pod, by its workload and number. */
export interface At {
  readonly workload: string;
  readonly index?: number;
}

/** The name of that node. @throws RangeError when there is no such pod. */
export const nodeAt = (cluster: Cluster, { workload, index = 0 }: At): string => {
  const found = podsOf(cluster, workload)[index];
  if (found === undefined) throw new RangeError(`no pod ${index} of ${workload}`);
  return found.node;
};

/** The interface of a node changes. */
const interfaceOf = (at: At, change: (one: NetworkInterface) => Partial<NetworkInterface>): Effect => ({
  cluster: (cluster) => {
    const name = nodeAt(cluster, at);
    const changed = (node: Node): Node =>
      node.name === name ? { ...node, interfaces: node.interfaces.map((one) => ({ ...one, ...change(one) })) } : node;
    return { ...cluster, nodes: cluster.nodes.map(changed) };
  },
});

/** A node exceeds allowances by so many packets per second. */
export const exceeding = (at: At, rates: Partial<Record<AllowanceKind, number>>): Effect =>
  interfaceOf(at, ({ exceeded }) => ({ exceeded: { ...exceeded, ...rates } }));

/** A node can track only this share of its connections. */
export const untracked = (at: At, share: number): Effect =>
  interfaceOf(at, ({ conntrackAvailable }) => ({ conntrackAvailable: Math.round(conntrackAvailable * share) }));

/** The first pod of a workload has allocated this share of its memory limit. */
export const memoryUsed = (workload: string, share: number): Effect => ({
  cluster: (cluster) => {
    const usage = new Map(cluster.usage);
    const [pod] = podsOf(cluster, workload);
    const used = pod === undefined ? undefined : usage.get(pod.uid);
    if (pod === undefined || used === undefined) throw new RangeError(`no pod of ${workload}`);
    const rss = Math.round(MEMORY_LIMIT * share);
    usage.set(pod.uid, {
      ...used,
      containers: used.containers.map((one) => ({ ...one, rss, workingSet: Math.round(rss * 1.02) })),
    });
    return { ...cluster, usage };
  },
});

/** The agent on a node is throttled in this share of its CPU periods. */
export const throttling = (at: At, share: number): Effect => ({
  cluster: (cluster) => {
    const node = nodeAt(cluster, at);
    const usage = new Map(cluster.usage);
    const agent = podsOf(cluster, 'retina-agent').find((pod) => pod.node === node);
    const used = agent === undefined ? undefined : usage.get(agent.uid);
    if (agent === undefined || used === undefined) throw new RangeError(`no agent on ${node}`);
    usage.set(agent.uid, { ...used, containers: used.containers.map((one) => ({ ...one, throttled: share })) });
    return { ...cluster, usage };
  },
});

/** The agent on a node does not answer; one that observes traffic, unless told otherwise. */
export const blind = (at: At, affects: Affects = AGENTS): Effect => ({
  targets: (targets, cluster) => {
    const node = nodeAt(cluster, at);
    return targets.map((one) => (affects(one) && one.labels['node'] === node ? { ...one, isDown: true } : one));
  },
});

/** The second upstream server gets this share of what CoreDNS passes on, and answers slowly or not at all. */
export const upstream = (share: number, how: Pick<Upstream, 'seconds' | 'failing'>): Effect => {
  const dns = dnsWith(share, how);
  return { cluster: (cluster) => ({ ...cluster, dns }) };
};

/** A Service has no trafficDistribution. */
export const unrouted = (name: string): Effect => ({
  cluster: ({ services = [], ...cluster }) => {
    if (!services.some((one) => one.name === name)) throw new RangeError(`no Service ${name}`);
    return {
      ...cluster,
      services: services.map(({ routing, ...one }) =>
        one.name === name || routing === undefined ? one : { ...one, routing },
      ),
    };
  },
});

/** Zones of nodes change, of the first so many of the list. Whatever knows zones is made anew, as kube-state-metrics knows them. */
export const zonesOfNodes = (count: number, change: Partial<Pick<Node, 'zone' | 'providerId'>>): Effect => ({
  cluster: (cluster) => ({
    ...cluster,
    nodes: cluster.nodes.map((node, index) => (index < count ? { ...node, ...change } : node)),
    pods: [...cluster.pods],
  }),
});

const changed = (affects: Affects, change: (target: DemoTarget) => DemoTarget): Effect => ({
  targets: (targets) => {
    if (!targets.some(affects)) throw new RangeError('an effect on targets that affects none');
    return targets.map((one) => (affects(one) ? change(one) : one));
  },
});

/** Targets do not answer. */
export const down = (affects: Affects): Effect => changed(affects, (target) => ({ ...target, isDown: true }));

/** Targets expose other series; `key` tells this change from others. */
const exposing = (
  affects: Affects,
  key: string,
  change: (families: readonly MetricFamily[]) => MetricFamily[],
): Effect =>
  changed(affects, (target) => ({
    ...target,
    dependsOn: [...target.dependsOn, key],
    families: () => change(target.families()),
  }));

/** Targets replace so many of their series by others between two scrapes. */
export const churning = (affects: Affects, churn: number): Effect =>
  changed(affects, (target) => ({ ...target, churn }));

/** Targets are scraped without the cluster label: their series are others. */
export const unlabelled = (affects: Affects): Effect =>
  changed(affects, (target) => {
    const { cluster: _cluster, ...labels } = target.labels;
    return { ...target, path: `${target.path}?unlabelled`, labels };
  });

const scaledSeries = (one: Series, by: number): Series => ({ ...one, perSecond: one.perSecond * by });

/** Agents lose this share of what they see before they count it. */
export const losing = (affects: Affects, share: number): Effect =>
  exposing(affects, `losing ${share}`, (families) => {
    const { seen, lost } = RETINA_EVENTS;
    const all = families.find(({ name }) => name === seen.name)?.series ?? [];
    const rate = all.reduce((sum, { perSecond }) => sum + perSecond, 0);
    const kept = families
      .filter(({ name }) => name !== lost.name)
      .map((one) => ({ ...one, series: one.series.map((series) => scaledSeries(series, 1 - share)) }));
    return [...kept, family(lost.name, 'counter', 'what the agent lost', [growing(lost.labels, rate * share)])];
  });

/** The agents of clients report each packet once more than those of servers. */
export const countedTwice: Effect = exposing(AGENTS, 'twice', (families) =>
  families.map((one) => ({
    ...one,
    series: one.series.map((series) =>
      series.labels['traffic_direction'] === 'egress' ? scaledSeries(series, 2) : series,
    ),
  })),
);

/** Another target of the cluster, whose series never change. */
const target = (labels: DemoTarget['labels'], key: string, families: () => MetricFamily[]): DemoTarget => ({
  path: `/${labels['job']}/${labels['instance']}`,
  honorLabels: true,
  labels,
  dependsOn: [key],
  families,
});

/** A Prometheus of the same cluster is federated, with what its rules record. */
export const federated: Effect = {
  targets: (targets, { name: cluster }) => [
    ...targets,
    target({ job: 'federate', instance: 'prometheus-1:9090', cluster }, 'federate', () => [
      family('zone_pair:network_flows:rate5m', 'untyped', 'recorded elsewhere', [pair(150)]),
    ]),
  ],
};

const pair = (rate: number): Sample =>
  constant({ source_zone: 'eu-central-1a', destination_zone: 'eu-central-1b', locality: 'cross_zone' }, rate);

/** What the Prometheus that evaluates the rules says about their groups. */
export const ruleGroups = (states: Readonly<Record<string, GroupState>> = {}): Effect => ({
  targets: (targets, { name: cluster }) => [
    ...targets.filter(({ labels }) => labels['job'] !== 'prometheus'),
    target({ job: 'prometheus', instance: 'prometheus-0:9090', cluster }, JSON.stringify(states), () =>
      ruleGroupFamilies(states),
    ),
  ],
});

/** What NodeLocal DNSCache says about its setup on each node: nothing to complain about, but for one node. */
export const nodeLocalSetup = (failing?: { readonly at: At; readonly perSecond: number }): Effect => ({
  targets: (targets, cluster) => {
    const bad = failing === undefined ? undefined : nodeAt(cluster, failing.at);
    return [
      ...targets.filter(({ labels }) => labels['job'] !== 'node-local-dns-setup'),
      ...cluster.nodes.map(({ name: node }) => {
        const rate = node === bad ? (failing?.perSecond ?? 0) : 0;
        const labels = { job: 'node-local-dns-setup', instance: node, node, cluster: cluster.name };
        return target(labels, String(rate), () => nodeLocalSetupFamilies(rate));
      }),
    ];
  },
});

/** Cilium's agents are not as usual: that on the node of a pod, or all of them. */
export const ciliumAgents = (change: Partial<CiliumAgent>, at?: At): Effect => ({
  cluster: (cluster) => {
    const { cilium } = cluster;
    if (cilium === undefined) throw new RangeError('no Cilium in the week');
    const only = at === undefined ? undefined : nodeAt(cluster, at);
    return {
      ...cluster,
      cilium: {
        ...cilium,
        agent: (node, index) => ({
          ...cilium.agent(node, index),
          ...((only === undefined || only === node.name) && change),
        }),
      },
    };
  },
});

/** Every request to etcd takes so many seconds; only while the control plane is scraped. */
export const slowEtcd = (seconds: number): Effect => ({
  cluster: ({ controlPlane, ...cluster }) => {
    if (controlPlane === undefined) throw new RangeError('no control plane in the week');
    const slow: ControlPlane = { ...controlPlane, etcd: controlPlane.etcd.map((one) => ({ ...one, seconds })) };
    return { ...cluster, controlPlane: slow };
  },
});

/** Requests take so many times as long, and wait so many times as long for a seat; only while the control plane is scraped. */
export const overwhelmed = (times: number): Effect => ({
  cluster: ({ controlPlane, ...cluster }) => {
    if (controlPlane === undefined) throw new RangeError('no control plane in the week');
    const slow: ControlPlane = {
      ...controlPlane,
      requests: controlPlane.requests.map((one) => ({ ...one, seconds: one.seconds * times })),
      levels: controlPlane.levels.map((one) => ({ ...one, waits: one.waits * times })),
    };
    return { ...cluster, controlPlane: slow };
  },
});

/** The control plane is scraped, under this load: with a run of kube-burner that has so many pods, which use nothing. Kubelets allow so many. */
export const underLoad = (load: number, pods: number, maxPods = 29): Effect => ({
  cluster: (cluster) => {
    const namespaces = Array.from({ length: pods }, (_, index) => `kube-burner-${index}`);
    const run = {
      uuid: '0d0e7c1e-5a5e-4b0e-8d0c-6b0a5f7d2c11',
      namespaces,
      pods: namespaces.map((namespace, index): Pod => {
        const node = cluster.nodes[index % cluster.nodes.length]?.name ?? '';
        const workload = { namespace, kind: 'Deployment', name: 'deployment-1' } as const;
        return {
          namespace,
          workload,
          node,
          hostNetwork: false,
          ip: `10.1.${Math.floor(index / 250)}.${1 + (index % 250)}`,
          name: `deployment-1-5f4d6c7b8d-${index}`,
          uid: `run-${index}`,
          controller: { kind: 'ReplicaSet', name: 'deployment-1-5f4d6c7b8d' },
          createdAt: Math.max(...cluster.nodes.map(({ createdAt }) => createdAt)),
        };
      }),
    };
    const state = { load, pods: cluster.pods.length + pods, maxPods, ...(pods > 0 && { run }) };
    return { ...cluster, controlPlane: controlPlaneUnder(state) };
  },
});
