import type { AllowanceKind, NetworkInterface, Node } from '../model.ts';
import type { Random } from '../random.ts';
import type { ResolvedOptions } from './options.ts';

/** Unix time in seconds at which the oldest object was created; fixed, as generation must not read the clock. */
export const EPOCH = 1_760_000_000;

const NODES_PER_SUBNET = 200;
const SUBNETS_PER_ZONE = 16;

const INSTANCE_TYPES = ['m6i.large', 'm6i.2xlarge', 'c7i.xlarge'] as const;

/**
 * Deals nodes to zones in turn. Nodes that lack a zone come last, so that a small number of them leaves every zone
 * with labelled nodes. The first node exceeds its conntrack and packet rate allowances, the third (or last) one the
 * link-local allowance.
 */
export function generateNodes(random: Random, options: ResolvedOptions): Node[] {
  const firstHybrid = options.nodes - options.hybridNodes;
  const firstUnlabelled = firstHybrid - options.unlabelledNodes;

  return Array.from({ length: options.nodes }, (_, index) => {
    const zoneIndex = index % options.zones.length;
    const zone = options.zones[zoneIndex] ?? '';
    const region = zone.replace(/[a-z]$/, '');
    const internalIp = addressInZone(zoneIndex, Math.floor(index / options.zones.length));
    const id = random.text(17);
    return {
      name: `ip-${internalIp.replaceAll('.', '-')}.${region}.compute.internal`,
      zone: index < firstUnlabelled ? zone : '',
      providerId: index < firstHybrid ? `aws:///${zone}/i-${id}` : `eks-hybrid:///${region}/${options.name}/mi-${id}`,
      internalIp,
      createdAt: EPOCH + index,
      interfaces: generateInterfaces(random, index, options.nodes),
      ...(index < firstHybrid && { instanceType: INSTANCE_TYPES[index % INSTANCE_TYPES.length] ?? '' }),
    };
  });
}

function addressInZone(zoneIndex: number, position: number): string {
  const subnet = zoneIndex * SUBNETS_PER_ZONE + Math.floor(position / NODES_PER_SUBNET);
  return `10.0.${subnet}.${10 + (position % NODES_PER_SUBNET)}`;
}

/** Amazon Linux 2023 calls the first interface ens5, Amazon Linux 2 eth0; the VPC CNI adds secondary ones. */
function generateInterfaces(random: Random, index: number, nodes: number): NetworkInterface[] {
  const devices = [['ens5', 'ens6'], ['ens5'], ['eth0']][index % 3] ?? [];
  return devices.map((device, position) => ({
    device,
    exceeded: position === 0 ? exceededBy(index, nodes) : within(),
    conntrackAvailable: random.int(60_000, 120_000),
  }));
}

function exceededBy(index: number, nodes: number): Record<AllowanceKind, number> {
  return {
    ...within(),
    ...(index === 0 ? { conntrack: 3, pps: 40 } : {}),
    ...(index === Math.min(2, nodes - 1) ? { linklocal: 7 } : {}),
  };
}

function within(): Record<AllowanceKind, number> {
  return { bw_in: 0, bw_out: 0, pps: 0, conntrack: 0, linklocal: 0 };
}
