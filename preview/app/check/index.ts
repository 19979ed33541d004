import type { DashboardJson, PanelJson } from '../model/dashboard-json.ts';
import type { PageProblem } from '../model/page-state.ts';
import { dashboardFindings } from './dashboard.ts';
import { fieldConfigFindings } from './field-config.ts';
import type { Finding } from './finding.ts';
import type { Known } from './known.ts';
import { layoutFindings, nameOf } from './layout.ts';
import { panelFindings } from './panel.ts';
import { namesKnown, referenceFindings } from './references.ts';
import { queryFindings } from './targets.ts';
import { transformationFindings } from './transformations.ts';

export type { Known } from './known.ts';

/** A panel with those that come before it in the same list. */
interface Placed {
  readonly panel: PanelJson;
  readonly before: readonly PanelJson[];
}

/** All panels, those of collapsed rows after their row. */
const placed = (panels: readonly PanelJson[]): Placed[] =>
  panels.flatMap((panel, index) => [{ panel, before: panels.slice(0, index) }, ...placed(panel.panels ?? [])]);

const problem = (panel: string | null, { place, message }: Finding): PageProblem => ({
  panel,
  message: `${place}: ${message}`,
});

/** What is wrong with a panel by itself; the panels of a row are looked at on their own. */
function ownFindings({ panel, before }: Placed, known: Known, names: ReadonlySet<string>): Finding[] {
  const { panels: _, ...texts } = panel;
  return [
    ...panelFindings(panel, known),
    ...layoutFindings(panel, before),
    ...queryFindings(panel, known),
    ...transformationFindings(panel, known),
    ...fieldConfigFindings(panel, known),
    ...referenceFindings(texts, '', names),
  ];
}

/**
 * Everything in a dashboard that Grafana, or the preview, would skip without a word: names that do not exist, with the nearest one that does,
 * and what the preview cannot draw. Each message begins with the place in the JSON of the panel, or of the dashboard where `panel` is null.
 */
export function findProblems(dashboard: DashboardJson, known: Known): PageProblem[] {
  const names = namesKnown(dashboard.templating?.list ?? []);
  const all = placed(dashboard.panels ?? []);
  const ofPanels = all.flatMap((each, index) => {
    const taken = all.slice(0, index).find(({ panel }) => panel.id === each.panel.id);
    const findings = [
      ...(taken ? [{ place: 'id', message: `${each.panel.id} is the id of panel "${nameOf(taken.panel)}", too` }] : []),
      ...ownFindings(each, known, names),
    ];
    return findings.map((finding) => problem(nameOf(each.panel), finding));
  });
  return [...dashboardFindings(dashboard, known, names).map((finding) => problem(null, finding)), ...ofPanels];
}
