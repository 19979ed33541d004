import { createRandom } from '../../bench/random.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const KNOT = 25 * 60;
/** After so many knots, more than two days, everything comes again. */
const KNOTS = 128;
const RESOLUTION = 10_000;

/** Chance that is the same for the same seed, and apart for every key. */
export interface Noise {
  /** A share from 0 to 1. */
  chance(key: string): number;
  /**
   * A factor around 1 that wanders smoothly over time: chance at knots 25 minutes apart, with smooth steps in between.
   * `amplitude` is the most it may be off, such as 0.1 for 10 %; `seconds` may be negative.
   */
  wander(key: string, seconds: number, amplitude: number): number;
}

/** A number that depends on every character of a text (FNV-1a). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** The noise of a seed. The shares of each key are drawn once, as thousands of moments ask for them. */
export function createNoise(seed: number): Noise {
  const drawn = new Map<string, readonly number[]>();
  const sharesOf = (key: string): readonly number[] => {
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const random = createRandom(seed ^ hash(key));
    const shares = Array.from({ length: KNOTS }, () => random.int(0, RESOLUTION) / RESOLUTION);
    drawn.set(key, shares);
    return shares;
  };
  return {
    chance: (key) => sharesOf(key)[0] ?? 0,
    wander(key, seconds, amplitude) {
      const shares = sharesOf(key);
      const at = (knot: number) => shares[((knot % KNOTS) + KNOTS) % KNOTS] ?? 0;
      const knot = Math.floor(seconds / KNOT);
      const share = seconds / KNOT - knot;
      const smooth = share * share * (3 - 2 * share);
      return 1 + amplitude * (2 * (at(knot) + (at(knot + 1) - at(knot)) * smooth) - 1);
    },
  };
}

/** How busy a shop is over the day: a factor from 0.78 to 1.22, at its height an hour before now. */
export function timeOfDay(seconds: number): number {
  return 1 + 0.22 * Math.cos((2 * Math.PI * (seconds + HOUR)) / DAY);
}
