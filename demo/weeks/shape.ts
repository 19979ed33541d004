import type { Node, Pod } from '../../bench/model.ts';
import { type PodMaker, podMaker } from '../story/pods.ts';
import type { Planned } from '../story/workloads.ts';

/** What the nodes run: it changes by deploys, rotations and autoscaling. */
export interface Shape {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
}

/** A lasting change of what runs, at a Unix time in seconds. */
export type Move = (shape: Shape, world: World, unixSeconds: number) => Shape;

/** Makes nodes and pods, each of them once. */
export interface World {
  readonly maker: PodMaker;
  /** The next node of a zone, by the zone's number from 0. */
  nextNode(zone: number, createdAt: number): Node;
}

const ZONES = 3;
const NODES = 12;
/** Connections that an idle node can track. */
export const TRACKABLE = 96_000;

/** The zones of the nodes, by number. */
export const ZONE_NAMES: readonly string[] = ['a', 'b', 'c'].map((letter) => `eu-central-1${letter}`);

const planned = (path: string, kind: Planned['kind'], replicas: number, traits: Partial<Planned> = {}): Planned => {
  const [namespace = '', name = ''] = path.split('/');
  return { namespace, name, kind, replicas, ...traits };
};

/** What runs in the cluster: a small shop. */
export const WORKLOADS: readonly Planned[] = [
  planned('edge/gateway', 'Deployment', 3),
  planned('shop/web', 'Deployment', 6),
  planned('shop/checkout', 'Deployment', 6),
  planned('shop/cart', 'StatefulSet', 3),
  planned('catalog/products', 'Deployment', 6),
  planned('catalog/images', 'Deployment', 3),
  planned('payments/ledger', 'StatefulSet', 3),
  planned('kube-system/coredns', 'Deployment', 3),
  planned('kube-system/aws-node', 'DaemonSet', NODES, { hostNetwork: true }),
  planned('kube-system/retina-agent', 'DaemonSet', NODES, { hostNetwork: true }),
];

const plannedOf = (name: string): Planned => {
  const found = WORKLOADS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no workload ${name} in the week`);
  return found;
};

/** The pods of a workload; one that is replaced keeps its place. */
export const podsOf = ({ pods }: Pick<Shape, 'pods'>, name: string): readonly Pod[] =>
  pods.filter(({ workload }) => workload.name === name);

/** The world of a seed. */
export function makeWorld(seed: number): World {
  let made = 0;
  return {
    maker: podMaker(seed),
    nextNode(zone, createdAt) {
      const internalIp = `10.0.${16 * zone}.${20 + made}`;
      made += 1;
      return {
        name: `ip-${internalIp.replaceAll('.', '-')}.eu-central-1.compute.internal`,
        zone: ZONE_NAMES[zone] ?? '',
        providerId: `aws:///${ZONE_NAMES[zone]}/i-0${made.toString(16).padStart(16, '0')}`,
        internalIp,
        createdAt,
        interfaces: [
          {
            device: 'ens5',
            exceeded: { bw_in: 0, bw_out: 0, pps: 0, conntrack: 0, linklocal: 0 },
            conntrackAvailable: TRACKABLE - 14_000 + 500 * (made % 7),
          },
        ],
      };
    },
  };
}

/** Twelve nodes and what runs there at first. */
export function firstShape(world: World, unixSeconds: number): Shape {
  const createdAt = unixSeconds - 86_400;
  const nodes = Array.from({ length: NODES }, (_, index) => world.nextNode(index % ZONES, createdAt));
  const workloads = WORKLOADS.filter(({ kind }) => kind !== 'DaemonSet');
  const empty: Shape = { nodes, pods: nodes.flatMap((node) => daemons(world, node, createdAt)) };
  return workloads.reduce((shape, { name, replicas }) => scaled(name, replicas)(shape, world, createdAt), empty);
}

/** A pod of each DaemonSet. */
const daemons = ({ maker }: World, node: Node, createdAt: number): readonly Pod[] =>
  WORKLOADS.filter(({ kind }) => kind === 'DaemonSet').map((daemon) =>
    maker.make(daemon, { node, ordinal: 0, revision: '1', createdAt }),
  );

/** The node for the next pod of a workload: of the emptiest zone, the emptiest node, without a pod of the workload if one is. */
function placeFor({ nodes, pods }: Shape, name: string, not?: string): Node {
  const own = pods.filter(({ workload }) => workload.name === name);
  const zoneOf = new Map(nodes.map((node) => [node.name, node.zone]));
  const rank = (node: Node): readonly number[] => [
    own.filter((pod) => zoneOf.get(pod.node) === node.zone).length,
    own.filter((pod) => pod.node === node.name).length,
    pods.filter((pod) => pod.node === node.name).length,
  ];
  const [best] = nodes
    .filter((node) => node.name !== not)
    .map((node) => ({ node, rank: rank(node) }))
    .toSorted((one, other) => {
      const at = one.rank.findIndex((value, index) => value !== other.rank[index]);
      return at === -1 ? 0 : (one.rank[at] ?? 0) - (other.rank[at] ?? 0);
    });
  if (best === undefined) throw new RangeError('no node is left');
  return best.node;
}

/** A pod again, elsewhere or of another release; a StatefulSet's keeps its name. */
function remade(
  world: World,
  pod: Pod,
  place: { readonly node: Node; readonly at: number; readonly revision: string },
): Pod {
  const { name, kind } = pod.workload;
  const ordinal = kind === 'StatefulSet' ? Number(pod.name.split('-').at(-1)) : 0;
  return world.maker.make(plannedOf(name), {
    node: place.node,
    ordinal,
    revision: place.revision,
    createdAt: place.at,
  });
}

const nodeNamed = ({ nodes }: Shape, name: string): Node => {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new RangeError(`no node ${name}`);
  return found;
};

/** The autoscaler changes the number of pods of a workload. */
export const scaled =
  (name: string, by: number): Move =>
  (shape, world, at) => {
    if (by < 0) {
      const gone = new Set(podsOf(shape, name).slice(by));
      return { ...shape, pods: shape.pods.filter((pod) => !gone.has(pod)) };
    }
    return Array.from({ length: by }).reduce<Shape>((before) => {
      const node = placeFor(before, name);
      const ordinal = podsOf(before, name).length;
      const pod = world.maker.make(plannedOf(name), { node, ordinal, revision: '1', createdAt: at });
      return { ...before, pods: [...before.pods, pod] };
    }, shape);
  };

/** A rollout replaces so many pods of a workload that it has not replaced before. */
export const rolled =
  (name: string, count: number, revision: string): Move =>
  (shape, world, at) => {
    const old = new Set(
      podsOf(shape, name)
        .filter(({ createdAt }) => createdAt < at - ROLLOUT)
        .slice(0, count),
    );
    const pods = shape.pods.map((pod) =>
      old.has(pod) ? remade(world, pod, { node: nodeNamed(shape, pod.node), at, revision }) : pod,
    );
    return { ...shape, pods };
  };

/** No rollout takes longer; seconds. */
const ROLLOUT = 300;

/** The autoscaler of nodes adds one in the zone of that number. */
export const nodeAdded =
  (zone: number): Move =>
  (shape, world, at) => {
    const node = world.nextNode(zone, at);
    return { nodes: [...shape.nodes, node], pods: [...shape.pods, ...daemons(world, node, at)] };
  };

/** The oldest node of a zone is drained: its pods go where there is room. */
export const oldestDrained =
  (zone: number): Move =>
  (shape, world, at) => {
    const node = oldestOf(shape, zone);
    return shape.pods
      .filter((pod) => pod.node === node.name && pod.workload.kind !== 'DaemonSet')
      .reduce<Shape>((before, pod) => {
        const others = { ...before, pods: before.pods.filter((one) => one !== pod) };
        const next = remade(world, pod, { node: placeFor(others, pod.workload.name, node.name), at, revision: '1' });
        return { ...before, pods: before.pods.map((one) => (one === pod ? next : one)) };
      }, shape);
  };

/** The oldest node of a zone goes, with what is left on it. */
export const oldestRemoved =
  (zone: number): Move =>
  (shape) => {
    const { name } = oldestOf(shape, zone);
    return {
      nodes: shape.nodes.filter((node) => node.name !== name),
      pods: shape.pods.filter((pod) => pod.node !== name),
    };
  };

function oldestOf({ nodes }: Shape, zone: number): Node {
  const found = nodes.find((node) => node.zone === ZONE_NAMES[zone]);
  if (found === undefined) throw new RangeError(`no node in zone ${zone}`);
  return found;
}

/** The pod of a workload with that number goes to the node of another one: its first, or where it would be placed. */
export const podMovedTo =
  (name: string, index: number, where: 'first' | 'elsewhere'): Move =>
  (shape, world, at) => {
    const [first, pod] = [podsOf(shape, name)[0], podsOf(shape, name)[index]];
    if (first === undefined || pod === undefined) throw new RangeError(`no pod ${index} of ${name}`);
    const others = { ...shape, pods: shape.pods.filter((one) => one !== pod) };
    const node = where === 'first' ? nodeNamed(shape, first.node) : placeFor(others, name);
    const next = remade(world, pod, { node, at, revision: '1' });
    return { ...shape, pods: shape.pods.map((one) => (one === pod ? next : one)) };
  };
