import type { BuildOptions, Plugin } from 'esbuild';

/** A module that takes the place of another one. */
interface Replacement {
  /** Which imports, as a regular expression's source. */
  readonly imports: string;
  /** Another module; its text, in CommonJS; or null: one that fails when it is loaded. */
  readonly by: string | { readonly text: string } | null;
  readonly reason: string;
}

const REPLACEMENTS: readonly Replacement[] = [
  {
    imports: '^(monaco-editor|@monaco-editor/react)($|/)',
    by: null,
    reason: 'the editor of code, 4 MB, which @grafana/ui loads only to draw it; nothing is edited here',
  },
  {
    imports: '^(@uiw/react-codemirror|@codemirror/[^/]+|@lezer/[^/]+)($|/)',
    by: null,
    reason: 'the other editor of code, 0.7 MB, loaded only to draw it',
  },
  {
    imports: '^ol($|/)',
    by: null,
    reason: 'OpenLayers, loaded only for table cells that hold geometries; Prometheus has none',
  },
  {
    imports: '^get-document$',
    by: { text: 'module.exports = () => document;' },
    reason: 'has no licence; slate-react asks it for the document of an element, and the page has one document',
  },
  {
    imports: '^moment-timezone$',
    by: 'moment-timezone/builds/moment-timezone-with-data-1970-2030.js',
    reason: 'all zones without the changes before 1970 and after 2030, a fifth of the size',
  },
];

/** Files of packages whose text is another one here. */
const REWRITTEN = [
  {
    file: '/@grafana/ui/dist/esm/themes/GlobalStyles/fonts\\.mjs$',
    text: 'export const getFontStyles = () => null;',
    reason:
      "it names font files that only a Grafana server has; those of @fontsource stand in the app's own style sheets",
  },
] as const;

/** Everything that decides what is built from the same sources; raise `version` when the code around it changes what it writes. */
export const BUILD_SETTINGS = {
  version: 2,
  replacements: REPLACEMENTS,
  rewritten: REWRITTEN,
  icons: ['custom', 'mono', 'solid', 'unicons'],
  // Icons that components of @grafana/ui ask for, and that its package does not contain: the mirror images of others.
  mirroredIcons: [
    { name: 'unicons/angle-double-left', of: 'unicons/angle-double-right', transform: 'matrix(-1 0 0 1 24 0)' },
    { name: 'unicons/angle-double-up', of: 'unicons/angle-double-down', transform: 'matrix(1 0 0 -1 0 24)' },
  ],
  esbuild: {
    entryPoints: { main: 'app/main.tsx' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    jsx: 'automatic',
    legalComments: 'none',
    charset: 'utf8',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.JEST_WORKER_ID': 'undefined', global: 'globalThis' },
    // Every browser of today reads woff2; the older form only stands behind it in @fontsource's style sheets.
    loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff2': 'file', '.woff': 'empty' },
    assetNames: 'fonts/[name]-[hash]',
    chunkNames: 'chunks/[name]-[hash]',
    metafile: true,
    write: true,
    logLevel: 'silent',
  },
} as const satisfies { esbuild: BuildOptions; [key: string]: unknown };

/** Puts the replacements in their places. A module that is left out fails with its reason where something loads it after all. */
export const replacementPlugin: Plugin = {
  name: 'replacements',
  setup(build) {
    for (const { imports, by, reason } of REPLACEMENTS) {
      build.onResolve({ filter: new RegExp(imports) }, async ({ path, resolveDir, kind }) => {
        if (by === null) return { path, namespace: 'left-out', pluginData: reason };
        if (typeof by === 'object') return { path, namespace: 'own', pluginData: by.text };
        return build.resolve(by, { resolveDir, kind });
      });
    }
    for (const { file, text } of REWRITTEN) {
      build.onLoad({ filter: new RegExp(file) }, () => ({ contents: text, loader: 'js' }));
    }
    build.onLoad({ filter: /.*/, namespace: 'own' }, ({ pluginData }) => ({
      contents: String(pluginData),
      loader: 'js',
    }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path, pluginData }) => ({
      // CommonJS, so that any name may be imported from it.
      contents: `module.exports = undefined; throw new Error(${JSON.stringify(`${path} is not part of the preview: ${pluginData}`)});`,
      loader: 'js',
    }));
  },
};
