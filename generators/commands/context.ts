import { isAbsolute, join, relative } from 'node:path';
import { build, type Build, makeCatalogue } from '../build/index.ts';
import { type Expected, readText } from '../output-dir/files.ts';
import { LOCK_PATH, parseLock } from '../output-dir/lock.ts';
import { type Config, OUTPUTS } from '../registry.ts';
import { readConfig } from './read-config.ts';

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
  const config = await readConfig(io.cwd, flags.config, catalogue);
  const lock = parseLock(await readText(join(outputFolder(io, flags).root, LOCK_PATH)));
  const built = build(config, catalogue, lock);
  const known = new Set(lock.map(({ path }) => path));
  return {
    ...built,
    expected: { artifacts: built.artifacts, folders: OUTPUTS.map(({ folder }) => folder), known, keep: config.keep },
  };
}
