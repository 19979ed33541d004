/** How the sources are bundled: for the repository's own runs, and for the package. */

/** Says where in the sources an error was thrown; an entry of every bundle. */
export const TRACE = 'generators/commands/trace.ts';

/**
 * Options of esbuild.
 * @param root folder of the repository
 * @param entries names of programs and their sources, such as { cli: 'generators/cli.ts' }
 */
export const bundleOptions = (root, entries, outdir) => ({
  absWorkingDir: root,
  entryPoints: { ...entries, trace: TRACE },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  keepNames: true,
  // For trace.ts. Node does not know of them, as it would read them at every start.
  sourcemap: 'external',
  sourcesContent: false,
  // Only needed for configurations in TypeScript.
  external: ['esbuild', 'tsx'],
  // Some dependencies are CommonJS and load Node's modules with require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'silent',
});
