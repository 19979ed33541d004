import { loadAll } from 'js-yaml';
import { blocks } from './markdown.ts';

/** A document of a YAML block. */
export type Document = Readonly<Record<string, unknown>>;

/**
 * Every path below a generated folder that a text names, in prose, commands and YAML alike: files, folders and globs. A full stop
 * or comma that ends a sentence belongs to none.
 */
export const generatedPaths = (text: string): string[] => [
  ...new Set(
    Array.from(
      text.matchAll(/(?<![\w-])(?:rules|helm-values|dashboards|manifests)\/[\w./<>*$-]*[\w/>*]/g),
      ([path]) => path,
    ),
  ),
];

/**
 * Whether a path that a guide names is among those that are written: as it is, as a folder of them, or with `*`, a name in
 * angle brackets or a shell's `$variable` for a part of a name.
 */
export function isWritten(named: string, written: readonly string[]): boolean {
  const parts = named.replace(/\/$/, '').split(/\*+|<[^>]+>|\$\w+/);
  const source = parts.map((part) => part.replaceAll(/[.+()$]/g, String.raw`\$&`)).join('[^/]+');
  return written.some((path) => new RegExp(`^${source}(/|$)`).test(path));
}

/** The documents of every YAML block of a text. @throws YAMLException when one does not parse. */
export const yamlDocuments = (markdown: string): Document[] =>
  blocks(markdown, 'yaml').flatMap((text) => loadAll(text) as Document[]);

/** A value within documents, by its keys. Undefined where there is none. */
export const at = (from: unknown, ...keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    from,
  );

/** The same, of which only text will do. @throws TypeError when it is none. */
export function textAt(from: unknown, ...keys: readonly (string | number)[]): string {
  const value = at(from, ...keys);
  if (typeof value !== 'string') throw new TypeError(`${keys.join('.')}: got ${String(value)}, expected text`);
  return value;
}
