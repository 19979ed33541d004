import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { COLUMNS, pack, type Place } from '../../generators/outputs/classic.ts';
import { validConfig } from '../support/arbitrary-config.ts';
import { dashboardsOf } from '../support/artifacts.ts';
import { generate } from '../support/generate.ts';

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const overlapping = (places: readonly Place[]): readonly (readonly [Place, Place])[] =>
  places.flatMap((a, index) => places.slice(index + 1).flatMap((b) => (overlap(a, b) ? [[a, b] as const] : [])));

const sizes = fc.array(
  fc.record({ width: fc.integer({ min: 1, max: COLUMNS }), height: fc.integer({ min: 1, max: 12 }) }),
  { maxLength: 20 },
);

describe('panels of any sizes', () => {
  test('have the size that they want, inside the grid, and never overlap', () => {
    fc.assert(
      fc.property(sizes, fc.nat({ max: 50 }), (panels, top) => {
        const { places, bottom } = pack(panels, top);
        expect(places.map(({ w, h }) => ({ width: w, height: h }))).toEqual(panels);
        expect(places.every(({ x, y, w, h }) => x >= 0 && x + w <= COLUMNS && y >= top && y + h <= bottom)).toBe(true);
        expect(overlapping(places)).toEqual([]);
        expect(bottom).toBe(Math.max(top, ...places.map(({ y, h }) => y + h)));
      }),
    );
  });

  test('stand on something: the one above, or the top', () => {
    fc.assert(
      fc.property(sizes, fc.nat({ max: 50 }), (panels, top) => {
        const { places } = pack(panels, top);
        for (const place of places.filter(({ y }) => y > top)) {
          const above = { ...place, y: place.y - 1, h: 1 };
          expect(places.some((other) => other !== place && overlap(other, above))).toBe(true);
        }
      }),
    );
  });

  test('of equal height in a full row stay side by side, in their order', () => {
    const { places, bottom } = pack(
      [6, 6, 12].map((width) => ({ width, height: 4 })),
      3,
    );
    expect(places.map(({ x, y }) => [x, y])).toEqual([
      [0, 3],
      [6, 3],
      [12, 3],
    ]);
    expect(bottom).toBe(7);
    expect(pack([], 3)).toEqual({ places: [], bottom: 3 });
  });

  test('wider than the grid are refused', () => {
    expect(() => pack([{ width: 25, height: 1 }], 0)).toThrow('a panel of width 25 does not fit 24 columns');
  });
});

test('panels and headings of every dashboard keep apart, whichever panels are switched off', () => {
  fc.assert(
    fc.property(validConfig, (given) => {
      for (const { panels } of dashboardsOf(generate({ ...given, targets: ['grafana'] }).artifacts)) {
        expect(overlapping(panels.map(({ gridPos }) => gridPos))).toEqual([]);
        expect(panels.every(({ gridPos: { x, w } }) => x >= 0 && x + w <= COLUMNS)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});
