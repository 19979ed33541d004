import { allAlerts } from '../alerts/index.ts';
import { defaultsOf, namedSchema, type Catalogue } from '../config/names.ts';
import type { Config } from '../settings/index.ts';
import { dashboardIndex } from '../dashboards/index.ts';
import type { Dashboard } from '../model/dashboard.ts';

/** Keys of all panels of a dashboard. */
const panelKeys = (dashboard: Dashboard): readonly string[] =>
  dashboard.sections.flatMap(({ panels }) => panels.map(({ key }) => key));

/** The names that a configuration may refer to: those of every alert, dashboard and panel under the default configuration. */
export function makeCatalogue(): Catalogue {
  const defaults = defaultsOf(namedSchema({ alerts: {}, dashboards: {} })) as Config;
  const dashboards = dashboardIndex.map(({ uid, make }) => {
    const made = make(defaults);
    return [uid, 'sections' in made ? panelKeys(made) : []] as const;
  });
  return {
    alerts: Object.fromEntries(
      allAlerts.map(({ alert, ratio, tier: { threshold }, escalation }) => [
        alert,
        { ratio, threshold, ...(escalation !== undefined && { escalation: { threshold: escalation.threshold } }) },
      ]),
    ),
    dashboards: Object.fromEntries(dashboards),
  };
}
