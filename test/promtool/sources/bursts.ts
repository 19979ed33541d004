/**
 * How many steps of a steady counter each scrape takes at once, the last ten within the window of 5 minutes. Ten of them are ten, and so
 * are the last nine plus one, as releases of Prometheus differ in whether the edge of a window is in it. Those of 4 and of 6 minutes are
 * not, and the last one is none: what grew before it is still there.
 */
export const TAKEN: readonly number[] = [1, 1, 1, 0, 0, 1, 3, 0, 1, 0, 1, 1, 1, 2, 0];

/** How many steps of a steady counter its first scrapes take, the last of which come in bursts. */
export const stepsOf = (scrapes: number): readonly number[] => [
  ...Array.from({ length: scrapes - TAKEN.length }, () => 1),
  ...TAKEN,
];

/** The values of so many scrapes of a counter that grows in bursts: each shows what the steady one shows at another time. */
export function inBursts<T>(steady: readonly T[], scrapes: number): T[] {
  let at = -1;
  return stepsOf(scrapes).flatMap((steps) => steady.slice((at += steps), at + 1));
}
