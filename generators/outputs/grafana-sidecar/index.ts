import type { Dashboard } from '../../model/dashboard.ts';
import { because } from '../../model/tree.ts';
import { IN_NAMESPACE, type Kinds, mapOf, object, TEXT } from '../../schema/objects.ts';
import type { Problem } from '../../schema/problems.ts';
import { PACKAGING } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { CLASSIC_DASHBOARD, classicDashboard } from '../classic.ts';
import { innerJson } from '../inner-document.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, type Resource, resourceDraft } from '../resource.ts';

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
      labels: because('The sidecar selects ConfigMaps by this label.', {
        ...PART_OF_AZIMUTH,
        [sidecar.label]: sidecar.labelValue,
      }),
      ...(sidecar.folder !== null && {
        annotations: because(
          "The folder. Set the same folderAnnotation, and provider.foldersFromFilesStructure: true, in the chart's sidecar.dashboards.",
          { [sidecar.folderAnnotation]: sidecar.folder },
        ),
      }),
    },
    data: { [`${dashboard.uid}.json`]: classicDashboard(dashboard, version) },
  }),
});

/** Files that the dashboards sidecar reads. */
const innerDashboards = (document: object): readonly Problem[] =>
  Object.entries((document as { readonly data: Readonly<Record<string, string>> }).data)
    .filter(([name]) => name.endsWith('.json'))
    .flatMap(([name, text]) => innerJson(`data["${name}"]`, text, CLASSIC_DASHBOARD).problems);

/** Upstream: Kubernetes, api/openapi-spec; the fields that we write. */
const kinds: Kinds = {
  'v1 ConfigMap': {
    schema: () =>
      object(IN_NAMESPACE, {
        'data!': {
          ...mapOf(TEXT, { type: 'string', maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$', expected: 'a file name' }),
          minProperties: 1,
        },
      }),
    check: innerDashboards,
  },
};

/** One ConfigMap per dashboard; a single one for all would soon be too large. */
export const grafanaSidecar = output({
  id: 'grafana-sidecar',
  folder: FOLDER,
  settings: {},
  reads: READS,
  kinds,
  emit: ({ dashboards }, config) => dashboards.map((dashboard) => resourceDraft(config, resource(config, dashboard))),
});
