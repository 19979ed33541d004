import type { Dashboard } from '../../model/dashboard.ts';
import { because } from '../../model/tree.ts';
import { PACKAGING } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { classicDashboard } from '../grafana/index.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, resourceDrafts, type Resource } from '../resource.ts';
import { kinds } from './kinds.ts';

const FOLDER = 'dashboards/configmaps';

const READS = { grafana: GRAFANA, packaging: PACKAGING };
type SidecarConfig = Slice<typeof READS>;

const resource = ({ grafana: { sidecar } }: SidecarConfig, dashboard: Dashboard): Resource => ({
  path: `${FOLDER}/${dashboard.uid}.yaml`,
  header: `Dashboard "${dashboard.title}" for the sidecar of Grafana's chart.`,
  object: (version) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `azimuth-dashboard-${dashboard.uid}`,
      namespace: sidecar.namespace,
      labels: because('The sidecar looks for ConfigMaps with its label.', {
        ...PART_OF_AZIMUTH,
        [sidecar.label]: sidecar.labelValue,
      }),
      ...(sidecar.folder !== null && {
        annotations: because(
          "The folder; the chart's sidecar.dashboards needs this folderAnnotation, and provider.foldersFromFilesStructure: true.",
          { [sidecar.folderAnnotation]: sidecar.folder },
        ),
      }),
    },
    data: { [`${dashboard.uid}.json`]: classicDashboard(dashboard, version) },
  }),
});

/** A ConfigMap for each dashboard. One each, as together they would soon be too large. */
export const grafanaSidecar = output({
  id: 'grafana-sidecar',
  folder: FOLDER,
  settings: {},
  reads: READS,
  kinds,
  emit: ({ dashboards }, config) =>
    resourceDrafts(
      config,
      dashboards.map((dashboard) => resource(config, dashboard)),
    ),
});
