import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of others with code in ours. */
export interface Shipped {
  readonly name: string;
  readonly version: string;
  /** As SPDX writes it, such as `MIT`. */
  readonly licence: string;
  readonly author: string;
  /** Texts of its licence and notices; empty where it has only the name of its licence. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

const IS_LICENCE = /^(?:licen[cs]e|copying|notice)(?:$|[._-])/i;

function shippedIn(folder: string): Shipped {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license, author = '' } = manifest;
  if (license === undefined) throw new Error(`${name}@${version} has no licence: replace it or leave it out`);
  const files = readdirSync(folder).filter((file) => IS_LICENCE.test(file));
  return {
    name,
    // Grafana's SDK writes v0.0.21.
    version: version.replace(/^v/, ''),
    licence: license,
    author: typeof author === 'string' ? author.replace(/\s*[<(].*$/, '') : author.name,
    texts: files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()),
  };
}

const idOf = ({ name, version }: Pick<Shipped, 'name' | 'version'>): string => `${name}@${version}`;

/**
 * The packages in these folders, each version once, by name.
 * @param folders such as `/repository/node_modules/ajv`
 * @throws Error if one has no licence.
 */
export function shipped(folders: readonly string[]): readonly Shipped[] {
  const all = new Map(folders.map((folder) => shippedIn(folder)).map((one) => [idOf(one), one]));
  return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
