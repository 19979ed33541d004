import type { Dashboard } from '../../model/dashboard.ts';
import { because, type Tree } from '../../model/tree.ts';
import { PACKAGING } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { classicDashboard } from '../grafana/index.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, resourceDrafts, type Resource } from '../resource.ts';
import { kinds } from './kinds.ts';

const FOLDER = 'dashboards/grafana-operator';

const READS = { grafana: GRAFANA, packaging: PACKAGING };
type OperatorConfig = Slice<typeof READS>;

/** The folder as the configuration names it: at most one of the three ways. */
function folder({ grafana: { operator } }: OperatorConfig): { readonly [key: string]: Tree } {
  if (operator.folder !== null) return { folder: operator.folder };
  if (operator.folderUID !== null) return { folderUID: operator.folderUID };
  return operator.folderRef === null ? {} : { folderRef: operator.folderRef };
}

const resource = (config: OperatorConfig, dashboard: Dashboard): Resource => ({
  path: `${FOLDER}/${dashboard.uid}.yaml`,
  header: `Dashboard "${dashboard.title}" for the Grafana Operator.`,
  object: (version) => {
    const { namespace, instanceLabels, allowCrossNamespaceImport } = config.grafana.operator;
    return {
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind: 'GrafanaDashboard',
      metadata: { name: `azimuth-${dashboard.uid}`, namespace, labels: PART_OF_AZIMUTH },
      spec: {
        instanceSelector: because('Grafana objects that get the dashboard. Cannot be changed later.', {
          matchLabels: instanceLabels,
        }),
        allowCrossNamespaceImport,
        ...folder(config),
        json: because(
          'The uid is inside, as older operators know no other place for it.',
          classicDashboard(dashboard, version),
        ),
      },
    };
  },
});

/** A GrafanaDashboard object for each dashboard. */
export const grafanaOperator = output({
  id: 'grafana-operator',
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
