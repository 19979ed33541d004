import type { Config } from '../../generators/index.ts';
import type { AllowanceKind, Node, Pod } from '../../bench/model.ts';
import { createRandom } from '../../bench/random.ts';
import type { Noise } from './noise.ts';
import { burstAt, isWithin, PLOT, sinceStart } from './plot.ts';

const ZONES = 3;
const PER_ZONE = 3;
const DAY = 86_400;
/** Connections that an idle node of this size can track. */
const TRACKABLE = 96_000;

/** The names of the nodes that have a part in the story. */
export interface Roles {
  /** Runs out of tracked connections, as a pod of catalog/images here leaks them. */
  readonly leaking: string;
  /** Exceeds its packet rate for a while, when search/index here merges. */
  readonly merging: string;
  /** Receives more than its bandwidth while accounts/postgres here is restored. */
  readonly restoring: string;
  /** Exceeds the link-local allowance, as coredns here passes on what price-sync asks. */
  readonly resolving: string;
}

/** Who has which part: the nodes on which the pods run that cause it. @throws RangeError when one of them runs nowhere. */
export function rolesOf(pods: readonly Pod[]): Roles {
  const nodeOf = (workload: string, ordinal: number): string => {
    const found = pods.filter((pod) => pod.workload.name === workload)[ordinal];
    if (found === undefined) throw new RangeError(`the demo has no pod ${ordinal} of ${workload}`);
    return found.node;
  };
  return {
    leaking: nodeOf('images', 1),
    merging: nodeOf('index', 2),
    restoring: nodeOf('postgres', 0),
    resolving: nodeOf('coredns', 0),
  };
}

/** The zones of a region, under the names that its cloud gives them. */
export function zonesOf({ provider, region }: Config['cloud']): readonly string[] {
  if (region === '') return ['a', 'b', 'c'].map((letter) => `ap-northeast-2${letter}`);
  const separators = { aws: '', gcp: '-', azure: '-', none: '-' } as const;
  const names = provider === 'azure' ? ['1', '2', '3'] : ['a', 'b', 'c'];
  return names.map((name) => `${region}${separators[provider]}${name}`);
}

/** A name of a network interface that the configuration looks for; `ens5`, as on Amazon Linux 2023, where it can be. */
export function deviceOf({ device }: Config['ethtool']): string {
  const pattern = new RegExp(`^(?:${device})$`);
  return ['ens5', 'eth0', 'enp0s5', 'ena0', 'eno1'].find((name) => pattern.test(name)) ?? 'ens5';
}

/** The nodes of the cluster as they always are, their interfaces idle. `start` is the Unix time of the timeline's start. */
export function makeNodes(seed: number, start: number, config: Config): readonly Node[] {
  const random = createRandom(seed);
  const zones = zonesOf(config.cloud);
  const device = deviceOf(config.ethtool);
  return Array.from({ length: ZONES * PER_ZONE }, (_, index) => {
    const zone = zones[index % ZONES] ?? '';
    const internalIp = `10.0.${16 * (index % ZONES)}.${20 + 70 * Math.floor(index / ZONES) + random.int(0, 60)}`;
    const domain = config.cloud.region === '' ? 'ap-northeast-2' : config.cloud.region;
    return {
      name: `ip-${internalIp.replaceAll('.', '-')}.${domain}.compute.internal`,
      zone,
      providerId:
        config.cloud.provider === 'gcp' ? `gce://shop/${zone}/n-${index}` : `aws:///${zone}/i-0${random.text(16)}`,
      internalIp,
      createdAt: start - random.int(3 * DAY, 40 * DAY),
      interfaces: [{ device, exceeded: within(), conntrackAvailable: TRACKABLE }],
      instanceType: config.cloud.provider === 'gcp' ? 'n2-standard-4' : 'm6i.xlarge',
    };
  });
}

/** The nodes with their interfaces as they are at a time, in seconds relative to now. */
export function nodesAt(noise: Noise, nodes: readonly Node[], roles: Roles, seconds: number): readonly Node[] {
  return nodes.map((node) => ({
    ...node,
    interfaces: node.interfaces.map(({ device }) => ({
      device,
      exceeded: { ...within(), ...exceededAt(noise, node.name, roles, seconds) },
      conntrackAvailable: Math.round(availableAt(noise, node.name, node.name === roles.leaking, seconds)),
    })),
  }));
}

function within(): Record<AllowanceKind, number> {
  return { bw_in: 0, bw_out: 0, pps: 0, conntrack: 0, linklocal: 0 };
}

/** How far into a leak the node is, in seconds; undefined while it does not leak. */
export function leakingFor(seconds: number): number | undefined {
  const since = sinceStart(PLOT.leak, seconds);
  return since !== undefined && since < PLOT.leak.lasts ? since : undefined;
}

/** Packets per second above the allowances, where there are any. */
function exceededAt(noise: Noise, node: string, roles: Roles, seconds: number): Partial<Record<AllowanceKind, number>> {
  const about = (rate: number) => Math.max(0.5, rate * noise.wander(`exceeded/${node}`, seconds * 5, 0.4));
  switch (node) {
    case roles.restoring:
      return isWithin(PLOT.restore, seconds) ? { bw_in: about(14) } : {};
    case roles.merging: {
      const since = sinceStart(PLOT.merge, seconds);
      return since !== undefined && since < PLOT.merge.lasts ? { pps: about(2.5) } : {};
    }
    case roles.resolving: {
      const burst = burstAt(seconds);
      return burst === undefined ? {} : { linklocal: burst === 0 ? about(6) : 0.1 };
    }
    case roles.leaking: {
      const since = leakingFor(seconds);
      const { packetsAfter, emptyAfter } = PLOT.leak;
      if (since === undefined || since < packetsAfter) return {};
      const ramp = Math.min(1, (since - packetsAfter) / 900);
      return { pps: about(3 + 25 * ramp), ...(since >= emptyAfter && { conntrack: about(4) }) };
    }
    default:
      return {};
  }
}

function availableAt(noise: Noise, node: string, isLeaking: boolean, seconds: number): number {
  const inUse = 14_000 * noise.wander(`tracked/${node}`, seconds, 0.5);
  const idle = TRACKABLE - inUse;
  const since = isLeaking ? leakingFor(seconds) : undefined;
  return since === undefined ? idle : Math.max(0, idle * (1 - since / PLOT.leak.emptyAfter));
}
