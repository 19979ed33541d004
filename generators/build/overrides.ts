import type { Config } from '../settings/index.ts';
import type { Omission } from '../model/skipped.ts';
import type { Dashboard, PlacedPanel } from '../model/dashboard.ts';

type Change = Exclude<Config['dashboards'][string], false>;

function changedPanel(
  placed: PlacedPanel,
  change: Exclude<Change['panels'], undefined>[string] | undefined,
): PlacedPanel[] {
  if (change === false) return [];
  return [change === undefined ? placed : { ...placed, panel: { ...placed.panel, ...change } }];
}

/** A dashboard after the configuration's changes to it. */
export function changedDashboard(dashboard: Dashboard, change: Change): Dashboard {
  const { panels = {}, ...rest } = change;
  return {
    ...dashboard,
    ...rest,
    sections: dashboard.sections.map((section) => ({
      ...section,
      panels: section.panels.flatMap((placed) => changedPanel(placed, panels[placed.key])),
    })),
  };
}

/** The panels that a configuration switches off, for the summary. */
export const omittedPanels = (uid: string, change: Change): readonly Omission[] =>
  Object.entries(change.panels ?? {})
    .filter(([, panel]) => panel === false)
    .map(([key]) => ({ what: `panel ${uid}/${key}`, reason: 'switched off in the configuration' }));
