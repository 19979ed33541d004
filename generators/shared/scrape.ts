import type { CLUSTER } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import { because, type Tree } from '../model/tree.ts';

type InCluster = Slice<{ cluster: typeof CLUSTER }>;

/** The node of a pod. */
export const node: Tree = { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' };
/** For agents, of which a node has one. */
export const instance: Tree = because('The node says more than an address, and stays when the pod is replaced.', {
  source_labels: ['__meta_kubernetes_pod_node_name'],
  target_label: 'instance',
});

/** A replacement that is taken as it is: a dollar sign would start the reference to a group. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** The label without which several clusters in one store cannot be told apart; external labels are unknown to rules. */
const cluster = ({ cluster: { label, name } }: InCluster): readonly Tree[] =>
  label === null
    ? []
    : [
        because('Rules do not see external labels: both sides of a join carry this one.', {
          target_label: label,
          replacement: literal(name),
        }),
      ];

/**
 * A pod that has ended keeps its address, which may be another's by now. PodMonitors leave such pods out by themselves.
 * Upstream: prometheus-operator, pkg/prometheus/promcfg.go, generateRunningFilter.
 */
const running: Tree = because('Evicted and completed pods stay for a while, with an address that answers no more.', {
  source_labels: ['__meta_kubernetes_pod_phase'],
  regex: 'Failed|Succeeded',
  action: 'drop',
});

/** The relabelling of a job: pods that run, what is the job's own, and the cluster. */
export const relabelling = (config: InCluster, ...steps: readonly Tree[]): readonly Tree[] => [
  running,
  ...steps,
  ...cluster(config),
];

/** Pods by a label, asked of the API server only for that label. */
export const podsWith = (label: string, namespace?: string): readonly Tree[] => [
  {
    role: 'pod',
    namespaces: namespace === undefined ? undefined : { names: [namespace] },
    selectors: [{ role: 'pod', label }],
  },
];

/** One container of a pod. */
export const keepContainer = (name: string): Tree =>
  because('The regex is anchored, so the init container is not scraped a second time.', {
    source_labels: ['__meta_kubernetes_pod_container_name'],
    regex: name,
    action: 'keep',
  });

/** Every container and port of a pod at one port, which need not be declared; Prometheus scrapes equal targets once. */
export const fixedPort = (port: number, reason: string): readonly Tree[] => [
  because(reason, {
    source_labels: ['__address__'],
    regex: '([^:]+)(?::\\d+)?',
    replacement: `$1:${port}`,
    target_label: '__address__',
  }),
  because('The same for IPv6, whose addresses come in brackets where a port is declared and bare where none is.', {
    source_labels: ['__meta_kubernetes_pod_ip'],
    regex: '(.*:.*)',
    replacement: `[$1]:${port}`,
    target_label: '__address__',
  }),
];

/** A port that the container declares: of all its ports, the one that is scraped. */
export const keepPort = (port: number): Tree => ({
  source_labels: ['__meta_kubernetes_pod_container_port_number'],
  regex: String(port),
  action: 'keep',
});
