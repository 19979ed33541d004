import { allAlerts } from '../alerts/index.ts';
import type { Config } from '../settings/index.ts';
import { dashboardIndex } from '../dashboards/index.ts';
import { noDashboards, noRules } from './readers.ts';
import type { Path } from './settings.ts';

/** Why changes to an alert change nothing. */
const alertIdle = (config: Config, name: string): string | undefined =>
  noRules(config) ?? allAlerts.find(({ alert }) => alert === name)?.without?.(config);

/** Why changes to a dashboard, or to one panel of it, change nothing. */
function dashboardIdle(config: Config, uid: string, panel: string | undefined): string | undefined {
  const reason = noDashboards(config);
  if (reason !== undefined) return reason;
  const made = dashboardIndex.find((entry) => entry.uid === uid)?.make(config);
  if (made === undefined) return undefined;
  if ('reason' in made) return made.reason;
  return panel === undefined ? undefined : made.omissions?.find(({ what }) => what === `panel ${uid}/${panel}`)?.reason;
}

/** Why a change to an alert, a dashboard or a panel changes nothing; undefined where it does, and for all other settings. */
export function namedIdle(config: Config, [section, name = '', part, panel]: Path): string | undefined {
  if (section === 'alerts') return alertIdle(config, name);
  return section === 'dashboards' ? dashboardIdle(config, name, part === 'panels' ? panel : undefined) : undefined;
}
