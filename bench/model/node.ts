import { BlockList, isIP } from 'node:net';

/** The ENA allowances that have an `_allowance_exceeded` counter. */
export const ALLOWANCE_KINDS = ['bw_in', 'bw_out', 'pps', 'conntrack', 'linklocal'] as const;

/** One of those allowances. */
export type AllowanceKind = (typeof ALLOWANCE_KINDS)[number];

/** A network interface of a node. */
export interface NetworkInterface {
  /** Device name, such as `ens5` or `eth0`. */
  readonly device: string;
  /** Packets per second queued or dropped above each allowance; 0 when within it. */
  readonly exceeded: Readonly<Record<AllowanceKind, number>>;
  /** Connections that can still be tracked. */
  readonly conntrackAvailable: number;
}

/** A Kubernetes node on EC2. */
export interface Node {
  readonly name: string;
  /** Value of the label topology.kubernetes.io/zone, or '' when the node has no such label. */
  readonly zone: string;
  /** Value of the label topology.k8s.aws/zone-id; none by default. */
  readonly zoneId?: string;
  /** Such as `aws:///ap-northeast-2a/i-0abc`; names the zone as well, except for hybrid nodes. */
  readonly providerId: string;
  readonly internalIp: string;
  /** The second InternalIP of a dual-stack node. */
  readonly internalIpv6?: string;
  /** From which its pods get their addresses; by default the network does not use it. */
  readonly podCidr?: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
  readonly interfaces: readonly NetworkInterface[];
  /** Value of the label node.kubernetes.io/instance-type; none by default. */
  readonly instanceType?: string;
}

/** The zone of a node: its label, else the zone in a provider id of EC2 or GCE, else `unknown`. */
export function zoneOfNode({ zone, providerId }: Pick<Node, 'zone' | 'providerId'>): string {
  if (zone !== '') return zone;
  return /^(?:aws:\/\/|gce:\/\/[^/]+)\/([^/]+)\//.exec(providerId)?.[1] ?? 'unknown';
}

/** Whether an address is in a CIDR. */
export function isInCidr(cidr: string, ip: string): boolean {
  const [network = '', length = ''] = cidr.split('/');
  const [ours, its] = [isIP(network), isIP(ip)].map((version) => (version === 6 ? 'ipv6' : 'ipv4'));
  if (isIP(ip) === 0 || ours !== its) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length), ours);
  return list.check(ip, its);
}

/** The addresses of the tunnel and the bridge of a node, which are the first two of its pod CIDR. */
export function overlayAddressesOfNode({ podCidr }: Pick<Node, 'podCidr'>): string[] {
  const network = podCidr?.split('/')[0];
  if (network === undefined) return [];
  return [network, network.endsWith(':') ? `${network}1` : network.replace(/\d+$/, (last) => String(Number(last) + 1))];
}

/** The addresses of a node, IPv4 first. */
export function addressesOfNode({ internalIp, internalIpv6 }: Node): string[] {
  return internalIpv6 === undefined ? [internalIp] : [internalIp, internalIpv6];
}
