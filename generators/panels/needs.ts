import type { Dashboard, Panel, PlacedPanel } from '../model/dashboard.ts';
import { timeSeries } from './charts.ts';

/** A panel that is built only if its needs are met. */
export type PanelOf<Need extends string> = Omit<PlacedPanel, 'panel'> & {
  readonly needs?: readonly Need[];
  readonly panel: () => Panel;
};

/** Panels under an optional heading, before it is known which can be built. */
interface SectionOf<Need extends string> {
  readonly title?: string;
  readonly panels: readonly PanelOf<Need>[];
}

/**
 * Builds the panels whose needs are met. The others are skipped with the reason of their first need that is not, and a section without panels is left out.
 * @param missing why a need is not met; undefined where it is.
 * @example { uid, title, ..., ...panelsOf(uid, (need) => MISSING[need](config), sections) }
 */
export function panelsOf<Need extends string>(
  uid: string,
  missing: (need: Need) => string | undefined,
  sections: readonly SectionOf<Need>[],
): Required<Pick<Dashboard, 'sections' | 'skipped'>> {
  const reasonOf = ({ needs = [] }: PanelOf<Need>): string | undefined =>
    needs.map(missing).find((reason) => reason !== undefined);
  return {
    sections: sections
      .map((section) => ({
        ...section,
        panels: section.panels
          .filter((panel) => reasonOf(panel) === undefined)
          .map(({ key, width, height, panel }) => ({ key, width, height, panel: panel() })),
      }))
      .filter(({ panels }) => panels.length > 0),
    skipped: sections.flatMap(({ panels }) =>
      panels.flatMap((panel) => {
        const reason = reasonOf(panel);
        return reason === undefined ? [] : [{ kind: 'panel', dashboard: uid, panel: panel.key, reason }];
      }),
    ),
  };
}

/** A graph with a table as legend, of half the width unless told. */
export const graph = <Need extends string>(
  key: string,
  options: Parameters<typeof timeSeries>[0],
  more: Partial<PanelOf<Need>> = {},
): PanelOf<Need> => ({
  key,
  width: 12,
  height: 7,
  ...more,
  panel: () => timeSeries({ legend: 'table', ...options }),
});
