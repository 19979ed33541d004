import { DNS_SUBDOMAIN, GO_DURATION, LABELS } from '../schema/formats.ts';
import { closed, FLAG, IN_NAMESPACE, object, SOME_TEXT, type Schema } from '../schema/objects.ts';

/** Upstream: Grafana, pkg/util/shortid_generator.go; grafana-operator, spec.uid. */
export const DASHBOARD_UID: Schema = {
  type: 'string',
  maxLength: 40,
  pattern: '^[a-zA-Z0-9_-]+$',
  expected: 'a uid: up to 40 letters, digits, dashes and underscores',
};

/** What every dashboard in the classic form must have; its panels have types of their own, which Grafana's SDK checks. */
export const CLASSIC: Schema = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'panels'],
  properties: { uid: DASHBOARD_UID, title: SOME_TEXT, panels: { type: 'array' } },
};

const resource = () =>
  object(
    closed(
      {
        name: {
          ...DASHBOARD_UID,
          ...DNS_SUBDOMAIN,
          maxLength: 40,
          expected: 'the uid, as a name of up to 40 characters',
        },
        annotations: closed({ 'grafana.app/folder': SOME_TEXT }),
      },
      ['name'],
    ),
    { spec: CLASSIC },
  );

const GRAFANA_DASHBOARD: Schema = {
  ...closed(
    {
      instanceSelector: closed({ matchLabels: LABELS }),
      allowCrossNamespaceImport: FLAG,
      folder: SOME_TEXT,
      folderUID: SOME_TEXT,
      folderRef: DNS_SUBDOMAIN,
      uid: DASHBOARD_UID,
      resyncPeriod: GO_DURATION,
      json: SOME_TEXT,
      gzipJson: SOME_TEXT,
    },
    ['instanceSelector'],
  ),
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

/** Upstream: grafana-operator, config/crd/bases, v1beta1; Grafana, apps/dashboard/kinds. */
export const grafanaKinds = {
  'grafana.integreatly.org/v1beta1 GrafanaDashboard': () => object(IN_NAMESPACE, { spec: GRAFANA_DASHBOARD }),
  'dashboard.grafana.app/v1 Dashboard': resource,
  'dashboard.grafana.app/v1beta1 Dashboard': resource,
};
