import { isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Build } from '../build.ts';
import { makeCatalogue } from '../catalogue.ts';
import { completeConfig, loadConfig } from '../config/load.ts';
import type { Catalogue } from '../config/names.ts';
import { messageOf, ProblemError } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { readText, type Expected } from '../files.ts';
import { LOCK_PATH, parseLock } from '../lock.ts';

/** What a command gets from the terminal: nothing of `process` is known below the command line. */
export interface Io {
  readonly cwd: string;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Aborted when the user ends the command; asked for only by commands that run until then. */
  interrupted(): AbortSignal;
  /** Runs the command line with other arguments in a process of its own, with the sources as they are then. */
  rerun(argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/** The flags that commands share. */
export interface Flags {
  readonly config: string;
  readonly out: string;
  readonly json: boolean;
  /** `build` only checks. */
  readonly check: boolean;
  /** `list` shows the flow sources only. */
  readonly sources: boolean;
  /** Where `preview` gets data from. */
  readonly prometheus?: string;
  /** Where `preview` and `demo` listen. */
  readonly port?: string;
  /** Folder for pictures; the command ends when they are taken. */
  readonly png?: string;
  /** Git revision to compare the pictures with. */
  readonly before?: string;
}

/** What a module exports by default; where it was read as CommonJS, that lies a level deeper. */
function defaultExport(module: unknown): unknown {
  const { default: outer } = module as { default?: unknown };
  const isWrapped = typeof outer === 'object' && outer !== null && '__esModule' in outer && 'default' in outer;
  return isWrapped ? outer.default : outer;
}

/** A configuration in TypeScript: the module's default export. Its own mistakes are the user's, so no stack trace. */
async function importConfig(file: string, path: string): Promise<unknown> {
  let config: unknown;
  try {
    const { tsImport } = await import('tsx/esm/api');
    config = defaultExport(await tsImport(pathToFileURL(path).href, import.meta.url));
  } catch (error) {
    // "Transform failed with 1 error:" comes first; the place and the reason are on the next line.
    const [first = '', second = ''] = messageOf(error).split('\n');
    throw new ProblemError(file, [{ path: '', message: `cannot be run: ${first.endsWith(':') ? second : first}` }]);
  }
  if (config === undefined) {
    throw new ProblemError(file, [{ path: '', message: 'has no default export; expected `export default { ... }`' }]);
  }
  return config;
}

/** Reads and completes the configuration. @throws ProblemError with every problem at once. */
async function readConfig(io: Io, { config }: Flags, catalogue: Catalogue): Promise<Config> {
  const path = resolve(io.cwd, config);
  const text = await readText(path);
  if (text === undefined) {
    const hint =
      config === 'azimuth.yaml' ? 'create it (an empty file is complete) or name another' : 'name an existing file';
    throw new ProblemError(config, [{ path: '', message: `not found in ${io.cwd}; ${hint} with --config FILE` }]);
  }
  return /\.m?[jt]s$/.test(config)
    ? completeConfig(config, await importConfig(config, path), catalogue)
    : loadConfig(config, text, catalogue);
}

/** The output folder, as messages show it and as the disk knows it. */
export function outputFolder(io: Io, { out }: Flags): { readonly shown: string; readonly root: string } {
  const root = isAbsolute(out) ? out : join(io.cwd, out);
  return { root, shown: relative(io.cwd, root) || '.' };
}

/** Everything that a configuration generates, with the versions that the output folder's lock gives. */
export async function makeBuild(
  io: Io,
  flags: Flags,
): Promise<Build & { readonly config: Config; readonly expected: Expected }> {
  const catalogue = makeCatalogue();
  const config = await readConfig(io, flags, catalogue);
  const lock = parseLock(await readText(join(outputFolder(io, flags).root, LOCK_PATH)));
  const built = build(config, catalogue, lock);
  const known = new Set(lock.map(({ path }) => path));
  return { ...built, expected: { artifacts: built.artifacts, known, keep: config.keep } };
}
