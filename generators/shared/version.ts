/** The numbers of a version or release tag; the schema has validated its format. */
const numbers = (version: string): readonly number[] => version.replace(/^v/, '').split('.').map(Number);

/** Whether a version such as 1.2.3, v1.2.3 or 1.34 is at least `least`; missing numbers are 0. */
export function atLeast(version: string, least: string): boolean {
  const [given, wanted] = [numbers(version), numbers(least)];
  const differs = [0, 1, 2].find((place) => (given[place] ?? 0) !== (wanted[place] ?? 0));
  return differs === undefined || (given[differs] ?? 0) > (wanted[differs] ?? 0);
}
