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
export function ownPackage(): OwnPackage {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as OwnPackage;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    }
  }
}
