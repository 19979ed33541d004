import { GRAFANA } from '../../settings/grafana.ts';
import { output } from '../output.ts';
import { checks } from './checks.ts';
import { classicDashboard } from './classic.ts';

export { classicDashboard } from './classic.ts';
export { CLASSIC_DASHBOARD, DASHBOARD_UID } from './schema.ts';

const FOLDER = 'dashboards/grafana';

/** One file a dashboard, named by its uid. */
export const grafana = output({
  id: 'grafana',
  folder: FOLDER,
  settings: { grafana: GRAFANA },
  reads: {},
  checks,
  emit: ({ dashboards }) =>
    dashboards.map((dashboard) => ({
      path: `${FOLDER}/${dashboard.uid}.json`,
      kind: 'dashboard',
      format: 'json',
      document: 'syntax',
      render: (version) => classicDashboard(dashboard, version),
    })),
});
