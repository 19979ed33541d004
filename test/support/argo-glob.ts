const SPECIAL = /[\\^$.|?*+()[\]{}]/;

/**
 * Whether Argo CD's `directory.include` or `exclude` takes a path: its glob has no separators, so that `*` crosses `/`
 * (getPotentiallyValidManifestFile in reposerver/repository/repository.go calls glob.Match of util/glob without any).
 * Knows `*`, `**` and `{a,b}`. @throws RangeError at `[`, `\` and `?`, which no guide of ours needs (and the glob's own answers for `?` are not
 * reliable), and at braces that do not match.
 */
export function argoMatches(pattern: string, path: string): boolean {
  let depth = 0;
  const source = Array.from(pattern, (char) => {
    if ('[\\?'.includes(char)) throw new RangeError(`${pattern}: ${char} is not read here`);
    if (char === '*') return '.*';
    if (char === '{') return (depth++, '(?:');
    if (char === '}' && --depth >= 0) return ')';
    if (char === ',' && depth > 0) return '|';
    return SPECIAL.test(char) ? `\\${char}` : char;
  });
  if (depth !== 0) throw new RangeError(`${pattern}: braces do not match`);
  return new RegExp(`^${source.join('')}$`, 'su').test(path);
}

/**
 * The paths that an Argo CD directory source reads under `recurse`: files that may hold objects, of which `exclude` wins over
 * `include`.
 */
export const argoSelects = (
  { include, exclude }: { readonly include: string; readonly exclude: string },
  paths: readonly string[],
): string[] =>
  paths.filter(
    (path) => /\.(yaml|yml|json|jsonnet)$/.test(path) && !argoMatches(exclude, path) && argoMatches(include, path),
  );
