import { KUBERNETES_NAME, LABEL_KEY, LABEL_VALUE, LABELS, LINE, URL_OR_PATH } from '../schema/formats.ts';
import { count, flag, namespace, orNull, section, value, when } from '../schema/settings.ts';

const FOLDER = { ...orNull(LINE), minLength: 1 };

const SIDECAR = section("ConfigMaps for the dashboards sidecar of Grafana's chart, of the target grafana-sidecar.", {
  namespace: namespace('monitoring', 'the ConfigMaps'),
  label: value(LABEL_KEY, 'grafana_dashboard', 'Label that the sidecar looks for.'),
  labelValue: value(LABEL_VALUE, '1', 'Value of that label.'),
  folder: value(
    FOLDER,
    null,
    'Folder of the dashboards, null for none; the chart needs folderAnnotation and provider.foldersFromFilesStructure: true.',
  ),
  folderAnnotation: when(
    { 'grafana.sidecar.folder': true },
    value(
      LABEL_KEY,
      'grafana_folder',
      "Annotation that names the folder: the chart's sidecar.dashboards.folderAnnotation.",
    ),
  ),
});

const OPERATOR = section('GrafanaDashboard objects for the Grafana Operator, of the target grafana-operator.', {
  namespace: namespace('monitoring', 'the dashboards'),
  instanceLabels: value(
    LABELS,
    { dashboards: 'grafana' },
    'Labels of the Grafana objects that get the dashboards; none selects all. The selector of a dashboard cannot be ' +
      'changed later. What is given here replaces the default.',
  ),
  allowCrossNamespaceImport: flag(true, 'Whether Grafana objects of other namespaces get them too.'),
  folder: value(FOLDER, null, 'Title of a folder, which the operator makes where it is missing.'),
  folderUID: value(FOLDER, null, 'UID of a folder that exists in Grafana.'),
  folderRef: value(
    orNull(KUBERNETES_NAME),
    null,
    'Name of a GrafanaFolder object in the same namespace. Give at most one of the three.',
  ),
});

/** Grafana: its address, and how dashboards come to it. */
export const GRAFANA = section('Grafana.', {
  url: value(URL_OR_PATH, '', 'Base URL, for links in alerts; empty gives links without a host.'),
  version: count(13, 'Major version of Grafana, for resources whose form depends on it.', { minimum: 10 }),
  sidecar: SIDECAR,
  operator: OPERATOR,
  gitSync: section('Resources for Git Sync and gcx, of the target git-sync.', {
    folder: value(FOLDER, null, 'UID of the folder of the dashboards; null leaves it to the place of the file.'),
  }),
});
