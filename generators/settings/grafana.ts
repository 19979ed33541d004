import { KUBERNETES_NAME, LABEL_KEY, LABEL_VALUE, LABELS, LINE, URL_OR_PATH } from '../schema/formats.ts';
import { namespace, SECTION } from '../schema/settings.ts';

const FOLDER = {
  ...LINE,
  type: ['string', 'null'],
  minLength: 1,
  expected: 'text on one line, or null',
  default: null,
} as const;

/** Grafana: its address, and how dashboards come to it. */
export const GRAFANA = {
  ...SECTION,
  description: 'Grafana.',
  properties: {
    url: {
      ...URL_OR_PATH,
      default: '',
      description: 'Base URL, for links in alerts; empty gives links without a host.',
    },
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
          requires: { 'grafana.sidecar.folder': true },
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
  },
} as const;
