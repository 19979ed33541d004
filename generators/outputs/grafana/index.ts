import { checkOf, problem } from '../../settings/check.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';
import { output } from '../output.ts';
import { classicDashboard } from '../classic.ts';

const FOLDER = 'dashboards/grafana';

/** The Grafana Operator takes one folder for a dashboard. */
const folders = checkOf<Slice<{ grafana: typeof GRAFANA }>>()(['grafana.operator'], ({ grafana: { operator } }) => {
  const { folder, folderUID, folderRef } = operator;
  const given = Object.entries({ folder, folderUID, folderRef }).filter(([, value]) => value !== null);
  return given.length > 1
    ? [problem('grafana.operator', Object.fromEntries(given), 'at most one of folder, folderUID and folderRef')]
    : [];
});

/** One file a dashboard, named by its uid. */
export const grafana = output({
  id: 'grafana',
  folder: FOLDER,
  settings: { grafana: GRAFANA },
  reads: {},
  checks: [folders],
  emit: ({ dashboards }) =>
    dashboards.map((dashboard) => ({
      path: `${FOLDER}/${dashboard.uid}.json`,
      kind: 'dashboard',
      format: 'json',
      document: 'syntax',
      render: (version) => classicDashboard(dashboard, version),
    })),
});
