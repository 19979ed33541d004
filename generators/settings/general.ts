import { LABEL_NAME, LABELS, LINE, PROMETHEUS_DURATION, URL_OR_PATH } from '../schema/formats.ts';
import { choice, flag, list, namespace, orNull, section, value, when } from '../schema/settings.ts';
import type { Names, Slice } from './section.ts';

/** The cluster; its label is on every series. */
export const CLUSTER = section('The cluster that this configuration describes.', {
  label: value(
    orNull(LABEL_NAME),
    'cluster',
    'Label that names the cluster on every series; null where the store has one cluster and no such label.',
  ),
  name: when(
    { 'cluster.label': true },
    value(
      { ...LINE, minLength: 1 },
      'production',
      'Value of that label, set on what our scrape configurations collect.',
    ),
  ),
});

/** How often Prometheus scrapes. */
export const SCRAPE = section('How often Prometheus scrapes.', {
  interval: value(PROMETHEUS_DURATION, '30s', 'Scrape interval of the targets that the rules read.'),
});

/** Recording and alerting rules. */
export const RULES = section('Recording and alerting rules.', {
  interval: value(PROMETHEUS_DURATION, '1m', 'Evaluation interval of every rule group.'),
  window: value(
    PROMETHEUS_DURATION,
    '5m',
    'Range of every rate; at least 4 scrape intervals, and one evaluation plus one scrape.',
  ),
  infoLookback: when(
    { 'flows.source': true },
    value(
      PROMETHEUS_DURATION,
      '10m',
      'How long an identity (pod, node, owner) is remembered after its last sample; at least the window.',
    ),
  ),
  labels: value(
    { type: 'object', propertyNames: LABEL_NAME, additionalProperties: LINE },
    {},
    'Labels added to every alerting rule, for routing.',
  ),
  runbookBaseUrl: value(
    URL_OR_PATH,
    'docs/runbooks',
    'Where docs/runbooks is served; alerts link to <base>/<AlertName>.md.',
  ),
  compatibilityRecords: when(
    { 'flows.source': ['retina-hubble', 'cilium-hubble'] },
    flag(
      false,
      'Compatibility records: the public names pod:*, node:* and traffic:hubble_flows_processed_total:*, for queries built on them. ' +
        'Costs two series for each flow series, and more time than all other rules.',
    ),
  ),
});

/** The Kubernetes of the cluster. */
export const KUBERNETES = section('The Kubernetes of the cluster.', {
  version: value(
    {
      type: 'string',
      pattern: '^1\\.[1-9][0-9]$',
      expected:
        'major and minor version of Kubernetes in quotes, such as "1.33" (without quotes YAML reads 1.30 as 1.3)',
    },
    '1.33',
    'Version of the control plane, in quotes; fields differ between versions.',
  ),
});

/** PodMonitors, and the labels of all monitors. */
export const MONITORS = section('The scrape jobs as PodMonitors of the Prometheus Operator.', {
  enabled: flag(
    false,
    'Write PodMonitors, and leave the jobs out of the values for kube-prometheus-stack: both would count twice.',
  ),
  namespace: when({ 'monitors.enabled': true }, namespace('monitoring', 'the PodMonitors')),
  labels: value(
    LABELS,
    { release: 'kube-prometheus-stack' },
    'Labels by which Prometheus selects its monitors. What is given here replaces the default.',
  ),
});

/** Rules and dashboards as Kubernetes objects. */
export const PACKAGING = section('Rules and dashboards as Kubernetes objects.', {
  apply: choice(
    ['server-side', 'client-side'],
    'server-side',
    'How they are applied. Client-side keeps a copy of each object in an annotation, so that the build refuses objects ' +
      'above 262,144 bytes.',
  ),
});

/** Output formats to write. */
export const TARGETS = ({ outputs }: Names) => ({
  ...list(
    { enum: outputs },
    ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests', 'grafana'],
    'Packagings to write.',
    { minItems: 1 },
  ),
  note: true,
});

/** Files of the user inside the output folders. */
export const KEEP = {
  ...list(
    { type: 'string', minLength: 1 },
    [],
    'Files of yours inside the output folders, or folders ending in "/": check does not call them foreign.',
  ),
  note: true,
};

/** The cluster label as the head of a label list; empty where the store has one cluster. */
export const clusterLabels = ({ cluster }: Slice<{ cluster: typeof CLUSTER }>): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];
