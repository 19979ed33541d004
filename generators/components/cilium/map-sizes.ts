/** Entries of the maps that `bpf.mapDynamicSizeRatio` sizes. */
export interface MapSizes {
  /** Connections of TCP. */
  readonly tcp: number;
  /** Connections of other protocols. */
  readonly any: number;
  /** Translations of addresses (SNAT), and the neighbours of the load balancer. */
  readonly nat: number;
}

/** Bytes of one entry with the keys of IPv6: connection, translation, neighbour, and reverse translation of a socket. */
const BYTES = { connection: 94, translation: 94, neighbour: 24, socket: 48 } as const;

/** Entries without a ratio, among which the memory is divided. */
const USUAL = { tcp: 524_288, any: 262_144, nat: 524_288, socket: 262_144 } as const;

/** The fewest entries, and the most of any map. */
const LEAST = { tcp: 131_072, any: 65_536, nat: 131_072 } as const;
const MOST = 16_777_216;

const GIB = 2 ** 30;

/**
 * The entries that an agent gives its maps on a node with so much memory. With `bpf.distributedLRU`, sizes are rounded to a multiple of the CPUs.
 * @example mapSizes(0.0025, 30).tcp // 284560
 * Upstream: Cilium, pkg/option/config.go (getDynamicSizeCalculator), and its table in Documentation/network/ebpf/maps.rst.
 */
export function mapSizes(ratio: number, memoryGiB: number): MapSizes {
  const memory = Math.floor(memoryGiB * GIB * ratio);
  const whole =
    (USUAL.tcp + USUAL.any) * BYTES.connection +
    USUAL.nat * (BYTES.translation + BYTES.neighbour) +
    USUAL.socket * BYTES.socket;
  const entries = (map: keyof typeof LEAST): number =>
    Math.min(MOST, Math.max(LEAST[map], Math.floor((USUAL[map] * memory) / whole)));
  return { tcp: entries('tcp'), any: entries('any'), nat: entries('nat') };
}

/** Memory of nodes that the comment in the values tells of, in GiB. */
const NODES = [16, 64, 256] as const;

/** Thousands apart. */
const grouped = (entries: number): string => entries.toLocaleString('en-US');

/** What a ratio gives, in words: `16 GiB: 151,765 TCP and 75,882 other connections, 151,765 translations; ...`. */
export const describedSizes = (ratio: number): string =>
  NODES.map((memory) => {
    const { tcp, any, nat } = mapSizes(ratio, memory);
    return `${memory} GiB: ${grouped(tcp)} TCP and ${grouped(any)} other connections, ${grouped(nat)} translations`;
  }).join('; ');
