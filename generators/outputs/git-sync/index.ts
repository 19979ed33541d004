import { DNS_SUBDOMAIN } from '../../schema/formats.ts';
import { closed, type Kind, type Kinds, object, SOME_TEXT } from '../../schema/objects.ts';
import { checkOf, problem } from '../../settings/check.ts';
import type { TARGETS } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { CLASSIC_DASHBOARD, classicModel, DASHBOARD_UID } from '../classic.ts';
import { output } from '../output.ts';

const FOLDER = 'dashboards/git-sync';

type GitSyncConfig = Slice<{ grafana: typeof GRAFANA }>;

/** First major version of Grafana with Git Sync. */
const MIN_VERSION = 12;

const version = checkOf<GitSyncConfig & Slice<{ targets: typeof TARGETS }>>()(
  ['targets', 'grafana.version'],
  ({ targets, grafana }) =>
    targets.includes('git-sync') && grafana.version < MIN_VERSION
      ? [
          problem(
            'grafana.version',
            grafana.version,
            `${MIN_VERSION} or newer for the target git-sync, which older ones do not have`,
          ),
        ]
      : [],
);

/** The API version with classic JSON: v1 since Grafana 13, v1beta1 in Grafana 12. */
const apiVersion = ({ grafana }: GitSyncConfig): string =>
  `dashboard.grafana.app/${grafana.version >= 13 ? 'v1' : 'v1beta1'}`;

const DASHBOARD: Kind = {
  schema: () =>
    object(
      closed({
        'name!': {
          ...DASHBOARD_UID,
          ...DNS_SUBDOMAIN,
          maxLength: 40,
          expected: 'the uid, as a name of up to 40 characters',
        },
        annotations: closed({ 'grafana.app/folder': SOME_TEXT }),
      }),
      { 'spec!': CLASSIC_DASHBOARD },
    ),
};

/** Upstream: Grafana, apps/dashboard/kinds. */
const kinds: Kinds = {
  'dashboard.grafana.app/v1 Dashboard': DASHBOARD,
  'dashboard.grafana.app/v1beta1 Dashboard': DASHBOARD,
};

/** One resource of Grafana's API per dashboard, for Git Sync and gcx. The mark is in the description of the dashboard. */
export const gitSync = output({
  id: 'git-sync',
  folder: FOLDER,
  settings: {},
  reads: { grafana: GRAFANA },
  checks: [version],
  kinds,
  emit: ({ dashboards }, config) =>
    dashboards.map((dashboard) => ({
      path: `${FOLDER}/${dashboard.uid}.json`,
      kind: 'manifest',
      format: 'json',
      document: 'object',
      render: (dashboardVersion) => {
        const { folder } = config.grafana.gitSync;
        const resource = {
          apiVersion: apiVersion(config),
          kind: 'Dashboard',
          metadata: { name: dashboard.uid, ...(folder !== null && { annotations: { 'grafana.app/folder': folder } }) },
          spec: classicModel(dashboard, dashboardVersion),
        };
        return `${JSON.stringify(resource, null, 2)}\n`;
      },
    })),
});
