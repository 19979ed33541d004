/** A release tag as three numbers; the configuration has checked its form. */
const numbers = (tag: string): readonly number[] => tag.slice(1).split('.').map(Number);

/** Whether release `tag` is `least` or newer; both look like v1.2.3. */
export function atLeast(tag: string, least: string): boolean {
  const [given, wanted] = [numbers(tag), numbers(least)];
  const index = given.findIndex((number, place) => number !== wanted[place]);
  return index === -1 || (given[index] ?? 0) > (wanted[index] ?? 0);
}
