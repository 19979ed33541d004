import { isAbsolute, join, relative } from 'node:path';
import { build, type Build, makeCatalogue } from '../build/index.ts';
import { type Expected, readText } from '../output-dir/files.ts';
import { LOCK_PATH, parseLock } from '../output-dir/lock.ts';
import { OUTPUTS } from '../registry.ts';
import { readConfig } from './read-config.ts';

/** The terminal and the process, as commands see them. Only cli.ts uses `process`. */
export interface Io {
  readonly cwd: string;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Aborted when the user interrupts. Only commands that run until then call it. */
  interrupted(): AbortSignal;
  /** Runs the command line with other arguments in a new process, which loads the current sources. */
  rerun(argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/** The options of all commands. */
export interface Flags {
  readonly config: string;
  readonly out: string;
  readonly json: boolean;
  /** `build` only checks. */
  readonly check: boolean;
  /** `list` shows the flow sources only. */
  readonly sources: boolean;
  /** Address of the Prometheus that `preview` queries. */
  readonly prometheus?: string;
  /** Port of `preview` and `demo`. */
  readonly port?: string;
  /** Folder for pictures; the command exits once they are taken. */
  readonly png?: string;
  /** Git revision to compare the pictures with. */
  readonly before?: string;
}

/** The output folder: relative for messages, absolute for file access. */
export function outputFolder(io: Io, { out }: Flags): { readonly shown: string; readonly root: string } {
  const root = isAbsolute(out) ? out : join(io.cwd, out);
  return { root, shown: relative(io.cwd, root) || '.' };
}

/** Builds the configuration of a command, with versions from the lock in the output folder. */
export async function buildFor(io: Io, flags: Flags): Promise<Build & { readonly expected: Expected }> {
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
