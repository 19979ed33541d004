import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prebuiltPage } from './prebuilt.ts';

/**
 * The folder of the preview's sources and packages; in the package, where the page is built, that of the package itself. Without the
 * project's folder it is looked for upwards from this file, which may run from its place or from a bundle kept in the project's
 * `node_modules`. Throws an Error when there is none.
 */
export function previewRoot(projectRoot?: string): string {
  const page = projectRoot === undefined ? prebuiltPage() : undefined;
  // That is dist/preview.
  if (page !== undefined) return dirname(dirname(page));
  const start = projectRoot ?? dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const root = join(folder, 'preview');
    if (existsSync(join(root, 'package.json'))) return root;
    if (projectRoot !== undefined || dirname(folder) === folder) break;
  }
  throw new Error(`there is no folder preview with a package.json in ${projectRoot ?? `${start} or above it`}`);
}

/** The folder of the generator's sources, which a preview watches; undefined in the package. */
export const sourcesFolder = (): string | undefined =>
  prebuiltPage() === undefined ? join(dirname(previewRoot()), 'generators') : undefined;

/**
 * Loads a package from the preview's own `node_modules`, wherever this code runs. The caller names its type. Throws an Error that
 * says what to run when it is not installed.
 */
export function requireFrom(root: string, name: string): unknown {
  try {
    return createRequire(join(root, 'package.json'))(name);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`${name} is not installed in ${root}; run "npm ci" there`, { cause: error });
  }
}
