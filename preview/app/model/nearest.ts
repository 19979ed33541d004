/** How many letters have to be inserted, removed or replaced to get from one word to the other (Levenshtein's distance). */
export function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Of the known names the one that `name` was probably meant to be, if any is close enough. Case does not count. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || far < best.distance) best = { name: candidate, distance: far };
  }
  const near = best !== undefined && best.distance <= Math.max(2, Math.floor(name.length / 3));
  return near ? best?.name : undefined;
}

/** Completes a message about an unknown name: `, did you mean "organize"?`, or nothing where none is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known);
  return found === undefined ? '' : `, did you mean "${found}"?`;
}
