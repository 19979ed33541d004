import type { GridPos, PanelJson } from '../model/dashboard-json.ts';

/** Grafana's grid: 24 columns, rows of 30 px, 8 px between panels. */
export const COLUMNS = 24;
const CELL_HEIGHT = 30;
const MARGIN = 8;

/** A place on the page, in px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A row's head, or a panel, with the grid position that it has on the page. */
export interface Placed {
  readonly panel: PanelJson;
  readonly position: GridPos;
}

interface Section {
  readonly row: PanelJson | undefined;
  readonly panels: readonly PanelJson[];
}

/** Panels by the row above them; those of a collapsed row lie in it. */
function sections(panels: readonly PanelJson[]): Section[] {
  const sorted = panels.toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x);
  const found: { row: PanelJson | undefined; panels: PanelJson[] }[] = [{ row: undefined, panels: [] }];
  for (const panel of sorted) {
    if (panel.type === 'row') found.push({ row: panel, panels: [...(panel.panels ?? [])] });
    else found.at(-1)?.panels.push(panel);
  }
  return found;
}

/**
 * Where everything lies when the rows of `closed` are closed: whatever follows a closed row moves up.
 * @param closed ids of rows.
 */
export function place(panels: readonly PanelJson[], closed: ReadonlySet<number>): readonly Placed[] {
  const placed: Placed[] = [];
  let top = 0;
  for (const { row, panels: below } of sections(panels)) {
    if (row !== undefined) {
      placed.push({ panel: row, position: { ...row.gridPos, x: 0, y: top, w: COLUMNS, h: 1 } });
      top += 1;
      if (closed.has(row.id)) continue;
    }
    const first = Math.min(...below.map(({ gridPos }) => gridPos.y));
    const end = Math.max(...below.map(({ gridPos }) => gridPos.y + gridPos.h));
    for (const panel of below) placed.push({ panel, position: { ...panel.gridPos, y: top + panel.gridPos.y - first } });
    if (below.length > 0) top += end - first;
  }
  return placed;
}

/** Ids of the rows that are closed when a dashboard is opened. */
export const closedRows = (panels: readonly PanelJson[]): ReadonlySet<number> =>
  new Set(panels.filter(({ type, collapsed }) => type === 'row' && collapsed === true).map(({ id }) => id));

/** A grid position in px, on a page of this width. */
export function boxOf({ x, y, w, h }: GridPos, pageWidth: number): Box {
  const column = (pageWidth - MARGIN * (COLUMNS - 1)) / COLUMNS;
  return {
    left: x * (column + MARGIN),
    top: y * (CELL_HEIGHT + MARGIN),
    width: w * column + (w - 1) * MARGIN,
    height: h * CELL_HEIGHT + (h - 1) * MARGIN,
  };
}

/** Height of all that is placed, in px. */
export const heightOf = (placed: readonly Placed[]): number =>
  Math.max(0, ...placed.map(({ position }) => position.y + position.h)) * (CELL_HEIGHT + MARGIN);
