import type { Controller, Node, Pod } from '../model.ts';
import type { Random } from '../random.ts';
import { EPOCH } from './nodes.ts';
import type { PlannedWorkload } from './workloads.ts';

// Kubernetes leaves vowels and look-alikes out of generated names.
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const FIRST_JOB = 29_000_000;

/**
 * Creates the pods of planned workloads and places them: DaemonSets on every node, all others on the nodes in turn, so
 * that no node or zone stays empty. Every pod gets an address of its own from its zone's range, except host-network
 * pods, which have their node's.
 */
export function placePods(random: Random, plan: readonly PlannedWorkload[], nodes: readonly Node[]): Pod[] {
  const takenInBlock = new Map<string, number>();
  const nextIp = (node: Node): string => {
    const block = node.internalIp.split('.')[2] ?? '0';
    const position = (takenInBlock.get(block) ?? 3) + 1;
    takenInBlock.set(block, position);
    // Nodes live in 10.0.0.0/16; each of their subnets has a /16 for its pods.
    return `10.${1 + Number(block)}.${position >> 8}.${position & 255}`;
  };

  let turn = 0;
  return plan.flatMap((planned) => {
    const revision = random.text(10, SUFFIX);
    return Array.from({ length: planned.replicas }, (_, ordinal) => {
      const isDaemon = planned.workload.kind === 'DaemonSet';
      const node = nodeAt(nodes, isDaemon ? ordinal : turn);
      if (!isDaemon) turn += 1;
      const { name, controller } = nameOf(random, planned, revision, ordinal, node);
      return {
        namespace: planned.workload.namespace,
        name,
        uid: uid(random),
        ip: planned.hostNetwork ? node.internalIp : nextIp(node),
        node: node.name,
        workload: planned.isStatic ? { ...planned.workload, name } : planned.workload,
        controller,
        createdAt: EPOCH + random.int(3_600, 86_400),
        hostNetwork: planned.hostNetwork,
      };
    });
  });
}

function nodeAt(nodes: readonly Node[], index: number): Node {
  const node = nodes[index % nodes.length];
  if (node === undefined) throw new RangeError('pods need at least one node');
  return node;
}

function nameOf(
  random: Random,
  { workload, isStatic }: PlannedWorkload,
  revision: string,
  ordinal: number,
  node: Node,
): { name: string; controller: Controller | undefined } {
  const suffix = random.text(5, SUFFIX);
  switch (workload.kind) {
    case 'Deployment': {
      const replicaSet = `${workload.name}-${revision}`;
      return { name: `${replicaSet}-${suffix}`, controller: { kind: 'ReplicaSet', name: replicaSet } };
    }
    case 'CronJob': {
      const job = `${workload.name}-${FIRST_JOB + ordinal}`;
      return { name: `${job}-${suffix}`, controller: { kind: 'Job', name: job } };
    }
    case 'StatefulSet':
      return { name: `${workload.name}-${ordinal}`, controller: { kind: workload.kind, name: workload.name } };
    case 'DaemonSet':
      return { name: `${workload.name}-${suffix}`, controller: { kind: workload.kind, name: workload.name } };
    case 'Pod':
      return isStatic
        ? { name: `${workload.name}-${node.name}`, controller: { kind: 'Node', name: node.name } }
        : { name: workload.name, controller: undefined };
    default:
      throw new RangeError(`pods of a ${workload.kind} are not generated`);
  }
}

function uid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => random.text(length)).join('-');
}
