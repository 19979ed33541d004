import type { Config } from '../config/schema.ts';
import { because, type Tree } from '../model/commented.ts';

const node: Tree = { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' };
const instance: Tree = because('The node says more than an address, and stays when the pod is replaced.', {
  source_labels: ['__meta_kubernetes_pod_node_name'],
  target_label: 'instance',
});

/** kube-prometheus-stack passes the scrape jobs through Helm's template engine: two braces would start an action. */
const escapeTemplate = (text: string): string => text.replaceAll('{{', '{{`{{`}}');

/** A replacement that is taken as it is: a dollar sign would start the reference to a group. */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** The label without which several clusters in one store cannot be told apart; external labels are unknown to rules. */
const cluster = ({ cluster: { label, name } }: Config): readonly Tree[] =>
  label === null
    ? []
    : [
        because('Rules do not see external labels: both sides of a join carry this one.', {
          target_label: label,
          replacement: escapeTemplate(literal(name)),
        }),
      ];

/** Pods by a label, asked of the API server only for that label. */
const podsWith = (label: string, namespace?: string): readonly Tree[] => [
  {
    role: 'pod',
    namespaces: namespace === undefined ? undefined : { names: [namespace] },
    selectors: [{ role: 'pod', label }],
  },
];

const keepContainer = (name: string): Tree =>
  because('The regex is anchored, so the init container is not scraped a second time.', {
    source_labels: ['__meta_kubernetes_pod_container_name'],
    regex: name,
    action: 'keep',
  });

const fixedPort = (port: number): Tree => ({
  source_labels: ['__address__'],
  regex: '([^:]+)(?::\\d+)?',
  replacement: `$1:${port}`,
  target_label: '__address__',
});

/** A job on every Retina agent; `address` puts the right port into `__address__`. */
const agentJob = (config: Config, name: string, address: Tree): Tree => ({
  job_name: name,
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith('k8s-app=retina', config.retina.namespace),
  relabel_configs: [keepContainer('retina'), address, instance, node, ...cluster(config)],
});

/** The flows: Hubble's metrics of every Retina agent. */
export const hubbleJob = (config: Config): Tree =>
  agentJob(
    config,
    'networkobservability-hubble',
    because(
      'Agents use the network of their host and declare one port; Hubble listens on another.',
      fixedPort(config.retina.hubblePort),
    ),
  );

/** Retina's own metrics, at the port that the pod's annotation names. */
export const retinaJob = (config: Config): Tree =>
  agentJob(
    config,
    'retina-pods',
    because(
      'Address and annotation are joined by ";", so that both groups match. The article joins them by ":" with one group and ' +
        'never inserts the port.',
      {
        source_labels: ['__address__', '__meta_kubernetes_pod_annotation_prometheus_io_port'],
        separator: ';',
        regex: '([^:]+)(?::\\d+)?;(\\d+)',
        replacement: '$1:$2',
        target_label: '__address__',
      },
    ),
  );

/** The ENA counters: the ethtool exporter on every node. */
export const ethtoolJob = (config: Config): Tree => ({
  job_name: 'ethtool-exporter',
  scrape_interval: config.scrape.interval,
  kubernetes_sd_configs: podsWith(`app=${config.ethtool.app}`),
  relabel_configs: [
    fixedPort(config.ethtool.port),
    because('Alerts name the node; the exporter itself does not know it.', node),
    instance,
    ...cluster(config),
  ],
});
