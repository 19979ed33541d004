import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What package.json of Azimuth says. */
export interface OwnPackage {
  /** With its scope, such as `@scope/azimuth`: what users install. */
  readonly name: string;
  readonly version: string;
  /** Versions of packages that only configurations in TypeScript need. */
  readonly peerDependencies: Readonly<Record<'esbuild' | 'tsx', string>>;
}

/** The package.json nearest above this file, which runs from its place, from a bundle in `node_modules`, or compiled in the package. */
function found(): { readonly folder: string; readonly text: string } {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      return { folder, text: readFileSync(join(folder, 'package.json'), 'utf8') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    }
  }
}

/** What Azimuth's package.json says. */
export const ownPackage = (): OwnPackage => JSON.parse(found().text) as OwnPackage;

/** A file of the package, such as `docs/runbooks/CoreDNSDown.md`; undefined if it has none of that name. */
export function ownFile(...path: readonly string[]): string | undefined {
  try {
    return readFileSync(join(found().folder, ...path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
