/** A deterministic source of pseudo-random values: the same seed gives the same sequence. */
export interface Random {
  /** A whole number from min to max, both included. */
  int(min: number, max: number): number;
  /** One item of a list. Throws a RangeError when the list is empty. */
  pick<T extends object | string>(items: readonly T[]): T;
  /** A string of that many characters of the alphabet, hexadecimal digits by default. */
  text(length: number, alphabet?: string): string;
}

const HEXADECIMAL = '0123456789abcdef';

/**
 * Creates the source for a seed, a whole number. Not fit for cryptography. The generator (mulberry32) has 32 bits of
 * state: plenty for naming pods and choosing rates.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));

  return {
    int,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError('cannot pick from an empty list');
      return item;
    },
    text: (length, alphabet = HEXADECIMAL) =>
      Array.from({ length }, () => alphabet.charAt(int(0, alphabet.length - 1))).join(''),
  };
}
