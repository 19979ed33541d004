import type { Config } from '../../generators/index.ts';
import { type Cilium, type CiliumAgent, USUAL_AGENT, USUAL_CILIUM } from '../../bench/model/cilium.ts';
import type { Node } from '../../bench/model.ts';
import type { Roles } from './nodes.ts';
import { type Noise, timeOfDay } from './noise.ts';
import { burstAt, PLOT } from './plot.ts';

/** Whether the demo has Cilium as its network: where its health is recorded. */
export function hasCilium({ cilium, flows }: Config): boolean {
  const reads = [flows.source].flat().includes('cilium-hubble');
  return cilium.health !== 'never' && (cilium.health === 'always' || cilium.values === 'full' || reads);
}

/** The reconciler that brings Services into the datapath. */
const RECONCILER = 'agent.controlplane.loadbalancer-reconciler';

/** How full the map of Services is, the same on every node, and how many Services have no room: previews that nobody deletes. */
function servicesAt(seconds: number): { readonly share: number; readonly missing: number } {
  const { from, fullAt, until } = PLOT.services;
  if (seconds < from || seconds >= until) return { share: 0.46, missing: 0 };
  // Agents measure it every five minutes.
  const measured = Math.floor(seconds / 300) * 300;
  const share = Math.min(1, 0.46 + (0.54 * Math.max(0, measured - from)) / (fullAt - from));
  return { share, missing: Math.max(0, Math.round((seconds - fullAt) / 60)) };
}

/** The agent of a node at a time, in seconds relative to now. */
function agentAt(config: Config, noise: Noise, roles: Roles, seconds: number, now: number, node: Node): CiliumAgent {
  const { share, missing } = servicesAt(seconds);
  const wander = (what: string, amplitude = 0.2) => noise.wander(`cilium/${what}/${node.name}`, seconds, amplitude);
  const busy = timeOfDay(seconds);
  const isBusiest = node.name === roles.leaking;
  // As long as DNS is in its burst: the flows are made again only then.
  const isAsking = burstAt(seconds) === 0 && node.name === roles.resolving;
  return {
    ...USUAL_AGENT,
    startedAt: now + PLOT.begins - 86_400,
    endpoints: isBusiest ? 31 : 24,
    identities: 64,
    maps: {
      ...USUAL_AGENT.maps,
      ct4_global: 0.14 * busy * wander('ct') * (isBusiest ? 2.2 : 1),
      snat_v4_external: 0.07 * busy * wander('snat'),
      lb4_services_v2: share,
      lb4_backends_v3: 0.4 * share,
    },
    drops: {
      'Policy denied': 2.4 * busy * wander('denied'),
      'Stale or unroutable IP': 0.3 * wander('stale', 0.8),
      // Clients try again and again.
      'Service backend not found': missing === 0 ? 0 : Math.min(45, 0.9 * missing) * wander('backend'),
    },
    forwards: { ingress: 5200 * busy * wander('in'), egress: 4800 * busy * wander('out') },
    reconcilers: { [RECONCILER]: missing, 'agent.datapath.bandwidth-manager': 0 },
    degraded: missing === 0 ? [] : ['agent.controlplane.loadbalancer'],
    regenerations: { rate: 0.4 * busy * wander('regenerations', 0.5), mean: 0.32 * wander('seconds'), failing: 0 },
    addresses: { used: (isBusiest ? 33 : 26) + 2, capacity: config.cilium.ipam === 'eni' ? 45 : 254 },
    connections: {
      ...USUAL_AGENT.connections,
      tcp: Math.round(12_000 * busy * wander('tcp') * (isBusiest ? 2.2 : 1)),
      other: 1500,
    },
    calls: { 'endpoint-create': { rate: 0.02, mean: 0.004 * wander('create'), refused: 0 } },
    requests: {
      GET: { rate: 0.7, mean: 0.018 * wander('get') },
      PATCH: { rate: 0.3, mean: 0.03 * wander('patch') },
      PUT: { rate: 0.2, mean: 0.026 * wander('put') },
    },
    clientWait: 0.002 * wander('wait'),
    hubbleLost: isAsking ? { observer_events_queue: 0.2 } : {},
    ipsecErrors: config.cilium.encryption === 'ipsec' ? 0 : null,
    answers: { '2': 18 * busy * wander('ok'), '4': 0.6 * wander('client'), '5': 0.05 },
  };
}

/** Cilium at a time, in seconds relative to now; `now` in Unix seconds. */
export function ciliumAt(config: Config, noise: Noise, roles: Roles, seconds: number, now: number): Cilium {
  const { ipam, encryption, endpointSlices, kubeProxyReplacement, profile, values } = config.cilium;
  const isFull = values === 'full';
  const agents = new Map<Node, CiliumAgent>();
  const hasSlices = endpointSlices ?? (isFull && profile === 'large-cluster');
  return {
    ...USUAL_CILIUM,
    agent: (node) => {
      const known = agents.get(node) ?? agentAt(config, noise, roles, seconds, now, node);
      agents.set(node, known);
      return known;
    },
    operator: {
      replicas: 2,
      eni:
        ipam === 'eni'
          ? {
              nodes: (node) => ({ available: 58, used: node.name === roles.leaking ? 35 : 28, needed: 0 }),
              subnets: ['a', 'b', 'c'].map((letter, index) => ({
                id: `subnet-0${letter}1f`,
                zone: `ap-northeast-2${letter}`,
                available: 3100 - 900 * index,
              })),
            }
          : null,
      slices: hasSlices
        ? {
            syncs: 0.8 * timeOfDay(seconds),
            failing: 0,
            wait: 0.4 * noise.wander('cilium/slices', seconds, 0.4),
            endpoints: 62,
          }
        : null,
    },
    features: {
      network: isFull && profile === 'low-latency' ? 'direct-routing' : 'overlay-vxlan',
      device: isFull && profile === 'low-latency' ? 'netkit' : 'veth',
      ipam,
      kubeProxyReplacement: kubeProxyReplacement ?? (isFull && profile === 'low-latency'),
      bandwidthManager: isFull && profile === 'low-latency',
      bigTcp: isFull && config.cilium.bigTCP === 'ipv4' ? 'ipv4-only' : null,
      encryption: encryption === 'none' ? null : encryption,
    },
  };
}
