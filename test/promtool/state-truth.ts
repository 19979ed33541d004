import { seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { NOW, type Told } from './state-series.ts';

/** A series of a record: its labels and its value. */
export interface Row {
  readonly labels: Labels;
  readonly value: number;
}

const UNKNOWN = 'unknown';

/** What is told of an object, whichever instance tells it: the value is the largest, and the time the last. */
interface Known {
  readonly labels: Labels;
  readonly value: number;
  readonly seen: number;
  readonly isNow: boolean;
}

/** The objects that one metric tells of, as far as they are remembered. */
function knownBy(told: readonly Told[], metric: string): readonly Known[] {
  const found = new Map<string, Known>();
  for (const one of told) {
    if (one.metric !== metric || one.seen > 600) continue;
    const { instance: _instance = '', ...labels } = one.labels;
    const key = seriesText(metric, labels);
    const known = found.get(key);
    found.set(key, {
      labels,
      value: Math.max(one.value, known?.value ?? one.value),
      seen: Math.min(one.seen, known?.seen ?? one.seen),
      isNow: (!one.isGone && one.seen < 300) || known?.isNow === true,
    });
  }
  return [...found.values()];
}

/** Values of some labels as text, '' for those that are missing. */
const keyOf = (labels: Labels, ...names: readonly string[]): string =>
  names.map((name) => labels[name] ?? '').join('|');
const latest = <T extends { readonly seen: number }>(all: readonly T[]): T | undefined =>
  all.toSorted((one, other) => one.seen - other.seen)[0];

/** Two of equal rank: any of them may be recorded, so nothing can be expected of such a cluster. */
export class Tie extends Error {}

/**
 * The first of each key by rank, the larger numbers first.
 * @throws Tie where several are first in rank and differ in what is told of them.
 */
export function firstOfEach<T>(
  all: readonly T[],
  keyed: (one: T) => string,
  rank: (one: T) => readonly number[],
  tell: (one: T) => unknown,
): readonly T[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyed(one), [...(groups.get(keyed(one)) ?? []), one]);
  const compare = (one: T, other: T): number => {
    const ranks = rank(other);
    return (
      rank(one)
        .map((value, index) => (ranks[index] ?? 0) - value)
        .find((by) => by !== 0) ?? 0
    );
  };
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group.toSorted(compare);
    if (first === undefined) return [];
    const equals = others.filter((one) => compare(first, one) === 0);
    if (equals.some((one) => JSON.stringify(tell(one)) !== JSON.stringify(tell(first)))) throw new Tie(keyed(first));
    return [first];
  });
}

const isRefused = (zone: string): boolean => /^\d+$/.test(zone);

/** The zone of a node, and the zone that is refused where it has no other. */
export interface NodePlace {
  readonly zone: string;
  readonly refused?: string;
}

/** A pod as it was created, with its node, zone and workload. */
export interface Incarnation {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly node: string;
  readonly host_network: string;
  readonly zone: string;
  readonly reason: string;
  readonly workload_type: string;
  readonly workload: string;
  readonly created: number;
}

/** What follows from what is told of one cluster. */
export interface Truth {
  readonly places: ReadonlyMap<string, NodePlace>;
  readonly controllers: readonly Labels[];
  readonly incarnations: readonly Incarnation[];
  /** The newest of each name. */
  readonly pods: readonly Incarnation[];
  /** When each node was created, less its silence in days. */
  readonly nodesCreated: ReadonlyMap<string, number>;
  readonly isDescribed: boolean;
  readonly known: (metric: string) => readonly Known[];
}

/** Zones of nodes: what the label says last, else the provider ID, if it counts. */
function placesOf(known: Truth['known']): Map<string, NodePlace> {
  const byLabel = (node: string) =>
    latest(
      known('kube_node_labels').filter(
        ({ labels }) => labels['node'] === node && labels['label_topology_kubernetes_io_zone'] !== '',
      ),
    )?.labels['label_topology_kubernetes_io_zone'];
  const provided = (id = '') => /^(?:aws:\/\/\/|gce:\/\/[^/]+\/)([^/]+)\/.+$/.exec(id)?.[1];
  const byProvider = (node: string) =>
    provided(
      latest(
        known('kube_node_info').filter(
          ({ labels }) => labels['node'] === node && provided(labels['provider_id']) !== undefined,
        ),
      )?.labels['provider_id'],
    );
  const nodes = ['kube_node_labels', 'kube_node_info', 'kube_pod_info'].flatMap((metric) =>
    known(metric).flatMap(({ labels: { node = '', label_topology_kubernetes_io_zone: zone = '' } }) =>
      node === '' || (metric === 'kube_node_labels' && zone === '') ? [] : [node],
    ),
  );
  return new Map(
    nodes.flatMap((node): [string, NodePlace][] => {
      const zones = [byLabel(node), byProvider(node)].filter((zone) => zone !== undefined);
      const zone = zones.find((one) => !isRefused(one));
      if (zone !== undefined) return [[node, { zone }]];
      // A node of which nothing but a refused label is left is no node.
      const isThere = ['kube_node_info', 'kube_pod_info'].some((metric) =>
        known(metric).some(({ labels }) => labels['node'] === node),
      );
      return isThere ? [[node, { zone: UNKNOWN, ...(zones[0] === undefined ? {} : { refused: zones[0] }) }]] : [];
    }),
  );
}

/** Workflows with a generated name are those of their prefix. */
const rolled = (type: string, name: string): string => (type === 'Workflow' ? name.replace(/-[bcdf]{5}$/, '') : name);

const BARE: ReadonlySet<string> = new Set(['', '<none>', 'Node']);

/** What names the controller of a pod: one without a controller is its own. */
const controllerOf = ({ created_by_kind = '', created_by_name = '', pod = '' }: Labels) => ({
  created_by_kind,
  created_by_name: BARE.has(created_by_kind) ? pod : created_by_name,
});

function controllersOf(known: Truth['known']): readonly Labels[] {
  const found = new Map<string, Labels>();
  const add = (labels: Labels) => {
    const key = keyOf(labels, 'namespace', 'created_by_kind', 'created_by_name');
    if (!found.has(key)) found.set(key, labels);
  };
  for (const [metric, created_by_kind, label] of [
    ['kube_replicaset_owner', 'ReplicaSet', 'replicaset'],
    ['kube_job_owner', 'Job', 'job_name'],
  ] as const) {
    const owners = known(metric).filter(({ labels }) => labels['owner_is_controller'] === 'true');
    // What is there now comes before what was, and of that the last that was scraped.
    for (const { labels } of owners.toSorted(
      (one, other) => Number(other.isNow) - Number(one.isNow) || one.seen - other.seen,
    )) {
      const { namespace = '', owner_kind = '', owner_name = '', [label]: name = '' } = labels;
      const workload = { workload_type: owner_kind, workload: rolled(owner_kind, owner_name) };
      add({ namespace, created_by_kind, created_by_name: name, ...workload });
    }
  }
  for (const { labels } of known('kube_pod_info')) {
    const { namespace = '', node = '' } = labels;
    if (node === '') continue;
    const by = controllerOf(labels);
    const { created_by_kind: kind, created_by_name: name } = by;
    const type = { '': 'Pod', '<none>': 'Pod', Node: 'StaticPod' }[kind] ?? kind;
    add({ namespace, ...by, workload_type: type, workload: rolled(type, name) });
  }
  return [...found.values()];
}

/** What must be recorded of a cluster, as far as it is not about addresses. */
export function truthOf(told: readonly Told[]): Truth {
  const remembered = new Map<string, readonly Known[]>();
  const known = (metric: string) => {
    const found = remembered.get(metric) ?? knownBy(told, metric);
    remembered.set(metric, found);
    return found;
  };
  const places = placesOf(known);
  const controllers = controllersOf(known);
  const created = (metric: string, labels: Labels, ...key: readonly string[]): number | undefined =>
    known(metric).find((one) => keyOf(one.labels, ...key) === keyOf(labels, ...key))?.value;
  const found = known('kube_pod_info').flatMap(({ labels }): Incarnation[] => {
    const { namespace = '', pod = '', uid = '', node = '', host_network: host = '' } = labels;
    if (node === '') return [];
    const { zone = UNKNOWN, refused } = places.get(node) ?? {};
    const by = { namespace, ...controllerOf(labels) };
    const key = ['namespace', 'created_by_kind', 'created_by_name'];
    const { workload_type = '', workload = '' } =
      controllers.find((one) => keyOf(one, ...key) === keyOf(by, ...key)) ?? {};
    return [
      {
        namespace,
        pod,
        uid,
        node,
        host_network: host === '' ? 'false' : host,
        zone,
        reason: refused === undefined ? '' : 'invalid_zone',
        workload_type,
        workload,
        // Without a creation time, older than all that have one.
        created: created('kube_pod_created', labels, 'namespace', 'pod', 'uid') ?? 1,
      },
    ];
  });
  // A pod that was adopted may be of the same workload as before.
  const incarnations = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  const pods = firstOfEach(
    incarnations,
    ({ namespace, pod }) => `${namespace}/${pod}`,
    (one) => [one.created],
    ({ uid: _uid, ...others }) => others,
  );
  const nodeInfos = known('kube_node_info');
  const names = [...new Set(nodeInfos.flatMap(({ labels: { node = '' } }) => (node === '' ? [] : [node])))];
  const nodesCreated = new Map(
    names.map((node) => {
      const silence = latest(nodeInfos.filter(({ labels }) => labels['node'] === node))?.seen ?? 0;
      return [node, (NOW - silence - NOW) / 86_400 + (created('kube_node_created', { node }, 'node') ?? 0)];
    }),
  );
  // The labels of the target are those of its own pod, which every scrape finds.
  const own = new Set(nodeInfos.map(({ labels }) => keyOf(labels, 'namespace', 'pod')));
  const isDescribed = pods.some((pod) => !own.has(`${pod.namespace}|${pod.pod}`));
  return { places, controllers, incarnations, pods, nodesCreated, isDescribed, known };
}
