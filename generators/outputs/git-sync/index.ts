import type { Config } from '../../settings/index.ts';
import type { Target } from '../output.ts';
import { classicDashboard } from '../grafana/index.ts';

/** The resource that holds classic JSON: v1 since Grafana 13, v1beta1 in Grafana 12. */
const apiVersion = ({ grafana: { version } }: Config): string =>
  `dashboard.grafana.app/${version >= 13 ? 'v1' : 'v1beta1'}`;

/** A resource of Grafana's own API for each dashboard, as Git Sync and gcx read them. Our mark is in the dashboard's description. */
export const gitSync: Target = {
  id: 'git-sync',
  emit: ({ dashboards }, config) =>
    dashboards.map((dashboard) => ({
      path: `dashboards/git-sync/${dashboard.uid}.json`,
      kind: 'manifest',
      render: (version) => {
        const { folder } = config.grafana.gitSync;
        const resource = {
          apiVersion: apiVersion(config),
          kind: 'Dashboard',
          metadata: {
            name: dashboard.uid,
            ...(folder !== null && { annotations: { 'grafana.app/folder': folder } }),
          },
          spec: JSON.parse(classicDashboard(dashboard, version)) as unknown,
        };
        return `${JSON.stringify(resource, null, 2)}\n`;
      },
    })),
};
