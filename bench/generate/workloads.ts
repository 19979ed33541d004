import type { Workload } from '../model.ts';
import type { Random } from '../random.ts';
import type { ResolvedOptions } from './options.ts';

/** A workload to be, with what the model does not keep. */
export interface PlannedWorkload {
  readonly workload: Workload;
  /** Number of pods; a DaemonSet has one on every node. */
  readonly replicas: number;
  /** Pods share the node's address and never appear in flows. */
  readonly hostNetwork: boolean;
  /** Pods are the kubelet's own, controlled by their node. */
  readonly isStatic: boolean;
  /** Accepts connections from other workloads. */
  readonly serves: boolean;
}

/** Name of the workload that answers DNS queries, in kube-system. */
export const DNS_WORKLOAD = 'coredns';

const SYSTEM = 'kube-system';
const NAMESPACES = ['shop', 'payments', 'catalog', 'search', 'accounts', 'logistics'];
const DEPLOYMENTS = ['web', 'api', 'cart', 'orders', 'pricing', 'gateway', 'worker', 'mailer', 'images'];
// Few names, so that namespaces share them: redis-0 of one namespace must not be taken for redis-0 of another.
const STATEFUL_SETS = ['redis', 'postgres', 'kafka'];

/** Plans workloads whose replicas add up to the wanted number of pods: one of each special kind, the rest services. */
export function planWorkloads(random: Random, options: ResolvedOptions): PlannedWorkload[] {
  const namespaces = applicationNamespaces(options.namespaces - 1);
  const first = namespaces[0] ?? SYSTEM;
  const plan = [
    // Hubble knows no endpoint for host-network pods: these are only in kube-state-metrics.
    planned({ namespace: SYSTEM, kind: 'DaemonSet', name: 'aws-node' }, options.nodes, { hostNetwork: true }),
    planned({ namespace: SYSTEM, kind: 'DaemonSet', name: 'log-collector' }, options.nodes),
    planned({ namespace: SYSTEM, kind: 'Deployment', name: DNS_WORKLOAD }, 2, { serves: true }),
    planned({ namespace: SYSTEM, kind: 'Pod', name: 'registry-cache' }, 1, { isStatic: true }),
    planned({ namespace: first, kind: 'CronJob', name: 'report' }, 1),
    planned({ namespace: first, kind: 'Pod', name: 'debug' }, 1),
  ];

  let remaining = options.pods - plan.reduce((sum, { replicas }) => sum + replicas, 0);
  for (let index = 0; remaining > 0; index += 1) {
    const replicas = Math.min(remaining, random.int(2, 2 + Math.ceil(options.pods / 40)));
    plan.push(planned(serviceAt(index, namespaces), replicas, { serves: true }));
    remaining -= replicas;
  }
  return plan;
}

function planned(
  workload: Workload,
  replicas: number,
  traits: Partial<Pick<PlannedWorkload, 'hostNetwork' | 'isStatic' | 'serves'>> = {},
): PlannedWorkload {
  return { workload, replicas, hostNetwork: false, isStatic: false, serves: false, ...traits };
}

/** Namespaces take turns; each turn through all of them is either Deployments or, one in three, StatefulSets. */
function serviceAt(index: number, namespaces: readonly string[]): Workload {
  const namespace = namespaces[index % namespaces.length] ?? SYSTEM;
  const turn = Math.floor(index / namespaces.length);
  const isStateful = turn % 3 === 1;
  const earlier = Math.floor((turn + 1) / 3);
  return isStateful
    ? { namespace, kind: 'StatefulSet', name: nth(STATEFUL_SETS, earlier) }
    : { namespace, kind: 'Deployment', name: nth(DEPLOYMENTS, turn - earlier) };
}

function applicationNamespaces(count: number): string[] {
  return Array.from({ length: count }, (_, index) => nth(NAMESPACES, index));
}

/** The names in order, then again with a number: web, api, web-2, api-2. */
function nth(names: readonly string[], index: number): string {
  const round = Math.floor(index / names.length);
  const name = names[index % names.length] ?? '';
  return round === 0 ? name : `${name}-${round + 1}`;
}
