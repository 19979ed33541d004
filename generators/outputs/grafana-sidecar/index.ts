import type { Config } from '../../settings/index.ts';
import { because } from '../../model/tree.ts';
import type { Dashboard } from '../../model/dashboard.ts';
import type { Target } from '../output.ts';
import { classicDashboard } from '../grafana/index.ts';
import { bytesOf, MAX_DATA_BYTES } from '../../schema/limits.ts';
import { OUR_LABELS, resourceDrafts, type Resource } from '../resource.ts';

function resource({ grafana: { sidecar } }: Config, dashboard: Dashboard): Resource {
  const { uid, title } = dashboard;
  return {
    path: `dashboards/configmaps/${uid}.yaml`,
    what: `dashboard ${uid}`,
    about: `Dashboard "${title}" for the sidecar of Grafana's chart.`,
    limits: [
      { of: 'the data of a ConfigMap', bytes: bytesOf(classicDashboard(dashboard, 999_999)), most: MAX_DATA_BYTES },
    ],
    object: (version) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `azimuth-dashboard-${uid}`,
        namespace: sidecar.namespace,
        labels: because('The sidecar looks for ConfigMaps with its label.', {
          ...OUR_LABELS,
          [sidecar.label]: sidecar.labelValue,
        }),
        ...(sidecar.folder !== null && {
          annotations: because(
            "The folder; the chart's sidecar.dashboards needs this folderAnnotation, and provider.foldersFromFilesStructure: true.",
            { [sidecar.folderAnnotation]: sidecar.folder },
          ),
        }),
      },
      data: { [`${uid}.json`]: classicDashboard(dashboard, version) },
    }),
  };
}

/** A ConfigMap for each dashboard. One each, as together they would soon be too large. */
export const grafanaSidecar: Target = {
  id: 'grafana-sidecar',
  emit: ({ dashboards }, config) =>
    resourceDrafts(
      config,
      dashboards.map((dashboard) => resource(config, dashboard)),
    ),
};
