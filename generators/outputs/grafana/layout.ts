/** Columns of Grafana's grid. */
export const COLUMNS = 24;

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** A place in the grid, as Grafana's gridPos. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * Puts panels into the grid in their order, each at the highest place that is free and then as far left as possible, so that
 * removing one leaves no hole. Returns the places and the first free row below.
 * @throws RangeError when a panel is wider than the grid.
 */
export function pack(
  panels: readonly Sized[],
  top: number,
): { readonly places: readonly Place[]; readonly bottom: number } {
  const skyline = Array.from({ length: COLUMNS }, () => top);
  const places = panels.map(({ width, height }): Place => {
    if (width > COLUMNS) throw new RangeError(`a panel of width ${width} does not fit ${COLUMNS} columns`);
    const starts = Array.from({ length: COLUMNS - width + 1 }, (_, x) => Math.max(...skyline.slice(x, x + width)));
    const y = Math.min(...starts);
    const x = starts.indexOf(y);
    skyline.fill(y + height, x, x + width);
    return { x, y, w: width, h: height };
  });
  return { places, bottom: Math.max(...skyline) };
}
