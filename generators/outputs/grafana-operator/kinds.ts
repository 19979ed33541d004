import { DNS_SUBDOMAIN, LABELS } from '../../schema/formats.ts';
import type { Kinds } from '../../schema/kinds.ts';
import { closed, FLAG, IN_NAMESPACE, object, type Schema, SOME_TEXT } from '../../schema/objects.ts';
import type { Problem } from '../../schema/problems.ts';
import { CLASSIC_DASHBOARD, DASHBOARD_UID } from '../grafana/index.ts';
import { innerJson } from '../inner-document.ts';

const GRAFANA_DASHBOARD: Schema = {
  ...closed(
    {
      instanceSelector: closed({ matchLabels: LABELS }),
      allowCrossNamespaceImport: FLAG,
      folder: SOME_TEXT,
      folderUID: SOME_TEXT,
      folderRef: DNS_SUBDOMAIN,
      uid: DASHBOARD_UID,
      resyncPeriod: {
        type: 'string',
        pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
        expected: 'a Go duration',
      },
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

function innerDashboard(document: object): readonly Problem[] {
  const { json } = (document as { readonly spec: { readonly json?: string } }).spec;
  return json === undefined ? [] : innerJson('spec.json', json, CLASSIC_DASHBOARD).problems;
}

/** Upstream: grafana-operator, config/crd/bases, v1beta1. */
export const kinds: Kinds = {
  'grafana.integreatly.org/v1beta1 GrafanaDashboard': {
    schema: () => object(IN_NAMESPACE, { spec: GRAFANA_DASHBOARD }),
    check: innerDashboard,
  },
};
