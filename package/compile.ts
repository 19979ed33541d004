import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../bin/options.mjs';
import { packagesIn } from '../preview/host/index.ts';

/**
 * Compiles command line and library. The bytes do not depend on where the repository and the folder are.
 * @returns folders of packages with code in them.
 */
export async function compile(root: string, folder: string): Promise<readonly string[]> {
  const entries = { cli: 'generators/cli.ts', library: 'generators/library.ts' };
  // Names of chunks depend on the paths in source maps, which are relative to this folder.
  const outdir = join(root, 'dist');
  const { metafile, outputFiles } = await build({
    ...bundleOptions(root, entries, outdir),
    metafile: true,
    write: false,
  });
  for (const { path, text } of outputFiles) {
    await writeFile(join(folder, relative(outdir, path)), path.endsWith('.map') ? relocated(root, path, text) : text);
  }
  return packagesIn(metafile).map((path) => resolve(root, path));
}

/** A source map with sources by their paths in the repository, which is not where the package is. */
function relocated(root: string, path: string, text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] };
  const sources = map.sources.map((source) =>
    relative(root, resolve(dirname(path), source))
      .split(sep)
      .join('/'),
  );
  return JSON.stringify({ ...map, sources });
}
