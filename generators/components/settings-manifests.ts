import { CPU, DNS_LABEL, IMAGE, LABELS, LINE, MEMORY } from '../schema/formats.ts';
import { MAX_INT32 } from '../schema/limits.ts';
import { ENABLED, namespace, SECTION } from '../schema/settings.ts';
import { ADOT } from './adot/settings.ts';

/** The ethtool exporter as a DaemonSet; part of the section `ethtool`. */
export const ETHTOOL_DAEMON_SET = {
  ...SECTION,
  description: "Showmax's exporter on every node, as a manifest.",
  properties: {
    enabled: { ...ENABLED, description: 'Whether the manifest is written.' },
    namespace: namespace('monitoring', 'the exporter'),
    image: {
      ...IMAGE,
      // What upstream's own manifest pins (Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml).
      default: 'drdivano/ethtool-exporter@sha256:39e0916b16de07f62c2becb917c94cbb3a6e124a577e1325505e4d0cdd550d7b',
      description: 'The image, pinned; upstream publishes this one without releases.',
    },
    arguments: {
      type: ['array', 'null'],
      items: { ...LINE, minLength: 1 },
      expected: 'a list of arguments, or null',
      default: null,
      description:
        'Arguments of the exporter in place of ours, for images of newer versions, whose options differ. $(IP) is the address of the node.',
    },
    runAsUser: {
      type: 'integer',
      minimum: 0,
      maximum: MAX_INT32,
      default: 65_534,
      description: 'User id of the process: reading statistics takes no privilege. 0 is root.',
    },
    cpu: { ...CPU, default: '100m', description: 'CPU limit.' },
    memory: { ...MEMORY, default: '100Mi', description: 'Memory request and limit.' },
  },
} as const;

const ROUTED_SERVICE = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'name'],
  expected: 'a mapping with namespace and name',
  properties: {
    namespace: { ...DNS_LABEL, description: 'Namespace of the Service.' },
    name: { ...DNS_LABEL, description: 'Name of the Service.' },
    internalTrafficPolicy: {
      enum: ['Cluster', 'Local'],
      description: 'What the Service has (not changed): with Local, traffic stays on the node whatever the zone.',
    },
  },
} as const;

const SPREAD_WORKLOAD = {
  type: 'object',
  additionalProperties: false,
  required: ['namespace', 'kind', 'name', 'labels'],
  expected: 'a mapping with namespace, kind, name and labels',
  properties: {
    namespace: { ...DNS_LABEL, description: 'Namespace of the workload.' },
    kind: { enum: ['Deployment', 'StatefulSet'], description: 'Kind of the workload.' },
    name: { ...DNS_LABEL, description: 'Name of the workload.' },
    labels: {
      ...LABELS,
      minProperties: 1,
      expected: 'at least one label of its pods',
      description: 'Labels that all of its pods have and no others: usually its spec.selector.matchLabels.',
    },
    maxSkew: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      description: 'Most pods that a zone may be ahead of the emptiest; 1 unless given.',
    },
    minDomains: {
      type: 'integer',
      minimum: 1,
      maximum: MAX_INT32,
      description: 'Zones that must be there: fewer, and pods wait.',
    },
  },
} as const;

/** Settings of the manifests that no chart brings. All are off by default. */
export const MANIFEST_SETTINGS = {
  kubernetes: {
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
  },
  monitors: {
    ...SECTION,
    description: 'The scrape jobs as PodMonitors of the Prometheus Operator.',
    properties: {
      enabled: {
        ...ENABLED,
        description:
          'Write PodMonitors, and leave the jobs out of the values for kube-prometheus-stack: both would count twice.',
      },
      namespace: namespace('monitoring', 'the PodMonitors'),
      labels: {
        ...LABELS,
        default: { release: 'kube-prometheus-stack' },
        description: 'Labels by which Prometheus selects its monitors. What is given here replaces the default.',
      },
    },
  },
  adot: ADOT,
  routing: {
    ...SECTION,
    description: 'Zone-aware routing, as patches of Services and workloads that you name.',
    properties: {
      services: {
        type: 'array',
        items: ROUTED_SERVICE,
        default: [],
        description: 'Services that prefer their own zone.',
      },
      workloads: { type: 'array', items: SPREAD_WORKLOAD, default: [], description: 'Workloads to spread over zones.' },
    },
  },
  nodeLocalDns: {
    ...SECTION,
    description: 'NodeLocal DNSCache: see docs/nodelocal-dns.md.',
    properties: {
      scrape: { ...ENABLED, description: 'Scrape its metrics (port 9253) and its setup errors (port 9353).' },
      namespace: namespace('kube-system', 'its pods'),
      app: { ...DNS_LABEL, default: 'node-local-dns', description: 'Value of the label k8s-app on its pods.' },
    },
  },
  kubeBurner: {
    ...SECTION,
    description: 'Profiles for kube-burner that read the recorded series.',
    properties: { enabled: { ...ENABLED, description: 'Whether the metrics and alert profiles are written.' } },
  },
} as const;
