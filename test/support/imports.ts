import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Texts of source files, by their paths below the root of the repository. */
export type Sources = Readonly<Record<string, string>>;

/** One file that imports another. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Files that hold sources, by their names. */
export const IS_SOURCE = /(?<!\.d)\.tsx?$/;

/** Installed and built files. */
const IS_FOREIGN = /(?:^|\/)(?:node_modules|dist)\//;

/** The sources below some folders. */
export const sourcesIn = (...folders: readonly string[]): Sources =>
  Object.fromEntries(
    folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
        .filter((path) => IS_SOURCE.test(path) && !IS_FOREIGN.test(path))
        .map((path) => [path, readFileSync(path, 'utf8')] as const),
    ),
  );

/** Specifiers of `import ... from`, `export ... from`, `import '...'` and `import('...')`, of types too. */
const SPECIFIER = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(['"])(\.[^'"\n]+)\1/g;

/** Every import of one file of the repository by another. */
export const importsOf = (sources: Sources): readonly Import[] =>
  Object.entries(sources).flatMap(([from, text]) =>
    Array.from(text.matchAll(SPECIFIER), ([, , specifier = '']) => ({
      from,
      to: posix.join(posix.dirname(from), specifier),
    })),
  );

/** Cycles, each as `a > b > a`: one for each import that leads back to a file on the way to it. */
export function cyclesIn(imports: readonly Import[]): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start !== -1) found.push([...way.slice(start), file].join(' > '));
    if (start !== -1 || done.has(file)) return;
    for (const { from, to } of imports) if (from === file) visit(to, [...way, file]);
    done.add(file);
  };
  for (const { from } of imports) visit(from, []);
  return found;
}
