import { checkOf, problem, type Check } from '../../settings/check.ts';
import { seconds } from '../../promql/index.ts';
import type { GRAFANA } from '../../settings/grafana.ts';
import type { Slice } from '../../settings/section.ts';

/** The Grafana Operator takes one folder for a dashboard. */
const folders = checkOf<Slice<{ grafana: typeof GRAFANA }>>()(['grafana.operator'], ({ grafana: { operator } }) => {
  const { folder, folderUID, folderRef } = operator;
  const given = Object.entries({ folder, folderUID, folderRef }).filter(([, value]) => value !== null);
  return given.length > 1
    ? [problem('grafana.operator', Object.fromEntries(given), 'at most one of folder, folderUID and folderRef')]
    : [];
});

/** Changes to dashboards, as far as they are read here; the section is made of their names. */
interface Dashboards {
  readonly dashboards: Readonly<Record<string, false | { readonly refresh?: string }>>;
}

/** Grafana's min_refresh_interval is 5s unless changed: it refuses less in resources, and raises it elsewhere (seen with 12.4). */
const refresh = checkOf<Dashboards>()(['dashboards'], ({ dashboards }) =>
  Object.entries(dashboards).flatMap(([uid, change]) =>
    change === false || change.refresh === undefined || seconds(change.refresh) >= 5
      ? []
      : [problem(`dashboards.${uid}.refresh`, change.refresh, 'at least 5s, as Grafana reloads no faster')],
  ),
);

/** Whether Grafana takes the dashboards as asked. */
export const checks: readonly Check[] = [folders, refresh];
