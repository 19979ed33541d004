import { type AlertSpec, ofAnyCluster, ofCluster, onNode, type Tier } from '../alerts/spec.ts';
import {
  either,
  labels,
  type Matchers,
  noneOf,
  not,
  promql,
  type Query,
  selector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { ciliumNames, nodeLabels } from './names.ts';
import type { CiliumHealthConfig } from './settings.ts';

type Alert = AlertSpec<CiliumHealthConfig>;

const tier = <S extends Tier['severity']>(severity: S, threshold: number, pending: string, keepFiringFor = '15m') => ({
  severity,
  threshold,
  for: pending,
  keepFiringFor,
});

const DASHBOARD = { uid: 'cilium-health', variables: [] };
const ON_NODE = { uid: 'cilium-health', variables: ['node'] };

/** Drops that count as failures: all but those in cilium.expectedDrops. */
export function failures(config: CiliumHealthConfig, where: Matchers = {}): Query {
  const { expectedDrops } = config.cilium;
  const reason = expectedDrops.length > 0 && { reason: noneOf(expectedDrops) };
  return selector(ciliumNames(config).drops, { ...reason, ...where });
}

const agentDown: Alert = {
  alert: 'CiliumAgentDown',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0, '10m', '0s'),
  escalation: tier('critical', 0.25, '5m', '0s'),
  summary: 'A Cilium agent does not answer.',
  description: ({ cluster, cilium }) =>
    `${onNode(cluster.label)} has no Cilium agent that answers Prometheus; {{ $value | humanizePercentage }} of the nodes are like that. Connections go on, but ` +
    `no pod starts there, and changes of Services and policies are not applied. First: kubectl -n ${cilium.namespace} get pods -l k8s-app=cilium -o wide; if it ` +
    'runs, Prometheus does not scrape it: check up{job="cilium-agent"}.',
  expr: (config, threshold) => {
    const { missing, up } = ciliumNames(config);
    const cluster = labels(...clusterLabels(config));
    return promql`
      ${selector(missing)}
      * on (${cluster}) group_left ()
      (
        count by (${cluster}) (${selector(missing)})
        / on (${cluster})
        count by (${cluster}) (${either(selector(missing), selector(up))})
      ) > ${threshold}`;
  },
  comment:
    'The value is the share of nodes without an agent, for each of them. An agent that restarts is away for a minute or two, so ten minutes tell of one that does ' +
    'not come back; if a quarter of the nodes have none, something is wrong with all of them.',
  dashboard: ON_NODE,
};

const operatorDown: Alert = {
  alert: 'CiliumOperatorDown',
  ratio: false,
  sustained: false,
  tier: tier('critical', 0, '10m', '0s'),
  summary: 'No Cilium operator answers Prometheus.',
  description: ({ cluster, cilium }) =>
    `${ofCluster(cluster.label)}no Cilium operator answers, although {{ $value | humanize }} did within a day. New nodes get no pod addresses, and with ENI no ` +
    `node gets more. First: kubectl -n ${cilium.namespace} get pods -l io.cilium/app=operator; if they run, Prometheus does not scrape them: check ` +
    'up{job="cilium-operator"}.',
  expr: (config, threshold) => {
    const { operators } = ciliumNames(config);
    return promql`
      last_over_time(${selector(operators, ofAnyCluster(config))}[1d]) > ${threshold}
      unless on (${labels(...clusterLabels(config))})
      ${selector(operators)}`;
  },
  comment:
    'Only where an operator was scraped within a day. What runs goes on without it, so a new leader has ten minutes; after that, nodes that join cannot run pods.',
  dashboard: DASHBOARD,
};

const reconcilerFailing: Alert = {
  alert: 'CiliumReconcilerFailing',
  ratio: false,
  sustained: false,
  tier: tier('warning', 0, '10m'),
  escalation: tier('critical', 10, '15m'),
  summary: 'A Cilium agent cannot bring its state into the datapath.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: {{ $value | humanize }} objects of {{ $labels.module_id }} are not in the datapath as they should be. A Service among them has no ` +
    'backends on this node, and its packets are dropped. First: see on the dashboard whether a map is full; cilium-dbg status --all-health says why it fails.',
  expr: (config, threshold) => promql`${selector(ciliumNames(config).reconcilerErrors)} > ${threshold}`,
  comment:
    'A reconciler tries again by itself, so a single failure is gone within seconds; ten minutes mean that it cannot succeed. More than ten objects are more than ' +
    'a single Service that is wrong by itself.',
  dashboard: ON_NODE,
};

const mapPressure: Alert = {
  alert: 'CiliumBPFMapPressure',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0.8, '15m'),
  escalation: tier('critical', 0.95, '15m'),
  summary: 'An eBPF map of Cilium is nearly full.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: the map {{ $labels.map_name }} is {{ $value | humanizePercentage }} full. Full maps of connections (ct, snat) evict the oldest ones; full ` +
    'maps of Services, policies or addresses refuse new entries. First: see which map it is and how fast it grows.',
  expr: (config, threshold) => promql`${selector(ciliumNames(config).mapPressure)} > ${threshold}`,
  comment:
    'A quarter of an hour, as Services are measured every five minutes and connections are collected about as often. A fifth of a map is left for the growth of ' +
    'some days; at 95 % a rollout can fill it.',
  dashboard: ON_NODE,
};

const dropsHigh: Alert = {
  alert: 'CiliumDropsHigh',
  ratio: false,
  sustained: true,
  tier: tier('warning', 10, '10m'),
  escalation: tier('critical', 100, '10m'),
  summary: 'The datapath of a node drops packets.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)} drops {{ $value | humanize }} packets/s: {{ $labels.reason }}. First: hubble observe --verdict DROPPED --node-name NODE names both ends; ` +
    'the reason says what to look at (the runbook has a table).',
  expr: (config, threshold) => promql`
    sum by (${labels(...nodeLabels(config), 'reason')}) (${failures(config)}) > ${threshold}`,
  comment:
    'Each reason by itself, without those that a healthy cluster has (cilium.expectedDrops). Pods that end leave a few packets a second behind; ten for ten minutes are ' +
    'clients that try again and again, a hundred are many of them.',
  dashboard: ON_NODE,
};

const regenerationFailing: Alert = {
  alert: 'CiliumEndpointRegenerationFailing',
  ratio: true,
  sustained: true,
  tier: tier('warning', 0.05, '10m'),
  escalation: tier('critical', 0.5, '15m'),
  summary: 'A Cilium agent cannot make the eBPF programs of pods.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: {{ $value | humanizePercentage }} of the endpoint regenerations fail. These pods keep the policies and Services that they had; new ones do ` +
    'not start. First: kubectl get ciliumendpoints -A names endpoints that are not ready; the log of the agent says why.',
  // Without any regeneration the share is not a number, which is above no threshold.
  expr: (config, threshold) => {
    const { regenerations } = ciliumNames(config);
    const node = labels(...nodeLabels(config));
    return promql`
      sum by (${node}) (${selector(regenerations, { outcome: not('success') })})
      / on (${node})
      sum by (${node}) (${selector(regenerations)}) > ${threshold}`;
  },
  comment:
    'A share, as one endpoint that fails is tried ever more rarely while the others are made again with each change. One that fails once leaves the window within ten ' +
    'minutes; if half of them fail, it is the node or a policy of all of them.',
  dashboard: ON_NODE,
};

const rateLimited: Alert = {
  alert: 'CiliumAPIRateLimited',
  ratio: false,
  sustained: true,
  tier: tier('warning', 1, '10m'),
  escalation: tier('critical', 10, '10m'),
  summary: 'Requests of or to a Cilium agent wait for a rate limit.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: {{ $labels.api_call }} waits {{ $value | humanizeDuration }} on average. "kubernetes" are the agent's requests to the API server, which wait ` +
    'for its own limit; other names are calls of its API, such as endpoint-create of the CNI plugin: new pods wait that long. First: see what is created so fast.',
  expr: (config, threshold) => {
    const { limiterWait, clientWait } = ciliumNames(config);
    const waits = either(selector(limiterWait), withLabel(selector(clientWait), 'api_call', 'kubernetes'));
    return promql`${waits} > ${threshold}`;
  },
  comment:
    'Limits let bursts pass, so a wait that lasts ten minutes is steady overload. A second is felt when pods start; calls of the CNI plugin are refused after 15 ' +
    'seconds, so ten are close to that.',
  dashboard: ON_NODE,
};

const nodesUnreachable: Alert = {
  alert: 'CiliumNodesUnreachable',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0, '15m'),
  escalation: tier('critical', 0.25, '10m'),
  summary: 'Nodes cannot reach each other.',
  description: ({ cluster, cilium }) =>
    `${ofCluster(cluster.label)}health checks fail on {{ $value | humanizePercentage }} of the paths between nodes (to each {{ $labels.kind }}), although the agents run. Pods on ` +
    `these nodes cannot reach each other. First: kubectl -n ${cilium.namespace} exec ds/cilium -- cilium-dbg status --verbose lists who is not reached, under "Cluster health".`,
  expr: (config, threshold) => promql`${selector(ciliumNames(config).brokenPaths)} > ${threshold}`,
  without: ({ cilium }) => (cilium.healthChecking ? undefined : 'cilium.healthChecking is false'),
  comment:
    'Agents that restart are not reached either, and are left out: CiliumAgentDown tells of those that do not come back. Health checks take minutes to go round, so a quarter of ' +
    'an hour is two rounds. If a quarter of the paths is broken, it is the network of all of them.',
  dashboard: DASHBOARD,
};

const ipamExhausted: Alert = {
  alert: 'CiliumIPAMExhausted',
  ratio: true,
  sustained: false,
  tier: tier('warning', 0.9, '15m'),
  escalation: tier('critical', 0.999, '10m'),
  summary: 'A node runs out of pod addresses.',
  description: ({ cluster }) =>
    `${onNode(cluster.label)}: {{ $value | humanizePercentage }} of its {{ $labels.family }} pod addresses are in use. When none is left, pods stay in ContainerCreating. First: ` +
    'look for pods that do not belong there, then give the node a larger range or fewer pods; with ENI see whether a subnet is empty.',
  expr: (config, threshold) => promql`${selector(ciliumNames(config).addresses)} > ${threshold}`,
  comment:
    'A node with a /24 has 254 addresses and by default 110 pods, so nine tenths are rare and grow for a reason. Above 99.9 % none is left, unless a node has more than a ' +
    'thousand. Ten minutes let the operator of an ENI cluster attach another interface.',
  dashboard: ON_NODE,
};

/** Alerts on agents and the operator, on the datapath, on APIs, and all of them. */
export const agentAlerts: readonly Alert[] = [agentDown, operatorDown, reconcilerFailing, regenerationFailing];
export const datapathAlerts: readonly Alert[] = [mapPressure, dropsHigh, nodesUnreachable, ipamExhausted];
export const apiAlerts: readonly Alert[] = [rateLimited];
export const ciliumAlerts: readonly Alert[] = [...agentAlerts, ...datapathAlerts, ...apiAlerts];
