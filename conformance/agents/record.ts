import type { Interface, RecordedSeries, Recording } from '../shared/recording.ts';
import type { Agent } from './agent.ts';
import type { LinkCounters } from './calls.ts';
import type { TrafficCase } from './cases.ts';
import { nodeOf, NODES, PODS, SERVICES } from './network.ts';
import { HOST_APP, NAMESPACE } from './objects.ts';
import { flowsOf, hostKey, isFlush, keyOf } from './traffic.ts';

/** Counters of every pod's and every node's interface, by host. */
export type Links = Readonly<Record<string, LinkCounters>>;

/** What a recording says of where it comes from. */
export interface Origin {
  readonly agent: Pick<Agent, 'source' | 'bytes' | 'hasAggregation' | 'id'>;
  readonly version: string;
  readonly date: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const NOTHING: LinkCounters = { rx_bytes: 0, rx_packets: 0, tx_bytes: 0, tx_packets: 0 };

function between(before: Links, after: Links, host: string): Interface {
  const [old, now] = [before[host] ?? NOTHING, after[host] ?? NOTHING];
  const volume = (side: 'tx' | 'rx') => ({
    bytes: now[`${side}_bytes`] - old[`${side}_bytes`],
    packets: now[`${side}_packets`] - old[`${side}_packets`],
  });
  return { tx: volume('tx'), rx: volume('rx') };
}

const TITLES: Readonly<Record<NonNullable<TrafficCase['extra']>, string>> = {
  'three-nodes': 'three nodes: two clients of one server, and one across to the first node',
  'host-network-server': 'a server on the host network of another node',
  'host-network-client': 'a client on the host network, to a pod of another node',
};

/** The case in a few words. */
export function titleOf(one: TrafficCase): string {
  if (one.extra !== undefined) return TITLES[one.extra];
  const way = `${one.path === 'same-node' ? 'pods of one node' : 'pods across nodes'}, ${one.target === 'service' ? 'by Service' : 'direct'}`;
  const family = one.family === 'ipv4' ? 'IPv4' : 'IPv6';
  return `${way}, ${family}, ${one.protocol.toUpperCase()}, and to outside ${one.outside}`;
}

/** The recording of a round. Pods that only flush, and their series, are left out. */
export function recordingOf(
  { agent, version, date, config }: Origin,
  one: TrafficCase,
  truth: { readonly before: Links; readonly after: Links },
  series: readonly RecordedSeries[],
): Recording {
  const traffic = flowsOf(one).map(({ recorded }) => recorded);
  const judged = PODS.filter(({ app }) => app !== undefined);
  const hostPods = NODES.filter((node) =>
    traffic.some(({ client, server }) => [client, server].includes(hostKey(node))),
  );
  const change = (host: string): Interface => between(truth.before, truth.after, host);
  return {
    title: titleOf(one),
    source: agent.source,
    version,
    evidence: 'measured',
    date,
    repeat: `npm run conformance:agents -- --agents DIR --agent ${agent.id} --case ${one.name}`,
    topology: one.cni,
    offloads: one.offloads === 'offloads-on' ? 'on' : 'off',
    ...(agent.hasAggregation === true && { aggregation: one.aggregation }),
    masquerade: one.outside === 'masqueraded',
    bytes: agent.bytes,
    ...(Object.keys(config).length > 0 && { config }),
    nodes: Object.fromEntries(
      NODES.map(({ name, zone, address }) => [name, { zone, addresses: Object.values(address) }]),
    ),
    pods: Object.fromEntries([
      ...judged.map((pod) => {
        const node = nodeOf(pod).name;
        return [keyOf(pod), { node, addresses: Object.values(pod.address), workload: `Deployment/${pod.app ?? ''}` }];
      }),
      ...hostPods.map((node) => [
        hostKey(node),
        {
          node: node.name,
          addresses: Object.values(node.address),
          workload: `Deployment/${HOST_APP}`,
          hostNetwork: true,
        },
      ]),
    ]),
    services: Object.fromEntries(SERVICES.map(({ name, address }) => [`${NAMESPACE}/${name}`, address[one.family]])),
    traffic,
    truth: Object.fromEntries([
      ...judged.map((pod) => [keyOf(pod), change(pod.host)]),
      ...hostPods.map((node) => [hostKey(node), change(node.name)]),
      ...NODES.map(({ name }) => [name, change(name)]),
    ]),
    series: series.filter(({ labels }) => !isFlush(labels)),
  };
}
