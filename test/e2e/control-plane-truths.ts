import type { Pod } from '../../bench/model.ts';
import type { ApiRequest, Timed } from '../../bench/model/control-plane.ts';
import { planeOf, RUN } from './control-plane.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

/** Bounds of the buckets that are stored, by hand: of the API server what kube-prometheus-stack keeps. */
const SLI = [0.05, 0.1, 1, 5, 8, 10, 30, 60];
const ETCD = [0.005, 0.025, ...SLI];
const WAIT = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const doubled = (first: number, count: number) => Array.from({ length: count }, (_, index) => first * 2 ** index);
const SCHEDULING = doubled(0.01, 20);
const DISK = doubled(0.001, 14);
const QUEUE = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
const START = [0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60];
const PULL = [1, 5, 10, 20, 30, 60];

/** The share of requests that take at most so long: each kind is spread evenly from 0 to twice its mean. */
const upTo = (all: readonly Timed[], bound: number): number =>
  all.reduce((sum, { perSecond, seconds }) => sum + perSecond * Math.min(1, bound / (2 * seconds)), 0);

const totalOf = (all: readonly { readonly perSecond: number }[]): number =>
  all.reduce((sum, { perSecond }) => sum + perSecond, 0);

/** The quantile as buckets with these bounds tell it. */
function quantile(q: number, all: readonly Timed[], bounds: readonly number[]): number {
  const rank = q * totalOf(all);
  const index = bounds.findIndex((bound) => upTo(all, bound) >= rank);
  const bound = bounds[index] ?? Number.NaN;
  const below = index === 0 ? 0 : (bounds[index - 1] ?? Number.NaN);
  const [counted, reached] = [index === 0 ? 0 : upTo(all, below), upTo(all, bound)];
  return below + ((rank - counted) / (reached - counted)) * (bound - below);
}

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const none: Answer = { all: [] };
const host = (name: string): string => (/^[a-zA-Z]/.test(name) ? (name.split('.')[0] ?? '') : name);

/** Items by a text that each has, in the order of the first of each. */
function by<T>(all: readonly T[], key: (one: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups];
}

const isRead = ({ verb }: ApiRequest): boolean => ['GET', 'LIST'].includes(verb);
const isChange = ({ verb }: ApiRequest): boolean => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(verb);

/** Every panel of cluster-scale with the truth for each of its queries, from what the control plane does. */
export function clusterScaleTruths({ cluster }: Stack): Readonly<Record<string, readonly Answer[]>> {
  const plane = planeOf(cluster);
  const { requests, levels, etcd, scheduler, members } = plane;
  const here = { cluster: cluster.name };
  const servers = plane.apiServers.length;
  const series = (
    items: readonly (readonly [labels: Expected['labels'], value: number])[],
    limit?: number,
  ): Answer => ({
    all: items.map(([labels, value]) => ({ labels: { ...here, ...labels }, value })),
    ...(limit !== undefined && { limit }),
  });
  const bare = (items: readonly (readonly [labels: Expected['labels'], value: number])[], limit?: number): Answer => ({
    all: items.map(([labels, value]) => ({ labels, value })),
    ...(limit !== undefined && { limit }),
  });

  const ending = requests.filter(({ verb }) => verb !== 'WATCH');
  const slowOf = (some: readonly ApiRequest[], bound: number) => 1 - upTo(some, bound) / totalOf(some);
  const kinds = [
    ['change', slowOf(ending.filter(isChange), 1)],
    [
      'read',
      slowOf(
        ending.filter((one) => isRead(one) && one.scope === 'resource'),
        1,
      ),
    ],
    [
      'list',
      slowOf(
        ending.filter((one) => isRead(one) && one.scope !== 'resource'),
        30,
      ),
    ],
  ] as const;
  const failed = requests.flatMap(({ verb, resource, failing = {} }) =>
    Object.entries(failing).map(([code, rate]) => ({ verb, resource, code, rate })),
  );
  const share = failed.reduce((sum, { rate }) => sum + rate, 0) / totalOf(requests);
  const queuing = levels.filter(({ name }) => name !== 'exempt');
  const wait = ({ perSecond, waits }: (typeof levels)[number]) => quantile(0.99, [{ perSecond, seconds: waits }], WAIT);
  const operations = etcd.map((one) => [one, quantile(0.99, [one], ETCD)] as const);
  const start = plane.starting;
  const podStart = (q: number) => quantile(q, [start.pods], START);
  const worstWait = Math.max(...queuing.map(wait));

  /** Pods that hold a place. */
  const placed = cluster.pods.filter(({ node, phase }) => node !== '' && phase !== 'Succeeded' && phase !== 'Failed');
  const onNodes = by(placed, ({ node }: Pod) => node).map(([node, pods]) => ({ node, pods: pods.length }));
  const fullest = Math.max(...onNodes.map(({ pods }) => pods)) / plane.maxPods;
  const ofRun = cluster.pods.filter(({ namespace }) => plane.run?.namespaces.includes(namespace) === true);
  const phases = by(
    ofRun.filter(({ phase = 'Running' }) => ['Running', 'Pending', 'Failed'].includes(phase)),
    ({ phase = 'Running' }) => phase,
  );
  const runs = (value: number): Answer => series([[{ uuid: RUN }, value]]);
  const inPhase = (wanted: string): Answer => {
    const count = phases.find(([phase]) => phase === wanted)?.[1].length;
    return count === undefined ? none : runs(count);
  };
  /** What is taken at each API server, of what comes in there. */
  const inflight = (some: readonly ApiRequest[]) =>
    Math.ceil((2 * some.reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0)) / servers);
  const nodeNames = cluster.nodes.map(({ name }) => name);
  const failing = (node: string) => plane.sandboxErrors[node] ?? 0;
  const quantiles = (labels: Expected['labels'], value: (q: number) => number) =>
    series([0.5, 0.99].map((q) => [{ ...labels, quantile: String(q) }, value(q)] as const));
  const stage = (name: string, timed: Timed, bounds: readonly number[]) =>
    quantiles({ stage: name }, (q) => quantile(q, [timed], bounds));
  const reading = ending.filter(isRead);
  const changing = ending.filter((one) => !isRead(one));

  return {
    'slow-requests': [number(Math.max(...kinds.map(([, value]) => value)))],
    'failed-requests': [number(share)],
    waiting: [number(worstWait)],
    etcd: [number(Math.max(...operations.flatMap(([{ operation }, value]) => (operation === 'list' ? [] : [value]))))],
    'fullest-node': [number(fullest)],
    unschedulable: [number(plane.unschedulable.size)],
    sandboxes: [number(60 * nodeNames.reduce((sum, node) => sum + failing(node), 0))],
    'pod-start': [number(podStart(0.99))],
    'firing-alerts': [none, { all: [{ labels: { alertname: 'none' }, value: 1 }] }],
    runs: [
      // Half a minute at most, less what it took to settle.
      { all: [{ labels: { ...here, uuid: RUN }, value: 20, upTo: 32 }] },
      inPhase('Running'),
      inPhase('Pending'),
      runs(Math.max(...kinds.map(([, value]) => value))),
      runs(worstWait),
      runs(Math.max(...operations.map(([, value]) => value))),
      runs(podStart(0.99)),
      runs(fullest),
    ],
    'places-by-node': [
      series(
        onNodes.map(({ node, pods }) => [{ node, limit: 'max_pods', host: host(node) }, pods / plane.maxPods] as const),
        10,
      ),
    ],
    'pods-by-node': [
      series(
        onNodes.map(({ node, pods }) => [{ node, host: host(node) }, pods] as const),
        10,
      ),
    ],
    'held-up': [number(plane.unschedulable.size), number(plane.creating.size)],
    'sandbox-errors': [
      series(
        nodeNames.map((node) => [{ node, host: host(node) }, 60 * failing(node)] as const),
        10,
      ),
    ],
    'pod-start-stages': [
      stage('without_images', start.pods, START),
      stage('total', { perSecond: start.pods.perSecond, seconds: start.total }, START),
    ],
    'image-pull': [stage('image_pull', start.pulls, PULL)],
    'pods-started': [
      series(
        nodeNames.map((node) => [{ node, host: host(node) }, start.pods.perSecond] as const),
        10,
      ),
    ],
    'run-pods': [bare(phases.map(([phase, pods]) => [{ phase }, pods.length] as const))],
    'latency-by-request': [
      series(
        by(ending, ({ verb, resource }) => `${verb} ${resource}`).map(([key, some]) => {
          const [verb = '', resource = ''] = key.split(' ');
          return [{ verb, resource, quantile: '0.99' }, quantile(0.99, some, SLI)] as const;
        }),
        10,
      ),
    ],
    'slow-by-kind': [bare(kinds.map(([kind, value]) => [{ kind }, value] as const))],
    'requests-by-verb': [
      bare(by(requests, ({ verb }) => verb).map(([verb, some]) => [{ verb }, totalOf(some)] as const)),
    ],
    'requests-by-resource': [
      bare(
        by(requests, ({ resource }) => resource).map(([resource, some]) => [{ resource }, totalOf(some)] as const),
        10,
      ),
    ],
    'errors-by-request': [
      series(
        failed.map(({ verb, resource, code, rate }) => [{ verb, resource, code }, rate] as const),
        10,
      ),
    ],
    inflight: [
      series(
        plane.apiServers.flatMap((instance) => [
          [{ instance, request_kind: 'readOnly' }, inflight(reading)] as const,
          [{ instance, request_kind: 'mutating' }, inflight(changing)] as const,
        ]),
      ),
    ],
    'waits-by-level': [
      series(queuing.map((level) => [{ priority_level: level.name, quantile: '0.99' }, wait(level)] as const)),
    ],
    // Each API server has such queues and seats.
    'queued-by-level': [
      series(queuing.map(({ name, queued }) => [{ priority_level: name }, servers * queued] as const)),
    ],
    'seats-by-level': [
      series(queuing.map(({ name, executing, seats }) => [{ priority_level: name }, executing / seats] as const)),
    ],
    'rejected-by-level': [
      series(
        levels.map(({ name, rejected }) => [{ priority_level: name, reason: 'queue-full' }, rejected] as const),
        10,
      ),
    ],
    'etcd-latency': [
      series(operations.map(([{ operation }, value]) => [{ operation, quantile: '0.99' }, value] as const)),
    ],
    'etcd-requests': [
      series(etcd.map(({ operation, perSecond }) => [{ operation }, perSecond] as const)),
      number(etcd.reduce((sum, one) => sum + one.failing, 0)),
    ],
    'etcd-size': [series([[{}, plane.databaseBytes]])],
    'stored-objects': [
      series(
        Object.entries(plane.objects).map(([resource, count]) => [{ resource }, count] as const),
        10,
      ),
    ],
    'etcd-disk': [
      series(
        members.map(({ instance, fsync }) => [{ instance, quantile: '0.99' }, quantile(0.99, [fsync], DISK)] as const),
      ),
      series(
        members.map(
          ({ instance, commit }) => [{ instance, quantile: '0.99' }, quantile(0.99, [commit], DISK)] as const,
        ),
      ),
    ],
    'etcd-quota': [
      series(members.map(({ instance }) => [{ instance }, plane.databaseBytes / plane.quotaBytes] as const)),
    ],
    'etcd-leader': [
      series(members.map(({ instance, leaderChanges }) => [{ instance }, 3600 * leaderChanges] as const)),
    ],
    memory: [series(plane.apiServers.map((instance) => [{ instance }, plane.memory] as const))],
    'list-bytes': [
      series(
        by(
          requests.filter(({ verb }) => verb === 'LIST'),
          ({ resource }) => resource,
        ).map(([resource, some]) => [
          { resource },
          some.reduce((sum, { perSecond, bytes = 0 }) => sum + perSecond * bytes, 0),
        ]),
        10,
      ),
    ],
    'list-objects': [
      series(
        plane.lists.flatMap(({ resource, fromEtcd, fromCache }) => [
          [{ resource, served: 'etcd' }, fromEtcd] as const,
          [{ resource, served: 'cache' }, fromCache] as const,
        ]),
        10,
      ),
    ],
    'watch-events': [
      series(
        plane.watches.map(({ kind, events }) => [{ object: kind }, events] as const),
        10,
      ),
    ],
    watchers: [
      series(
        plane.watches.map(({ resource, open }) => [{ resource }, servers * open] as const),
        10,
      ),
    ],
    cpu: [series(plane.apiServers.map((instance) => [{ instance }, plane.cpu] as const))],
    'pending-by-queue': [series(Object.entries(scheduler.pending).map(([queue, pods]) => [{ queue }, pods] as const))],
    scheduling: [quantiles({}, (q) => quantile(q, [scheduler.scheduling], SCHEDULING))],
    attempts: [series(Object.entries(scheduler.attempts).map(([result, rate]) => [{ result }, rate] as const))],
    'rejected-by-plugin': [
      series(Object.entries(scheduler.plugins).map(([plugin, pods]) => [{ plugin }, pods] as const)),
    ],
    'queue-depth': [
      series(
        plane.queues.map(({ name, depth }) => [{ name }, depth] as const),
        10,
      ),
    ],
    'queue-waits': [
      series(
        plane.queues.map((one) => [{ name: one.name, quantile: '0.99' }, quantile(0.99, [one], QUEUE)] as const),
        10,
      ),
    ],
    'queue-adds': [
      series(
        plane.queues.map(({ name, perSecond }) => [{ name }, perSecond] as const),
        10,
      ),
    ],
  };
}
