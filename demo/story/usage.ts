import { type Connection, type ContainerUsage, flowsOf, type Pod, type PodUsage } from '../../bench/model.ts';
import { leakingFor } from './nodes.ts';
import { hash, type Noise, timeOfDay } from './noise.ts';
import { isStarving, type ObserverRoles } from './pipeline.ts';
import { burstAt, PLOT } from './plot.ts';

const MI = 2 ** 20;

/** What a pod of a workload uses on an average day: cores, MiB of RSS, MiB of page cache, and whether it has limits. */
interface Habit {
  readonly cpu: number;
  readonly rss: number;
  readonly cache: number;
  readonly isLimited: boolean;
}

const HABITS: Readonly<Record<string, Habit>> = {
  gateway: { cpu: 0.62, rss: 180, cache: 20, isLimited: true },
  web: { cpu: 0.34, rss: 310, cache: 30, isLimited: true },
  checkout: { cpu: 0.41, rss: 420, cache: 25, isLimited: true },
  products: { cpu: 0.38, rss: 350, cache: 40, isLimited: true },
  images: { cpu: 0.55, rss: 240, cache: 150, isLimited: true },
  query: { cpu: 0.72, rss: 510, cache: 60, isLimited: true },
  index: { cpu: 1.45, rss: 2100, cache: 1900, isLimited: false },
  indexer: { cpu: 0.8, rss: 640, cache: 120, isLimited: true },
  ledger: { cpu: 0.66, rss: 900, cache: 700, isLimited: false },
  postgres: { cpu: 1.1, rss: 1400, cache: 2400, isLimited: false },
  // As retina.resources has it.
  'retina-agent': { cpu: 0.24, rss: 210, cache: 40, isLimited: true },
};

const USUAL: Habit = { cpu: 0.12, rss: 90, cache: 15, isLimited: true };

/** The limit of memory is about half more than what is usual. */
const HEADROOM = 1.55;

/** Share of its limit that a pod that leaks connections has allocated in the end. */
const LEAKED = 0.985;
/** When within the leak it has: early enough before now that the alert on it fires. */
const LEAKED_AFTER = 35 * 60;

/** What the usage depends on at a time, in seconds relative to now. */
export interface Moment {
  readonly noise: Noise;
  readonly seconds: number;
  /** The node whose pod of images leaks connections, and the memory that they take. */
  readonly leaking: string;
  readonly observing: ObserverRoles;
  readonly pods: readonly Pod[];
  readonly connections: readonly Connection[];
}

/** What every pod uses, by its uid: CPU by the time of day, memory by habit, and the network that its connections carry. */
export function usageAt(moment: Moment): ReadonlyMap<string, PodUsage> {
  const carried = bytesByPod(moment.connections);
  return new Map(
    moment.pods.map((pod) => {
      const { sent = 0, received = 0 } = carried.get(pod.uid) ?? {};
      return [pod.uid, { containers: [containerOf(moment, pod)], transmit: sent, receive: received }];
    }),
  );
}

function containerOf({ noise, seconds, leaking, observing }: Moment, pod: Pod): ContainerUsage {
  const { name } = pod.workload;
  const habit = HABITS[name] ?? USUAL;
  const ordinal = hash(pod.uid);
  // Pods of one workload differ, but not much.
  const share = 0.9 + (ordinal % 21) / 100;
  const cpuLimit = Math.ceil(habit.cpu * 10) / 5;
  const memoryLimit = Math.ceil((habit.rss + habit.cache) * HEADROOM * MI);
  const isAsking = name === 'price-sync' && burstAt(seconds) !== undefined;
  const isStarved = isStarving(observing, pod, seconds);
  const cpu =
    isAsking || isStarved
      ? 0.97 * cpuLimit
      : habit.cpu * share * timeOfDay(seconds) * noise.wander(`cpu/${pod.uid}`, seconds, 0.18);
  const usual = habit.rss * MI * share * noise.wander(`rss/${pod.uid}`, seconds, 0.05);
  const leak = name === 'images' && pod.node === leaking ? leakingFor(seconds) : undefined;
  const rss = leak === undefined ? usual : usual + (LEAKED * memoryLimit - usual) * Math.min(1, leak / LEAKED_AFTER);
  return {
    name,
    cpu,
    rss: Math.round(rss),
    workingSet: Math.round(rss + Math.min(habit.cache * MI, Math.max(0, memoryLimit - rss)) * 0.8),
    requests: { cpu: Math.ceil(habit.cpu * 10) / 10, memory: Math.ceil(habit.rss * 1.2) * MI },
    ...(habit.isLimited && {
      limits: { cpu: cpuLimit, memory: memoryLimit },
      throttled: isAsking ? 0.58 : isStarved ? 0.44 : Math.max(0, (cpu / cpuLimit - 0.45) / 4),
    }),
    restarts: name === 'images' && pod.node === leaking ? leaksBefore(seconds) : 0,
  };
}

/** How often the pod that leaks was restarted. */
function leaksBefore(seconds: number): number {
  const { at, lasts, every } = PLOT.leak;
  return Math.max(0, Math.floor((seconds - at - lasts) / every) + 1);
}

/** Bytes per second that each pod sends and receives. */
function bytesByPod(connections: readonly Connection[]): ReadonlyMap<string, { sent: number; received: number }> {
  const all = new Map<string, { sent: number; received: number }>();
  const of = (uid: string) => {
    const found = all.get(uid) ?? { sent: 0, received: 0 };
    all.set(uid, found);
    return found;
  };
  for (const { source, destination, bytes } of connections.flatMap(flowsOf)) {
    if (source.kind === 'pod') of(source.pod.uid).sent += bytes;
    if (destination.kind === 'pod') of(destination.pod.uid).received += bytes;
  }
  return all;
}
