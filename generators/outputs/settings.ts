import { KUBERNETES_NAME, LABEL_KEY, LABEL_VALUE, LABELS, LINE } from '../schema/formats.ts';
import { namespace, SECTION } from '../schema/settings.ts';
import { AMP } from '../components/amp/settings.ts';

/** Every packaging that a configuration may ask for. */
export const TARGETS = [
  'prometheus',
  'kube-prometheus-stack',
  'helm-values',
  'manifests',
  'grafana',
  'prometheus-operator',
  'amp',
  'grafana-sidecar',
  'grafana-operator',
  'git-sync',
] as const;

const FOLDER = {
  ...LINE,
  type: ['string', 'null'],
  minLength: 1,
  expected: 'text on one line, or null',
  default: null,
} as const;

/** Settings of the packagings of rules, and of all that becomes a Kubernetes object. */
export const PACKAGING_SETTINGS = {
  packaging: {
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
  },
  prometheusOperator: {
    ...SECTION,
    description: 'PrometheusRule objects, of the target prometheus-operator.',
    properties: {
      namespace: namespace('monitoring', 'the rules'),
      labels: {
        ...LABELS,
        default: { release: 'kube-prometheus-stack' },
        description:
          'Labels by which Prometheus selects its rules; with the defaults of kube-prometheus-stack, the name of its release. ' +
          'What is given here replaces the default.',
      },
    },
  },
  amp: AMP,
} as const;

/** Settings of the packagings of dashboards; part of the section `grafana`. */
export const GRAFANA_SETTINGS = {
  version: {
    type: 'integer',
    minimum: 10,
    default: 13,
    description: 'Major version of Grafana, for resources whose form depends on it.',
  },
  sidecar: {
    ...SECTION,
    description: "ConfigMaps for the dashboards sidecar of Grafana's chart, of the target grafana-sidecar.",
    properties: {
      namespace: namespace('monitoring', 'the ConfigMaps'),
      label: { ...LABEL_KEY, default: 'grafana_dashboard', description: 'Label that the sidecar looks for.' },
      labelValue: { ...LABEL_VALUE, default: '1', description: 'Value of that label.' },
      folder: {
        ...FOLDER,
        description:
          'Folder of the dashboards, null for none; the chart needs folderAnnotation and provider.foldersFromFilesStructure: true.',
      },
      folderAnnotation: {
        ...LABEL_KEY,
        default: 'grafana_folder',
        description: "Annotation that names the folder: the chart's sidecar.dashboards.folderAnnotation.",
      },
    },
  },
  operator: {
    ...SECTION,
    description: 'GrafanaDashboard objects for the Grafana Operator, of the target grafana-operator.',
    properties: {
      namespace: namespace('monitoring', 'the dashboards'),
      instanceLabels: {
        ...LABELS,
        default: { dashboards: 'grafana' },
        description:
          'Labels of the Grafana objects that get the dashboards; none selects all. The selector of a dashboard cannot be ' +
          'changed later. What is given here replaces the default.',
      },
      allowCrossNamespaceImport: {
        type: 'boolean',
        default: true,
        description: 'Whether Grafana objects of other namespaces get them too.',
      },
      folder: { ...FOLDER, description: 'Title of a folder, which the operator makes where it is missing.' },
      folderUID: { ...FOLDER, description: 'UID of a folder that exists in Grafana.' },
      folderRef: {
        ...KUBERNETES_NAME,
        type: ['string', 'null'],
        expected: `${KUBERNETES_NAME.expected}, or null`,
        default: null,
        description: 'Name of a GrafanaFolder object in the same namespace. Give at most one of the three.',
      },
    },
  },
  gitSync: {
    ...SECTION,
    description: 'Resources for Git Sync and gcx, of the target git-sync.',
    properties: {
      folder: {
        ...FOLDER,
        description: 'UID of the folder of the dashboards; null leaves it to the place of the file.',
      },
    },
  },
} as const;
