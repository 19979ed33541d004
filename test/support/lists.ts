/** Lists of names to choose from: every two in both orders, and all of them. */
export const pairsAndAll = <T>(all: readonly T[]): readonly (readonly T[])[] => [
  ...all.flatMap((first) => all.filter((second) => second !== first).map((second) => [first, second])),
  all,
];
