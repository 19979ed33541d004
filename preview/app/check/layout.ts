import type { GridPos, PanelJson } from '../model/dashboard-json.ts';
import type { Finding } from './finding.ts';

const COLUMNS = 24;

/** The name of a panel in messages. */
export const nameOf = ({ title, id }: PanelJson): string => (title === undefined || title === '' ? `#${id}` : title);

const overlap = (a: GridPos, b: GridPos): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function ownFindings({ gridPos }: PanelJson): Finding[] {
  const { x, y, w, h } = gridPos;
  const shown = `x=${x}, y=${y}, w=${w}, h=${h}`;
  if (![x, y, w, h].every(Number.isInteger) || x < 0 || y < 0 || w < 1 || h < 1)
    return [
      { place: 'gridPos', message: `got ${shown}, expected whole numbers with x and y from 0 and w and h from 1` },
    ];
  if (x + w > COLUMNS)
    return [{ place: 'gridPos', message: `got ${shown}, which ends at column ${x + w}, expected at most ${COLUMNS}` }];
  return [];
}

/**
 * What is wrong with where a panel lies.
 *
 * @param before the panels that come before it in the same list, which it must not cover
 */
export function layoutFindings(panel: PanelJson, before: readonly PanelJson[]): Finding[] {
  if ((panel.gridPos as GridPos | undefined) === undefined)
    return [{ place: 'gridPos', message: 'is missing, expected x, y, w and h' }];
  const covered = before.filter(
    (other) => (other.gridPos as GridPos | undefined) && overlap(other.gridPos, panel.gridPos),
  );
  return [
    ...ownFindings(panel),
    ...covered.map((other) => ({ place: 'gridPos', message: `overlaps with panel "${nameOf(other)}"` })),
  ];
}
