/** Settings that were called otherwise, by their old path. Whoever still writes the old name is told the new one. */
export const RENAMED_SETTINGS: Readonly<Record<string, string>> = {
  'rules.articleRecords': 'rules.compatibilityRecords',
};

/** Selections that were called otherwise, for whatever flow source has the new name. */
export const RENAMED_SELECTIONS: Readonly<Record<string, string>> = {
  articles: 'compatibility',
};

const lookUp = (names: Readonly<Record<string, string>>, old: string): string | undefined =>
  Object.hasOwn(names, old) ? names[old] : undefined;

/** The message for a setting under its old name; undefined for any other path. */
export function renamedSetting(path: string): string | undefined {
  const name = lookUp(RENAMED_SETTINGS, path);
  return name === undefined ? undefined : `renamed, write ${name}`;
}

/** The message for a selection under its old name, where the source has the new one; undefined for any other text. */
export function renamedSelection(written: string, selections: readonly string[]): string | undefined {
  const name = lookUp(RENAMED_SELECTIONS, written);
  return name === undefined || !selections.includes(name) ? undefined : `${written} is renamed, write ${name}`;
}
