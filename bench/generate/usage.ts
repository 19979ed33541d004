import type { ContainerUsage, Pod, PodUsage } from '../model.ts';
import type { Random } from '../random.ts';

const KI = 2 ** 10;
const MI = 2 ** 20;

/** What every pod with a node uses, by its uid: one or two containers, most with requests, half of them with limits. */
export function generateUsage(random: Random, pods: readonly Pod[]): ReadonlyMap<string, PodUsage> {
  return new Map(
    pods
      .filter(({ node }) => node !== '')
      .map(({ uid, workload }) => {
        const names = random.int(0, 2) === 0 ? [workload.name, 'sidecar'] : [workload.name];
        const containers = names.map((name) => containerUsage(random, name));
        return [
          uid,
          { containers, receive: random.int(2_000, 900_000), transmit: random.int(2_000, 900_000) },
        ] as const;
      }),
  );
}

function containerUsage(random: Random, name: string): ContainerUsage {
  const cpu = random.int(500, 90_000) / 100_000;
  // In small units, so that no two are the same: the largest few are always the same ones.
  const rss = random.int(20 * KI, 400 * KI) * KI;
  const isLimited = random.int(0, 1) === 0;
  return {
    name,
    cpu,
    rss,
    workingSet: rss + random.int(KI, 60 * KI) * KI,
    ...(random.int(0, 4) > 0 && { requests: { cpu: 0.25, memory: 128 * MI } }),
    ...(isLimited && { limits: { cpu: 1, memory: 512 * MI }, throttled: random.int(0, 6000) / 10_000 }),
    restarts: random.int(0, 3),
  };
}
