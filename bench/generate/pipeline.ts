import type { Connection, Node, Pod, PodUsage, Workload } from '../model.ts';
import type { Random } from '../random.ts';

const MI = 2 ** 20;

/** The DaemonSet of Retina's agents. */
const AGENT: Workload = { namespace: 'kube-system', kind: 'DaemonSet', name: 'retina-agent' };

/** An agent of Retina on every node, on the host network, with what it uses. */
export function generateAgents(random: Random, nodes: readonly Node[]) {
  const pods = nodes.map((node, index): Pod => {
    const suffix = random.text(5, 'bcdfghjklmnpqrstvwxz2456789');
    return {
      namespace: AGENT.namespace,
      name: `${AGENT.name}-${suffix}`,
      uid: `a6e17000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      ip: node.internalIp,
      node: node.name,
      workload: AGENT,
      controller: { kind: AGENT.kind, name: AGENT.name },
      createdAt: node.createdAt + 60,
      hostNetwork: true,
    };
  });
  const usage = pods.map(({ uid }): readonly [string, PodUsage] => {
    const rss = random.int(150, 280) * MI;
    const container = {
      name: 'retina',
      cpu: random.int(100, 380) / 1000,
      rss,
      workingSet: rss + random.int(10, 60) * MI,
      requests: { cpu: 0.5, memory: 500 * MI },
      limits: { cpu: 0.5, memory: 500 * MI },
      throttled: random.int(0, 200) / 1000,
    };
    return [uid, { containers: [container], receive: 0, transmit: 0 }];
  });
  return { pods, usage };
}

const REASONS = ['POLICY_DENIED', 'DROP_REASON_UNKNOWN'];

/** Every so many connections of TCP are in trouble. */
const EVERY = 5;

/** The same connections, some of them in trouble: dropped requests, resets and retransmissions. */
export const withTrouble = (random: Random, connections: readonly Connection[]): readonly Connection[] =>
  connections.map((connection, index) =>
    index % EVERY !== 0 || connection.protocol !== 'TCP'
      ? connection
      : {
          ...connection,
          trouble: {
            dropped: { reason: REASONS[(index / EVERY) % REASONS.length] ?? '', rate: random.int(1, 400) / 10 },
            resets: random.int(1, 400) / 10,
            retransmits: random.int(1, 400) / 10,
          },
        },
  );
