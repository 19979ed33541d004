import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { BUILD_SETTINGS, replacementPlugin } from './build-settings.ts';
import { copyIcons } from './icons.ts';
import { requireFrom } from './root.ts';
import { signatureOf } from './signature.ts';

/** The built app. */
export interface Built {
  /** The folder that holds it. */
  readonly dist: string;
  /** Bytes of the JavaScript and CSS that the page loads before anything is drawn. */
  readonly initialBytes: number;
  /** Bytes of all JavaScript and CSS. */
  readonly totalBytes: number;
  /** Packages with code in it, by their folders such as `node_modules/react`. */
  readonly packages: readonly string[];
}

/** What the folder says of itself. */
interface BuildRecord extends Omit<Built, 'dist'> {
  readonly signature: string;
}

const RECORD = 'build.json';
const ATTEMPTS = 5;

const isCode = (file: string): boolean => file.endsWith('.js') || file.endsWith('.css');
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The folders of packages with code in the outputs of esbuild; icons are copied from @grafana/ui, which is one of them. */
export function packagesIn({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = inputs.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** Sizes of everything, and of what is reachable from the entry point without a dynamic import. */
function sizes({ outputs }: Metafile): Pick<Built, 'initialBytes' | 'totalBytes'> {
  const initial = new Set<string>();
  const queue = Object.keys(outputs).filter(
    (file) => outputs[file]?.entryPoint === BUILD_SETTINGS.esbuild.entryPoints.main,
  );
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (initial.has(file)) continue;
    initial.add(file);
    const { imports = [], cssBundle } = outputs[file] ?? {};
    queue.push(...imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path));
    if (cssBundle !== undefined) queue.push(cssBundle);
  }
  const bytes = (files: Iterable<string>): number =>
    [...files].filter(isCode).reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  return { initialBytes: bytes(initial), totalBytes: bytes(Object.keys(outputs)) };
}

async function readRecord(dist: string): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(dist, RECORD), 'utf8')) as BuildRecord;
  } catch {
    return undefined;
  }
}

/** esbuild's list of errors as lines with their places; other errors as they are. */
function readable(error: unknown): Error {
  const { errors } = error as {
    errors?: readonly { text: string; location?: { file: string; line: number } | null }[];
  };
  if (errors === undefined || errors.length === 0) return error as Error;
  const lines = errors.map(({ text, location }) => `  ${location ? `${location.file}:${location.line}: ` : ''}${text}`);
  return new Error(`the preview's app cannot be built:\n${lines.join('\n')}`, { cause: error });
}

async function buildInto(root: string, folder: string, signature: string): Promise<BuildRecord> {
  const { build } = requireFrom(root, 'esbuild') as typeof import('esbuild');
  const { metafile } = await build({
    ...BUILD_SETTINGS.esbuild,
    absWorkingDir: root,
    outdir: folder,
    plugins: [replacementPlugin],
  }).catch((error: unknown) => {
    throw readable(error);
  });
  await copyIcons(root, folder);
  const record = { signature, ...sizes(metafile), packages: packagesIn(metafile) };
  await writeFile(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

/** Puts the new folder in the place of the old one. Another process may do the same at the same time: the last one stays. */
async function replaceFolder(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await rm(to, { recursive: true, force: true, maxRetries: 3 });
    try {
      return await rename(from, to);
    } catch (error) {
      const isThere = ['ENOTEMPTY', 'EEXIST'].includes(String((error as { code?: unknown }).code));
      if (!isThere || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Builds the app into `dist` unless that was done from the same sources, packages and settings. Throws an Error with the places of the
 * mistakes when the app cannot be built; what was built before then stays.
 */
export async function ensureBuilt(root: string, log: (text: string) => void): Promise<Built> {
  const dist = join(root, 'dist');
  const signature = await signatureOf(root, BUILD_SETTINGS);
  const known = await readRecord(dist);
  if (known?.signature === signature) {
    const { initialBytes, totalBytes, packages } = known;
    return { dist, initialBytes, totalBytes, packages };
  }

  const started = performance.now();
  const unfinished = join(root, `dist.${randomUUID()}.tmp`);
  try {
    await mkdir(unfinished, { recursive: true });
    const { initialBytes, totalBytes, packages } = await buildInto(root, unfinished, signature);
    await replaceFolder(unfinished, dist);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    log(`built the preview in ${seconds} s: ${megabytes(initialBytes)} to start with, ${megabytes(totalBytes)} in all`);
    return { dist, initialBytes, totalBytes, packages };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
