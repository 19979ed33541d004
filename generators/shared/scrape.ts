import { because, Commented, isMapping, rewritten, type Tree } from '../model/tree.ts';
import { type CLUSTER, clusterLabels, type MONITORS, type SCRAPE } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import { literal } from './escape.ts';

type InCluster = Slice<{ cluster: typeof CLUSTER }>;

/** The node of a pod. */
export const node: Tree = { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' };

/** For agents that run once per node. */
export const instance: Tree = because('A node name means more than an address, and survives a pod restart.', {
  source_labels: ['__meta_kubernetes_pod_node_name'],
  target_label: 'instance',
});

/** The cluster label, which tells the clusters of one store apart. Rules cannot use external labels for that. */
export const clusterSteps = (config: InCluster): readonly Tree[] =>
  clusterLabels(config).map((label) =>
    because('Rules do not see external labels, so both sides of a join need this one.', {
      target_label: label,
      replacement: literal(config.cluster.name),
    }),
  );

/**
 * A finished pod keeps its address, which another pod may have by now. PodMonitors drop such pods by themselves.
 * Upstream: prometheus-operator, pkg/prometheus/promcfg.go, generateRunningFilter.
 */
const running: Tree = because('Evicted and completed pods linger with an address that no longer answers.', {
  source_labels: ['__meta_kubernetes_pod_phase'],
  regex: 'Failed|Succeeded',
  action: 'drop',
});

/** The pods of a scrape job. */
interface Pods {
  /** A label selector such as `app=a`, applied by the API server. */
  readonly label: string;
  /** Absent for all namespaces. */
  readonly namespace?: string;
  /** Defaults to `scrape.interval`. */
  readonly interval?: string;
  readonly honorLabels?: Tree;
  /** Relabelling steps of this job: keep one target per pod and set its labels. */
  readonly steps: readonly Tree[];
}

/** A scrape job for running pods, with the cluster label. */
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

/** Keeps one container of each pod. */
export const keepContainer = (name: string): Tree =>
  because('The regex is anchored, so the init container does not become a second target.', {
    source_labels: ['__meta_kubernetes_pod_container_name'],
    regex: name,
    action: 'keep',
  });

/** Sends every target of a pod to one port, declared or not. Prometheus scrapes identical targets once. */
export const fixedPort = (port: number, reason: string): readonly Tree[] => [
  because(reason, {
    source_labels: ['__address__'],
    regex: '([^:]+)(?::\\d+)?',
    replacement: `$1:${port}`,
    target_label: '__address__',
  }),
  because('The same for IPv6. Addresses are in brackets if the port is declared, and bare otherwise.', {
    source_labels: ['__meta_kubernetes_pod_ip'],
    regex: '(.*:.*)',
    replacement: `[$1]:${port}`,
    target_label: '__address__',
  }),
];

/** Keeps the target of one declared port. */
export const keepPort = (port: number): Tree => ({
  source_labels: ['__meta_kubernetes_pod_container_port_number'],
  regex: String(port),
  action: 'keep',
});

/** Prometheus settings in the operator's spelling. */
export const inCamelCase = (tree: Tree): Tree =>
  rewritten(tree, { key: (key) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) });

/** A relabelling step of a scrape job in the form of a ServiceMonitor: camel case, with an explicit action. */
const monitorStep = (step: Tree): Tree =>
  step instanceof Commented
    ? because(step.comment, monitorStep(step.value))
    : isMapping(step)
      ? { action: 'replace', ...(inCamelCase(step) as object) }
      : step;

/** The cluster label as steps of a ServiceMonitor; undefined if there is no cluster label. */
export const monitorClusterSteps = (config: InCluster): readonly Tree[] | undefined =>
  config.cluster.label === null ? undefined : clusterSteps(config).map(monitorStep);

/** Steps of a scrape job as those of a ServiceMonitor, with the cluster label. */
export const monitorSteps = (config: InCluster, steps: readonly Tree[]): readonly Tree[] =>
  [...steps, ...clusterSteps(config)].map(monitorStep);

/** Steps of a ServiceMonitor for agents that run once per node: `node`, `instance` and the cluster label. */
export const monitorAgentSteps = (config: InCluster): readonly Tree[] => monitorSteps(config, [node, instance]);

/** The labels by which Prometheus selects monitors; undefined if there are none. */
export const monitorLabels = (
  { monitors: { labels } }: Slice<{ monitors: typeof MONITORS }>,
  reason = 'Prometheus selects ServiceMonitors by these labels (monitors.labels).',
): Tree | undefined => (Object.keys(labels).length === 0 ? undefined : because(reason, labels));
