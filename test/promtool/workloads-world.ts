import { createRandom } from '../../bench/random.ts';
import type { Labels } from './allowances-input.ts';
import { KUBELET } from './workloads-input.ts';

/** Minutes of the world; each is scraped at its half, and the rules run at the end. */
export const MINUTES = 12;

/** Packets, seconds or periods within each minute: means of the last five, of the last four and of the last one all differ. */
export const perMinute = (units: number): readonly number[] =>
  [...Array.from({ length: MINUTES - 4 }, () => 1), 7, 3, 13, 2].map((times) => times * units);

/** What one kubelet, as one job scrapes it, shows of a container. Counters in the units of `perMinute`. */
export interface Seen {
  readonly scrape: Labels;
  readonly cpu: number;
  /** Undefined without a CPU limit. */
  readonly periods: number | undefined;
  readonly throttled: number | undefined;
  readonly rss: number;
  readonly workingSet: number;
}

/** What one instance of kube-state-metrics says of a container. */
export interface Said {
  /** The labels job, instance and uid. */
  readonly teller: Labels;
  readonly cpu: number;
  readonly memory: number;
  /** Restarts within the last five minutes. */
  readonly restarts: number;
}

export interface Container {
  readonly name: string;
  readonly seen: readonly Seen[];
  readonly said: readonly Said[];
}

/** An interface of a pod, as one kubelet shows it to one job. */
export interface Interface {
  readonly scrape: Labels;
  readonly name: string;
  readonly received: number;
  readonly sent: number;
}

/** A pod as the API server had it; a name may have several, one after the other. */
export interface Incarnation {
  readonly uid: string;
  readonly node: string;
  readonly zone: string;
  readonly workloadType: string;
  readonly workload: string;
  readonly isOnHostNetwork: boolean;
  readonly created: number;
}

export interface Pod {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** The newest last; none of a pod that kube-state-metrics does not describe. */
  readonly incarnations: readonly Incarnation[];
  readonly phase: 'Pending' | 'Running' | 'Succeeded';
  readonly containers: readonly Container[];
  readonly interfaces: readonly Interface[];
}

/** How a kubelet is scraped, and how it is scraped once more: by a difference in one label alone. */
const AGAIN: readonly Labels[] = [
  { job: 'cadvisor' },
  { service: 'other-kubelet' },
  { endpoint: 'http-metrics' },
  { metrics_path: '/metrics/resource' },
];
/** Replicas of kube-state-metrics, and one that two jobs scrape. */
export const TELLERS: readonly Labels[] = [
  { job: 'kube-state-metrics', instance: 'k1' },
  { job: 'kube-state-metrics', instance: 'k2' },
  { job: 'other', instance: 'k1' },
];

/**
 * Pods of few names in two clusters and two namespaces, so that each label alone tells two of them apart. Each kubelet is scraped twice, with different
 * results, and each pod was on two kubelets within the window.
 */
export function podsOf(seed: number): readonly Pod[] {
  const random = createRandom(seed);
  const some = () => random.int(1, 60);
  const places = ['c1', 'c2'].flatMap((cluster) =>
    ['a', 'b'].flatMap((namespace) => ['p', 'q', 'r', 's', 't'].map((name) => ({ cluster, namespace, name }))),
  );
  return places.map((place, index): Pod => {
    const again = AGAIN[index % AGAIN.length] ?? {};
    const ways: readonly Labels[] = ['10.0.0.1:10250', '10.0.0.2:10250'].flatMap((instance) => [
      { ...KUBELET, instance },
      { ...KUBELET, instance, ...again },
    ]);
    const isDescribed = index % 7 !== 6;
    const isIdle = place.name === 't';
    const incarnation = (uid: string, created: number): Incarnation => ({
      uid,
      created,
      node: created === 1 ? 'n0' : random.pick(['n1', 'n2']),
      zone: `z-${uid}`,
      workloadType: created === 1 ? 'DaemonSet' : random.pick(['Deployment', 'Deployment', 'StatefulSet']),
      workload: created === 1 ? 'before' : isIdle ? 'idle' : random.pick(['web', 'web', 'db']),
      isOnHostNetwork: created === 1 ? index % 2 === 0 : index % 3 === 0,
    });
    const uids = ['one', 'two'];
    // Some have no CPU limit; of those that are idle, some hardly run, and some never.
    const limited = (units: number): number | undefined => {
      if (isIdle) return place.cluster === 'c1' ? 1 : 0;
      return index % 3 === 0 ? undefined : units;
    };
    // A limit of 0 is none, as good as, and that of one byte is one; limits are twice the requests.
    const memory = [0, 0.5, 0, 512][index % 4] ?? 0;
    const container = (name: string): Container => ({
      name,
      seen: ways.map((scrape) => ({
        scrape,
        cpu: some(),
        periods: limited(some()),
        throttled: limited(some()),
        rss: some(),
        workingSet: some(),
      })),
      said: TELLERS.flatMap((teller) =>
        uids.map((uid) => ({
          teller: { ...teller, uid },
          cpu: some(),
          memory: memory === 512 ? 100 * some() : memory,
          restarts: isIdle ? 0 : random.int(0, index % 2 === 0 ? 1 : 3),
        })),
      ),
    });
    return {
      ...place,
      incarnations: isDescribed ? [incarnation('two', 1), incarnation('one', 2)] : [],
      phase:
        (['Running', 'Pending', 'Succeeded', 'Running', 'Running'] as const)[(index * 3 + Math.floor(index / 5)) % 5] ??
        'Running',
      containers: ['x', 'y'].map(container),
      interfaces: ways.flatMap((scrape) =>
        ['eth0', 'net1'].map((name) => ({ scrape, name, received: some(), sent: some() })),
      ),
    };
  });
}
