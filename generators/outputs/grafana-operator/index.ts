import type { Config } from '../../settings/index.ts';
import { because, type Tree } from '../../model/tree.ts';
import type { Dashboard } from '../../model/dashboard.ts';
import type { Target } from '../output.ts';
import { classicDashboard } from '../grafana/index.ts';
import { bytesOf } from '../../schema/limits.ts';
import { OUR_LABELS, resourceDrafts, type Resource } from '../resource.ts';

/** Characters of a uid. Upstream: grafana-operator, GrafanaDashboard spec.uid, and Grafana itself. */
const LONGEST_UID = 40;

/** The folder as the configuration names it: at most one of the three ways. */
function folder({ grafana: { operator } }: Config): { readonly [key: string]: Tree } {
  if (operator.folder !== null) return { folder: operator.folder };
  if (operator.folderUID !== null) return { folderUID: operator.folderUID };
  return operator.folderRef === null ? {} : { folderRef: operator.folderRef };
}

const resource = (config: Config, dashboard: Dashboard): Resource => ({
  path: `dashboards/grafana-operator/${dashboard.uid}.yaml`,
  what: `dashboard ${dashboard.uid}`,
  about: `Dashboard "${dashboard.title}" for the Grafana Operator.`,
  limits: [{ of: 'its uid', bytes: bytesOf(dashboard.uid), most: LONGEST_UID }],
  object: (version) => {
    const { namespace, instanceLabels, allowCrossNamespaceImport } = config.grafana.operator;
    return {
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind: 'GrafanaDashboard',
      metadata: { name: `azimuth-${dashboard.uid}`, namespace, labels: OUR_LABELS },
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
export const grafanaOperator: Target = {
  id: 'grafana-operator',
  emit: ({ dashboards }, config) =>
    resourceDrafts(
      config,
      dashboards.map((dashboard) => resource(config, dashboard)),
    ),
};
