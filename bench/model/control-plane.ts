import type { Pod } from './pod.ts';

/** Requests of one kind to the API servers, over all of them. */
export interface ApiRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly scope: 'resource' | 'namespace' | 'cluster';
  readonly perSecond: number;
  /** Mean seconds until the answer. */
  readonly seconds: number;
  /** Of them, those that fail, by code. */
  readonly failing?: Readonly<Record<string, number>>;
  /** Bytes of an answer; only of reads. */
  readonly bytes?: number;
}

/** A priority level of API priority and fairness: its seats and queue at each API server, its requests over all of them. */
export interface PriorityLevel {
  readonly name: string;
  readonly seats: number;
  readonly executing: number;
  readonly queued: number;
  readonly perSecond: number;
  /** Mean seconds that a request waits for a seat. */
  readonly waits: number;
  readonly rejected: number;
}

/** Something that happens so often a second, and takes so long in the mean. */
export interface Timed {
  readonly perSecond: number;
  readonly seconds: number;
}

/** How pods start, on every node alike. */
export interface Starting {
  readonly pods: Timed;
  /** With images, and pulling them. */
  readonly total: number;
  readonly pulls: Timed;
}

/** A run of kube-burner whose namespaces exist. */
export interface Run {
  readonly uuid: string;
  readonly namespaces: readonly string[];
  /** Its pods, which kube-state-metrics knows beside those of the cluster. */
  readonly pods: readonly Pod[];
}

/** The control plane of a cluster at a time: what its processes count, in figures over all replicas. */
export interface ControlPlane {
  /** Addresses of the API servers. */
  readonly apiServers: readonly string[];
  readonly requests: readonly ApiRequest[];
  readonly levels: readonly PriorityLevel[];
  readonly etcd: readonly (Timed & { readonly operation: string; readonly failing: number })[];
  readonly watches: readonly {
    readonly group: string;
    readonly resource: string;
    readonly kind: string;
    readonly open: number;
    readonly events: number;
  }[];
  /** Objects per second that lists read. */
  readonly lists: readonly { readonly resource: string; readonly fromEtcd: number; readonly fromCache: number }[];
  readonly objects: Readonly<Record<string, number>>;
  /** Of each API server: bytes, and cores. */
  readonly memory: number;
  readonly cpu: number;
  readonly databaseBytes: number;
  readonly scheduler: {
    readonly pending: Readonly<Record<string, number>>;
    readonly attempts: Readonly<Record<string, number>>;
    readonly scheduling: Timed;
    readonly plugins: Readonly<Record<string, number>>;
  };
  readonly queues: readonly (Timed & { readonly name: string; readonly depth: number })[];
  readonly members: readonly {
    readonly instance: string;
    readonly fsync: Timed;
    readonly commit: Timed;
    readonly leaderChanges: number;
  }[];
  readonly quotaBytes: number;
  readonly starting: Starting;
  /** Sandboxes per second that fail, by node; none on other nodes. */
  readonly sandboxErrors: Readonly<Record<string, number>>;
  /** Pods that a kubelet allows. */
  readonly maxPods: number;
  readonly run?: Run;
  /** Pods that fit nowhere, and those that wait on their node, by uid. */
  readonly unschedulable: ReadonlySet<string>;
  readonly creating: ReadonlySet<string>;
}

/** What happens to a control plane. */
export interface Load {
  /** From 0 (nothing but what a cluster does by itself) to 1 (a test that creates as fast as it may). */
  readonly load: number;
  readonly maxPods?: number;
  readonly run?: Run;
  readonly unschedulable?: readonly string[];
  readonly creating?: readonly string[];
  /** Nodes that cannot make sandboxes, as they have no addresses left. */
  readonly withoutAddresses?: ReadonlySet<string>;
  /** Pods that are stored. */
  readonly pods: number;
  /** How much a load has already grown the database, from 0 to 1: it does not shrink. */
  readonly written?: number;
  /** How many times as often everything happens, 1 by default: a test that measures for seconds needs counters that count. */
  readonly scale?: number;
  /** Changes of the leader of etcd per second, times the number of the member from 0; none by default. */
  readonly leaderChanges?: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** How much a load is above the point from which requests wait: 0 to 1. */
const overload = (load: number): number => Math.max(0, (load - 0.4) / 0.6);

function requestsUnder(load: number, scale: number): readonly ApiRequest[] {
  const over = overload(load);
  const of = (
    verb: string,
    path: string,
    scope: ApiRequest['scope'],
    [idle, busy]: readonly [number, number],
    [seconds, more]: readonly [number, number],
    rest: Partial<ApiRequest> = {},
  ): ApiRequest => {
    const [group = '', resource = '', subresource = ''] = path.split('/');
    return {
      verb,
      group,
      resource,
      scope,
      ...(subresource !== '' && { subresource }),
      perSecond: scale * (idle + busy * load),
      seconds: seconds + more * over,
      ...rest,
    };
  };
  const refused = (rate: number) => (over > 0 ? { failing: { 429: scale * rate * over } } : {});
  return [
    of('GET', '/pods', 'resource', [7, 40], [0.004, 0.09], { bytes: 4200 }),
    of('GET', 'coordination.k8s.io/leases', 'resource', [24, 2], [0.003, 0.02], { bytes: 600 }),
    of('GET', '/configmaps', 'resource', [3, 12], [0.003, 0.04], { bytes: 1800 }),
    of('LIST', '/pods', 'cluster', [0.4, 2.6], [0.06, 1.9], { bytes: 900_000, failing: { 504: scale * 0.04 * over } }),
    of('LIST', '/events', 'namespace', [0.3, 1.5], [0.03, 0.6], { bytes: 140_000 }),
    of('LIST', 'apps/deployments', 'cluster', [0.3, 0.8], [0.03, 0.5], { bytes: 210_000 }),
    of('PUT', 'coordination.k8s.io/leases', 'resource', [22, 1], [0.006, 0.05]),
    of('PATCH', '/nodes/status', 'resource', [1.8, 0.6], [0.009, 0.12]),
    of('POST', '/pods', 'resource', [0.2, 22], [0.012, 0.74], refused(1.1)),
    of('POST', '/pods/binding', 'resource', [0.2, 21], [0.01, 0.44]),
    of('PATCH', '/pods/status', 'resource', [0.8, 58], [0.011, 0.46]),
    of('POST', 'apps/deployments', 'resource', [0.05, 21], [0.012, 0.66], refused(2.4)),
    of('PUT', 'apps/deployments/status', 'resource', [0.1, 44], [0.01, 0.4]),
    of('POST', '/events', 'resource', [0.9, 70], [0.008, 0.2]),
    of('DELETE', '/pods', 'resource', [0.2, 12], [0.01, 0.5]),
    of('WATCH', '/pods', 'cluster', [0.2, 0.3], [400, 0]),
  ];
}

function levelsUnder(load: number, scale: number): readonly PriorityLevel[] {
  const over = overload(load);
  const level = (
    name: string,
    seats: number,
    [idle, busy]: readonly [number, number],
    perSecond: number,
    wait: number,
    queue = 0,
    rejected = 0,
  ): PriorityLevel => ({
    name,
    seats,
    executing: Math.round(Math.min(seats, idle + busy * load)),
    queued: Math.round(queue * over),
    perSecond: scale * perSecond * (0.2 + load),
    waits: 0.000_8 + wait * over,
    rejected: scale * rejected * over,
  });
  return [
    level('exempt', 0, [1, 0], 4, 0),
    level('global-default', 98, [1, 22], 30, 0.12, 3),
    level('leader-election', 49, [1, 2], 26, 0.001),
    level('node-high', 196, [3, 90], 90, 0.08, 6),
    level('system', 147, [1, 14], 20, 0.004),
    level('workload-high', 196, [2, 240], 160, 0.9, 70),
    level('workload-low', 490, [2, 640], 210, 2.6, 210, 3.5),
  ];
}

/** The control plane of a cluster with two API servers and three members of etcd, under a load. */
export function controlPlaneUnder(state: Load): ControlPlane {
  const { load, pods, maxPods = 58, run, unschedulable = [], creating = [], withoutAddresses = new Set() } = state;
  const { written = load, scale = 1, leaderChanges = 0 } = state;
  const over = overload(load);
  const waiting = unschedulable.length;
  const operation = (name: string, [idle, busy]: readonly [number, number], seconds: number, more: number) => ({
    operation: name,
    perSecond: scale * (idle + busy * load),
    seconds: seconds + more * over,
    failing: scale * (0.002 + 0.03 * over),
  });
  const queue = (name: string, [idle, busy]: readonly [number, number], depth: number) => ({
    name,
    depth: Math.round(depth * over),
    perSecond: scale * (idle + busy * load),
    seconds: 0.000_02 + 0.9 * over * (depth / 100),
  });
  const watch = (group: string, resource: string, kind: string, open: number, events: number) => ({
    group,
    resource,
    kind,
    open,
    events: scale * events * (0.05 + load),
  });
  return {
    apiServers: ['10.0.0.10:443', '10.0.16.10:443'],
    requests: requestsUnder(load, scale),
    levels: levelsUnder(load, scale),
    etcd: [
      operation('get', [60, 180], 0.002, 0.03),
      operation('list', [0.6, 3], 0.012, 0.34),
      operation('create', [1.4, 130], 0.005, 0.06),
      operation('update', [26, 170], 0.005, 0.075),
      operation('delete', [0.4, 20], 0.005, 0.06),
    ],
    watches: [
      watch('', 'pods', 'Pod', 46, 900),
      watch('', 'events', 'Event', 5, 160),
      watch('', 'nodes', 'Node', 38, 60),
      watch('apps', 'deployments', 'Deployment', 9, 130),
      watch('discovery.k8s.io', 'endpointslices', 'EndpointSlice', 22, 40),
      watch('', 'configmaps', 'ConfigMap', 130, 12),
    ],
    lists: [
      { resource: 'pods', fromEtcd: scale * (2 + 260 * load), fromCache: scale * (0.4 + 2.6 * load) * pods },
      { resource: 'events', fromEtcd: scale * (6 + 40 * load), fromCache: scale * (30 + 260 * load) },
      { resource: 'deployments', fromEtcd: scale * 0.4, fromCache: scale * (18 + 90 * load) },
    ],
    objects: {
      pods,
      events: Math.round(900 + 5200 * load),
      'deployments.apps': 16 + (run?.namespaces.length ?? 0),
      'replicasets.apps': 61 + (run?.namespaces.length ?? 0),
      namespaces: 11 + (run?.namespaces.length ?? 0),
      configmaps: 84 + (run?.namespaces.length ?? 0),
      'leases.coordination.k8s.io': 19,
    },
    memory: Math.round((1.7 + 2.9 * load) * GIB),
    cpu: 0.32 + 2.7 * load,
    databaseBytes: Math.round((188 + 74 * written) * MIB),
    quotaBytes: 2 * GIB,
    scheduler: {
      pending: { active: Math.round(70 * over), backoff: Math.round(12 * over), unschedulable: waiting, gated: 0 },
      attempts: {
        scheduled: scale * (0.2 + 21 * load),
        unschedulable: scale * (0.001 + waiting / 20),
        error: 0,
      },
      scheduling: { perSecond: scale * (0.2 + 21 * load), seconds: 0.018 + 1.6 * over },
      plugins: waiting === 0 ? { NodeResourcesFit: 0 } : { NodeResourcesFit: waiting },
    },
    queues: [
      queue('deployment', [0.4, 90], 64),
      queue('replicaset', [0.4, 90], 88),
      queue('endpoint_slice', [1.2, 60], 31),
      queue('namespace', [0.1, 20], 12),
      queue('garbage_collector_attempt_to_delete', [0.3, 40], 45),
      queue('serviceaccount', [0.1, 20], 4),
    ],
    members: ['10.0.0.10:2381', '10.0.16.10:2381', '10.0.32.10:2381'].map((instance, index) => ({
      instance,
      fsync: { perSecond: scale * (30 + 320 * load), seconds: 0.002 + 0.001 * index + 0.012 * over },
      commit: { perSecond: scale * (10 + 40 * load), seconds: 0.004 + 0.001 * index + 0.03 * over },
      leaderChanges: leaderChanges * index,
    })),
    starting: {
      pods: { perSecond: scale * (0.01 + 1.6 * load), seconds: 1.3 + 3.4 * over },
      total: 2.4 + 7.2 * over,
      pulls: { perSecond: scale * (0.01 + 0.5 * load), seconds: 1.2 + 2.6 * over },
    },
    sandboxErrors: Object.fromEntries([...withoutAddresses].map((node) => [node, scale * 0.35])),
    maxPods,
    ...(run !== undefined && { run }),
    unschedulable: new Set(unschedulable),
    creating: new Set(creating),
  };
}
