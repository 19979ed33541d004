import type { Dashboard } from '../../model/dashboard.ts';
import { because, type Tree } from '../../model/tree.ts';
import { DNS_SUBDOMAIN, GO_DURATION, LABELS } from '../../schema/formats.ts';
import { closed, FLAG, IN_NAMESPACE, type Kinds, object, type Schema, SOME_TEXT } from '../../schema/objects.ts';
import type { Problem } from '../../schema/problems.ts';
import { PACKAGING } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { CLASSIC_DASHBOARD, classicDashboard, DASHBOARD_UID } from '../classic.ts';
import { innerJson } from '../inner-document.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, type Resource, resourceDraft } from '../resource.ts';

const FOLDER = 'dashboards/grafana-operator';

const READS = { grafana: GRAFANA, packaging: PACKAGING };
type OperatorConfig = Slice<typeof READS>;

/** The folder, by title, UID or reference. */
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
        instanceSelector: because('Grafana objects that receive the dashboard. Immutable.', {
          matchLabels: instanceLabels,
        }),
        allowCrossNamespaceImport,
        ...folder(config),
        json: because('Contains the uid: older operators have no field for it.', classicDashboard(dashboard, version)),
      },
    };
  },
});

const GRAFANA_DASHBOARD: Schema = {
  ...closed({
    'instanceSelector!': closed({ matchLabels: LABELS }),
    allowCrossNamespaceImport: FLAG,
    folder: SOME_TEXT,
    folderUID: SOME_TEXT,
    folderRef: DNS_SUBDOMAIN,
    uid: DASHBOARD_UID,
    resyncPeriod: GO_DURATION,
    json: SOME_TEXT,
    gzipJson: SOME_TEXT,
  }),
  allOf: [
    { oneOf: [{ required: ['json'] }, { required: ['gzipJson'] }], expected: 'exactly one of json and gzipJson' },
    {
      not: {
        anyOf: [
          ['folder', 'folderUID'],
          ['folder', 'folderRef'],
          ['folderUID', 'folderRef'],
        ].map((required) => ({ required })),
      },
      expected: 'at most one of folder, folderUID and folderRef',
    },
  ],
};

function innerDashboard(document: object): readonly Problem[] {
  const { json } = (document as { readonly spec: { readonly json?: string } }).spec;
  return json === undefined ? [] : innerJson('spec.json', json, CLASSIC_DASHBOARD).problems;
}

/** Upstream: grafana-operator, config/crd/bases, v1beta1. */
const kinds: Kinds = {
  'grafana.integreatly.org/v1beta1 GrafanaDashboard': {
    schema: () => object(IN_NAMESPACE, { 'spec!': GRAFANA_DASHBOARD }),
    check: innerDashboard,
  },
};

/** One GrafanaDashboard object per dashboard. */
export const grafanaOperator = output({
  id: 'grafana-operator',
  folder: FOLDER,
  settings: {},
  reads: READS,
  kinds,
  emit: ({ dashboards }, config) => dashboards.map((dashboard) => resourceDraft(config, resource(config, dashboard))),
});
