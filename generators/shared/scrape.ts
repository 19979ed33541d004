import { because, Commented, isMapping, rewritten, type Tree } from '../model/tree.ts';
import { type CLUSTER, clusterLabels, type MONITORS, type SCRAPE } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import { literal } from './escape.ts';

type InCluster = Slice<{ cluster: typeof CLUSTER }>;

/** The node of a pod. */
export const node: Tree = { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' };

/** For agents, of which a node has one. */
export const instance: Tree = because('The node says more than an address, and stays when the pod is replaced.', {
  source_labels: ['__meta_kubernetes_pod_node_name'],
  target_label: 'instance',
});

/** The label without which several clusters in one store cannot be told apart; external labels are unknown to rules. */
const clusterSteps = (config: InCluster): readonly Tree[] =>
  clusterLabels(config).map((label) =>
    because('Rules do not see external labels: both sides of a join carry this one.', {
      target_label: label,
      replacement: literal(config.cluster.name),
    }),
  );

/**
 * A pod that has ended keeps its address, which may be another's by now. PodMonitors leave such pods out by themselves.
 * Upstream: prometheus-operator, pkg/prometheus/promcfg.go, generateRunningFilter.
 */
const running: Tree = because('Evicted and completed pods stay for a while, with an address that answers no more.', {
  source_labels: ['__meta_kubernetes_pod_phase'],
  regex: 'Failed|Succeeded',
  action: 'drop',
});

/** The pods of a scrape job. */
interface Pods {
  /** A label such as `app=a`; the API server is asked for pods with it only. */
  readonly label: string;
  /** Left out for all namespaces. */
  readonly namespace?: string;
  /** How often they are scraped; `scrape.interval` where it is left out. */
  readonly interval?: string;
  readonly honorLabels?: Tree;
  /** Relabelling beside that of every job: one target for each pod, and labels of its series. */
  readonly steps: readonly Tree[];
}

/** A scrape job: pods that run, relabelled, with the cluster label. */
export const scrapeJob = (
  config: InCluster & Slice<{ scrape: typeof SCRAPE }>,
  name: string,
  { label, namespace, interval = config.scrape.interval, honorLabels, steps }: Pods,
): { readonly job: Tree } => ({
  job: {
    job_name: name,
    scrape_interval: interval,
    honor_labels: honorLabels,
    kubernetes_sd_configs: [
      {
        role: 'pod',
        namespaces: namespace === undefined ? undefined : { names: [namespace] },
        selectors: [{ role: 'pod', label }],
      },
    ],
    relabel_configs: [running, ...steps, ...clusterSteps(config)],
  },
});

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

/** Prometheus' settings as the operator spells them. */
export const inCamelCase = (tree: Tree): Tree =>
  rewritten(tree, { key: (key) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) });

/** A relabelling step of a scrape job as charts write it into a ServiceMonitor: camel case, and the action written out. */
const monitorStep = (step: Tree): Tree =>
  step instanceof Commented
    ? because(step.comment, monitorStep(step.value))
    : isMapping(step)
      ? { action: 'replace', ...(inCamelCase(step) as object) }
      : step;

/** The cluster label in a ServiceMonitor; undefined where the store has one cluster. */
export const monitorClusterSteps = (config: InCluster): readonly Tree[] | undefined =>
  config.cluster.label === null ? undefined : clusterSteps(config).map(monitorStep);

/** For agents, of which a node has one: the node as `node` and `instance`, and the cluster. */
export const monitorAgentSteps = (config: InCluster): readonly Tree[] =>
  [node, instance, ...clusterSteps(config)].map(monitorStep);

/** The labels by which Prometheus selects a monitor; undefined where none are given. */
export const monitorLabels = (
  { monitors: { labels } }: Slice<{ monitors: typeof MONITORS }>,
  reason = 'Prometheus selects ServiceMonitors by these (monitors.labels).',
): Tree | undefined => (Object.keys(labels).length === 0 ? undefined : because(reason, labels));
