import type { Dashboard, PlacedPanel } from '../model/dashboard.ts';
import type { Skipped } from '../model/report.ts';
import type { DashboardOverride } from '../settings/overrides.ts';

const changedPanel = (
  placed: PlacedPanel,
  change: Exclude<DashboardOverride['panels'], undefined>[string] | undefined,
): PlacedPanel[] => {
  if (change === false) return [];
  return [change === undefined ? placed : { ...placed, panel: { ...placed.panel, ...change } }];
};

/** A dashboard after the configuration's changes to it. */
export function changedDashboard(dashboard: Dashboard, change: DashboardOverride): Dashboard {
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

/** The panels that a configuration switches off. */
export const switchedOff = (uid: string, change: DashboardOverride): readonly Skipped[] =>
  Object.entries(change.panels ?? {})
    .filter(([, panel]) => panel === false)
    .map(([key]) => ({ kind: 'panel', dashboard: uid, panel: key, reason: 'switched off in the configuration' }));
