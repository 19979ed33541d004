import { isAbsolute, join, relative } from 'node:path';
import { build, type Build, clusterNames, makeCatalogue } from '../build/index.ts';
import { buildFleet, FLEET_FOLDERS, isFleet } from '../fleet/index.ts';
import type { Expected } from '../output-dir/files.ts';
import { LOCK_PATH, parseLock, requireOwnLock } from '../output-dir/lock.ts';
import { textAt } from '../output-dir/targets.ts';
import { OUTPUTS } from '../registry.ts';
import { chosenCluster, readConfiguration } from './read-config.ts';

/** The terminal and the process, as commands see them. Only cli.ts uses `process`. */
export interface Io {
  readonly cwd: string;
  stdout(text: string): void;
  stderr(text: string): void;
  /**
   * Aborted when the user interrupts, with the name of the signal as its reason. Only commands that must clean up then call it.
   * @param repeated what a second signal does: end the process at once, or nothing, because cleaning up is a matter of milliseconds.
   */
  interrupted(repeated: 'exit' | 'nothing'): AbortSignal;
  /** Asks who sits at the terminal; undefined where nobody does. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Runs the command line with other arguments in a new process, which loads the current sources. */
  rerun(argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
}

/** The options of all commands. */
export interface Flags {
  /** What a command is about, where it takes an argument: a name for `explain`, a revision or a folder for `diff`, a shell for `completion`. */
  readonly operand?: string;
  readonly config: string;
  readonly out: string;
  readonly json: boolean;
  /** Only problems are printed. */
  readonly quiet: boolean;
  /** `diff` compares the committed files. */
  readonly artifacts: boolean;
  /** What lets `diff` fail: `breaking`. */
  readonly failOn?: string;
  /** Address of the picture report that the Markdown of `diff` links to. */
  readonly pictures?: string;
  /** `build` only checks. */
  readonly check: boolean;
  /** `list` shows the flow sources only. */
  readonly sources: boolean;
  /** `list` shows the prices only: those that apply, and the book. */
  readonly prices: boolean;
  /** `advise` and `diff` write Markdown. */
  readonly markdown: boolean;
  /** The time that `advise` looks back over, a Prometheus duration. */
  readonly window?: string;
  /** Answers of `init`: see its help. */
  readonly source?: string;
  readonly provider?: string;
  readonly region?: string;
  readonly exporter?: string;
  readonly ci?: string;
  /** The cluster of a fleet that a command looks at; for `init`, the name of the cluster. */
  readonly cluster?: string;
  /** Address of the Prometheus that `preview` and `advise` query. */
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

/** A build, and what it expects of the output folder. */
export type Planned = Build & { readonly expected: Expected };

/**
 * Reads the configuration of a command.
 * @param isOurs whether the output folder must be that of this configuration: for commands that write it or compare it.
 * @returns a function that builds it with versions from the text of the committed lock.
 */
export async function planFor(io: Io, flags: Flags, isOurs: boolean): Promise<(lock: string | undefined) => Planned> {
  const catalogue = makeCatalogue();
  const { read, extra } = await readConfiguration(io.cwd, flags.config, catalogue);
  const fleet = isFleet(read) && flags.cluster === undefined ? read : undefined;
  const config = chosenCluster(flags.config, read, flags.cluster);
  return (text) => {
    const lock = parseLock(text);
    const clusters = fleet?.clusters.map((cluster) => cluster.config) ?? [config];
    if (isOurs) requireOwnLock(text, clusters.flatMap(clusterNames));
    const built =
      fleet === undefined ? build(config, catalogue, lock, extra) : buildFleet(fleet, catalogue, lock, extra);
    const known = new Set(lock.map(({ path }) => path));
    const folders = [...(fleet === undefined ? [] : FLEET_FOLDERS), ...OUTPUTS.map(({ folder }) => folder)];
    const left = [...known].filter((path) => path.includes('/'));
    return {
      ...built,
      expected: { artifacts: built.artifacts, folders: [...folders, ...left], known, keep: config.keep },
    };
  };
}

/** Builds the configuration of a command, with versions from the lock in the output folder. */
export async function buildFor(io: Io, flags: Flags, isOurs = false): Promise<Planned> {
  const plan = await planFor(io, flags, isOurs);
  return plan(textAt(outputFolder(io, flags).root, LOCK_PATH));
}
