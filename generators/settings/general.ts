import { LABEL_NAME, LABELS, LINE, PROMETHEUS_DURATION, URL_OR_PATH } from '../schema/formats.ts';
import { ENABLED, namespace, SECTION } from '../schema/settings.ts';
import type { Names, Slice } from './section.ts';

/** The cluster; its label is on every series. */
export const CLUSTER = {
  ...SECTION,
  description: 'The cluster that this configuration describes.',
  properties: {
    label: {
      ...LABEL_NAME,
      type: ['string', 'null'],
      expected: `${LABEL_NAME.expected}, or null`,
      default: 'cluster',
      description:
        'Label that names the cluster on every series; null where the store has one cluster and no such label.',
    },
    name: {
      requires: { 'cluster.label': true },
      ...LINE,
      default: 'production',
      minLength: 1,
      description: 'Value of that label, set on what our scrape configurations collect.',
    },
  },
} as const;

/** How often Prometheus scrapes. */
export const SCRAPE = {
  ...SECTION,
  description: 'How often Prometheus scrapes.',
  properties: {
    interval: {
      ...PROMETHEUS_DURATION,
      default: '30s',
      description: 'Scrape interval of the targets that the rules read.',
    },
  },
} as const;

/** Recording and alerting rules. */
export const RULES = {
  ...SECTION,
  description: 'Recording and alerting rules.',
  properties: {
    interval: { ...PROMETHEUS_DURATION, default: '1m', description: 'Evaluation interval of every rule group.' },
    window: {
      ...PROMETHEUS_DURATION,
      default: '5m',
      description: 'Range of every rate; at least 4 scrape intervals, and one evaluation plus one scrape.',
    },
    infoLookback: {
      requires: { 'flows.source': true },
      ...PROMETHEUS_DURATION,
      default: '10m',
      description: 'How long an identity (pod, node, owner) is remembered after its last sample; at least the window.',
    },
    labels: {
      type: 'object',
      propertyNames: LABEL_NAME,
      additionalProperties: LINE,
      default: {},
      description: 'Labels added to every alerting rule, for routing.',
    },
    runbookBaseUrl: {
      ...URL_OR_PATH,
      default: 'docs/runbooks',
      description: 'Where docs/runbooks is served; alerts link to <base>/<AlertName>.md.',
    },
    compatibilityRecords: {
      requires: { 'flows.source': ['retina-hubble', 'cilium-hubble'] },
      type: 'boolean',
      default: false,
      description:
        'Compatibility records: the public names pod:*, node:* and traffic:hubble_flows_processed_total:*, for queries built on them. ' +
        'Costs two series for each flow series, and more time than all other rules.',
    },
  },
} as const;

/** The Kubernetes of the cluster. */
export const KUBERNETES = {
  ...SECTION,
  description: 'The Kubernetes of the cluster.',
  properties: {
    version: {
      type: 'string',
      pattern: '^1\\.[1-9][0-9]$',
      expected:
        'major and minor version of Kubernetes in quotes, such as "1.33" (without quotes YAML reads 1.30 as 1.3)',
      default: '1.33',
      description: 'Version of the control plane, in quotes; fields differ between versions.',
    },
  },
} as const;

/** PodMonitors, and the labels of all monitors. */
export const MONITORS = {
  ...SECTION,
  description: 'The scrape jobs as PodMonitors of the Prometheus Operator.',
  properties: {
    enabled: {
      ...ENABLED,
      description:
        'Write PodMonitors, and leave the jobs out of the values for kube-prometheus-stack: both would count twice.',
    },
    namespace: { ...namespace('monitoring', 'the PodMonitors'), requires: { 'monitors.enabled': true } },
    labels: {
      ...LABELS,
      default: { release: 'kube-prometheus-stack' },
      description: 'Labels by which Prometheus selects its monitors. What is given here replaces the default.',
    },
  },
} as const;

/** Rules and dashboards as Kubernetes objects. */
export const PACKAGING = {
  ...SECTION,
  description: 'Rules and dashboards as Kubernetes objects.',
  properties: {
    apply: {
      enum: ['server-side', 'client-side'],
      default: 'server-side',
      description:
        'How they are applied. Client-side keeps a copy of each object in an annotation, so that the build refuses objects ' +
        'above 262,144 bytes.',
    },
  },
} as const;

/** Output formats to write. */
export const TARGETS = ({ outputs }: Names) =>
  ({
    type: 'array',
    items: { enum: outputs },
    note: true,
    default: ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests', 'grafana'],
    minItems: 1,
    uniqueItems: true,
    description: 'Packagings to write.',
  }) as const;

/** Files of the user inside the output folders. */
export const KEEP = {
  type: 'array',
  note: true,
  items: { type: 'string', minLength: 1 },
  default: [],
  uniqueItems: true,
  description: 'Files of yours inside the output folders, or folders ending in "/": check does not call them foreign.',
} as const;

/** The cluster label as the head of a label list; empty where the store has one cluster. */
export const clusterLabels = ({ cluster }: Slice<{ cluster: typeof CLUSTER }>): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];
