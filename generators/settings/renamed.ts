/** New paths of renamed settings, by old path. A configuration that uses an old path gets an error that names the new one. */
export const RENAMED_SETTINGS: Readonly<Record<string, string>> = {
  'rules.articleRecords': 'rules.compatibilityRecords',
};

/** New names of renamed selections, by old name. They apply to every flow source that has a selection of the new name. */
export const RENAMED_SELECTIONS: Readonly<Record<string, string>> = { articles: 'compatibility' };

const lookUp = (names: Readonly<Record<string, string>>, old: string): string | undefined =>
  Object.hasOwn(names, old) ? names[old] : undefined;

/** The message for a renamed setting; undefined for any other path. */
export function renamedSetting(path: string): string | undefined {
  const name = lookUp(RENAMED_SETTINGS, path);
  return name === undefined ? undefined : `renamed, write ${name}`;
}

/** The message for a renamed selection that the source has under the new name; undefined for any other text. */
export function renamedSelection(written: string, selections: readonly string[]): string | undefined {
  const name = lookUp(RENAMED_SELECTIONS, written);
  return name === undefined || !selections.includes(name) ? undefined : `${written} is renamed, write ${name}`;
}
