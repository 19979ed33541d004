import { ProblemError } from '../../generators/index.ts';
import { OUTSIDE, type Recording, type Volume } from './recording.ts';

/** What one end sent to another while the agents watched. */
export interface PairVolume {
  readonly source: string;
  readonly destination: string;
  readonly volume: Volume;
}

const plus = (one: Volume, other: Volume, sign: 1 | -1 = 1): Volume => ({
  bytes: one.bytes + sign * other.bytes,
  packets: one.packets + sign * other.packets,
});

const NOTHING: Volume = { bytes: 0, packets: 0 };

export const summed = (volumes: readonly Volume[]): Volume =>
  volumes.reduce((total, volume) => plus(total, volume), NOTHING);

/** Whether an end is a pod with an interface of its own; on the network of its host it is its node. */
export const isPod = ({ pods }: Recording, end: string): boolean => end in pods && pods[end]?.hostNetwork !== true;

/** The node of a pod, or the node itself; undefined outside of the cluster. */
export const nodeOf = ({ pods, nodes }: Recording, end: string): string | undefined =>
  pods[end]?.node ?? (end in nodes ? end : undefined);

/** The zone of an end; `unknown` outside of the cluster. */
export const zoneOf = (recording: Recording, end: string): string => {
  const zone = recording.nodes[nodeOf(recording, end) ?? '']?.zone ?? '';
  return zone === '' ? 'unknown' : zone;
};

/** Whether both ends are in the cluster, on different nodes. */
export function isAcrossNodes(recording: Recording, one: string, other: string): boolean {
  const [here, there] = [nodeOf(recording, one), nodeOf(recording, other)];
  return here !== undefined && there !== undefined && here !== there;
}

/** Whether both ends are in the cluster, in different zones that are known. */
export const isAcrossZones = (recording: Recording, one: string, other: string): boolean => {
  const zones = [one, other].map((end) => zoneOf(recording, end));
  return !zones.includes('unknown') && zones[0] !== zones[1];
};

/**
 * What each pair of ends exchanged, in both directions. Interfaces count for all peers together: the volume of a pair follows from a pod that
 * has no other peer, then from pods whose other peers are known. ARP stays with the pairs.
 * @throws ProblemError for pairs whose volume the interfaces do not tell.
 */
export function pairVolumes(recording: Recording): readonly PairVolume[] {
  const { traffic, truth } = recording;
  const open = new Map(
    traffic.map(({ client, server }) => [[client, server].toSorted().join(' '), [client, server] as const]),
  );
  const known: PairVolume[] = [];
  const others = (end: string, direction: 'source' | 'destination') =>
    summed(known.filter((pair) => pair[direction] === end).map(({ volume }) => volume));
  const peersOf = (end: string) => known.filter(({ source }) => source === end).length;
  for (;;) {
    // Those with the fewest other peers first: what is subtracted for these has ARP in it.
    const [candidate] = [...open]
      .flatMap(([key, ends]) => ends.map((pod, index) => ({ key, pod, peer: ends[1 - index] ?? OUTSIDE })))
      .filter(
        ({ pod }) => isPod(recording, pod) && [...open.values()].filter((ends) => ends.includes(pod)).length === 1,
      )
      .toSorted((one, other) => peersOf(one.pod) - peersOf(other.pod));
    const counters = candidate === undefined ? undefined : truth[candidate.pod];
    if (candidate === undefined || counters === undefined) break;
    const { key, pod, peer } = candidate;
    open.delete(key);
    known.push(
      { source: pod, destination: peer, volume: plus(counters.tx, others(pod, 'source'), -1) },
      { source: peer, destination: pod, volume: plus(counters.rx, others(pod, 'destination'), -1) },
    );
  }
  if (open.size > 0) {
    const pairs = [...open.values()].map((ends) => ends.join(' and '));
    throw new ProblemError(recording.title, [
      {
        path: 'traffic',
        message: `the interfaces do not tell what ${pairs.join('; ')} exchanged: expected pods whose peers form no ring`,
      },
    ]);
  }
  return known;
}

/** Bytes of an Ethernet header, which interfaces count and IP does not. */
const ETHERNET = 14;
/** Bytes of the headers of a TCP segment with timestamps, and what it carries at most where the MTU is 1,500. */
const HEADERS = 66;
const SEGMENT = 1_448;

/**
 * A volume in what the agent of a recording counts. Where packets are merged, an interface counts them merged as well, and the truth is the
 * least number of packets that can carry so many bytes.
 */
export function inUnit({ bytes: layer, offloads }: Recording, unit: string, { bytes, packets }: Volume): number {
  if (unit === 'network_bytes') return layer === 'ip' ? bytes - ETHERNET * packets : bytes;
  return offloads === 'off' ? packets : Math.max(packets, Math.ceil((bytes - HEADERS * packets) / SEGMENT));
}
