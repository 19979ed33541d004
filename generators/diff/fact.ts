/** Sections of a comparison, in the order in which people read them. */
export const SECTIONS = [
  'alerts',
  'records',
  'dashboards',
  'variables',
  'panels',
  'values',
  'manifests',
  'files',
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** What is known of one thing, by field. */
export type Fact = Readonly<Record<string, unknown>>;

/** Everything that is compared, by section and name. */
export type Facts = Readonly<Record<SectionName, ReadonlyMap<string, Fact>>>;

/** Entries under names; of several with one name, the later ones get a number. */
function numbered(entries: readonly (readonly [string, Fact])[]): ReadonlyMap<string, Fact> {
  const seen = new Map<string, number>();
  return new Map(
    entries.map(([name, fact]) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return [count === 1 ? name : `${name} #${count}`, fact];
    }),
  );
}

/** The name of a tier: an alert and its severity, as the tiers of an alert have one name. */
export const tierName = (alert: string, severity: string): string =>
  `${alert} (${severity === '' ? 'no severity' : severity})`;

/** A fact with its section and name. */
export type NamedFact = readonly [section: SectionName, name: string, fact: Fact];

/** Facts by section, from those with their sections. */
export function sectionsOf(all: readonly NamedFact[]): Facts {
  const of = (wanted: SectionName): ReadonlyMap<string, Fact> =>
    numbered(all.flatMap(([section, name, fact]) => (section === wanted ? [[name, fact] as const] : [])));
  return Object.fromEntries(SECTIONS.map((section) => [section, of(section)])) as unknown as Facts;
}
