import { KUBERNETES_NAME, LABEL_KEY, LABEL_VALUE, LABELS, LINE, LINK } from '../schema/formats.ts';
import { count, flag, namespace, orNull, section, value, when } from '../schema/settings.ts';

const FOLDER = { ...orNull(LINE), minLength: 1 };

const SIDECAR = section("Target grafana-sidecar: ConfigMaps for the dashboards sidecar of Grafana's chart.", {
  namespace: namespace('monitoring', 'the ConfigMaps'),
  label: value(LABEL_KEY, 'grafana_dashboard', 'Label by which the sidecar finds dashboards.'),
  labelValue: value(LABEL_VALUE, '1', 'Value of that label.'),
  folder: value(
    FOLDER,
    null,
    'Folder of the dashboards; null: no folder. Requires folderAnnotation and provider.foldersFromFilesStructure: true in the chart.',
  ),
  folderAnnotation: when(
    { 'grafana.sidecar.folder': true },
    value(
      LABEL_KEY,
      'grafana_folder',
      "Annotation that holds the folder. Must equal the chart's sidecar.dashboards.folderAnnotation.",
    ),
  ),
});

const OPERATOR = section('Target grafana-operator: GrafanaDashboard objects for the Grafana Operator.', {
  namespace: namespace('monitoring', 'the dashboards'),
  instanceLabels: value(
    LABELS,
    { dashboards: 'grafana' },
    'Labels of the Grafana objects that receive the dashboards; {} selects all. Replaces the default as a whole. ' +
      'The selector of an existing GrafanaDashboard cannot be changed.',
  ),
  allowCrossNamespaceImport: flag(true, 'Whether Grafana objects in other namespaces receive the dashboards too.'),
  folder: value(
    FOLDER,
    null,
    'Title of the folder. The operator creates it if it does not exist. Set at most one of folder, folderUID and folderRef.',
  ),
  folderUID: value(FOLDER, null, 'UID of an existing folder in Grafana.'),
  folderRef: value(orNull(KUBERNETES_NAME), null, 'Name of a GrafanaFolder object in the same namespace.'),
});

/** Grafana: its address, and how it receives the dashboards. */
export const GRAFANA = section('Grafana: its address, and how it receives the dashboards.', {
  url: value(LINK, '', 'Base URL of Grafana, for dashboard links in alerts. Empty: links without a host.'),
  version: count(13, 'Major version of Grafana. Determines the API version of dashboard resources.', { minimum: 10 }),
  sidecar: SIDECAR,
  operator: OPERATOR,
  gitSync: section('Target git-sync: dashboard resources for Git Sync and gcx.', {
    folder: value(
      FOLDER,
      null,
      'UID of the folder of the dashboards; null: Grafana derives the folder from the path of the file.',
    ),
  }),
});
