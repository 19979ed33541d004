import { existsSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { makeCatalogue } from '../build/index.ts';
import { type Comparison, compareSides, compareWritten, isBreaking, type Side } from '../diff/index.ts';
import { LOCK_PATH, parseLock } from '../output-dir/lock.ts';
import { textAt } from '../output-dir/targets.ts';
import { ProblemError, show } from '../schema/problems.ts';
import { buildFor, type Flags, type Io } from './context.ts';
import { atRevision, isRevision } from './diff/revision.ts';
import { comparisonMarkdown, comparisonText } from './diff/text.ts';
import { readConfiguration } from './read-config.ts';
import { wrong } from './read-text.ts';

/** What is compared with when nothing is named. */
const LATEST = 'HEAD';

/** Where the earlier state is. */
interface Earlier {
  /** The folder that stands for the current one. */
  readonly cwd: string;
  /** The configuration, relative to that. */
  readonly config: string;
  /** The output folder, relative to that. */
  readonly out: string;
  readonly isRevision: boolean;
  readonly remove: () => Promise<void>;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

/** A path below the current folder, for the same place elsewhere. @throws ProblemError for one outside. */
function below(cwd: string, path: string, what: string): string {
  const found = relative(cwd, resolve(cwd, path)) || '.';
  if (found.startsWith('..') || isAbsolute(found)) {
    throw wrong('diff', `${what} is ${show(path)}, expected one below the current folder, as a revision has no other`);
  }
  return found;
}

/** The earlier state: that of a folder, or of a Git revision. What is both is the revision, unless it is written as a path. */
async function earlierOf(io: Io, flags: Flags, against: string): Promise<Earlier> {
  const folder = resolve(io.cwd, against);
  const isPath = /^(?:\.{0,2}\/|\.{1,2}$)/.test(against) || isAbsolute(against);
  if (isFolder(folder) && (isPath || !(await isRevision(io.cwd, against)))) {
    const config = basename(flags.config);
    return { cwd: folder, config, out: '.', isRevision: false, remove: () => Promise.resolve() };
  }
  const config = below(io.cwd, flags.config, '--config');
  const out = below(io.cwd, flags.out, '--out');
  const revision = await atRevision(io.cwd, against, config);
  return { cwd: revision.cwd, config, out, isRevision: true, remove: revision.remove };
}

/** Names the earlier state in problems, not the folder in which it is looked at. */
const located = (error: unknown, { cwd }: Earlier, against: string): unknown =>
  error instanceof ProblemError
    ? new ProblemError(
        `${error.file} at ${against}`,
        error.problems.map(({ path, message }) => ({ path, message: message.replaceAll(cwd, against) })),
      )
    : error;

async function earlierSide(earlier: Earlier, against: string): Promise<Side> {
  try {
    return await readConfiguration(earlier.cwd, earlier.config, makeCatalogue());
  } catch (error) {
    throw located(error, earlier, against);
  }
}

/** The files that a folder's lock names. */
function writtenIn(root: string): readonly { readonly path: string; readonly text: string }[] {
  return parseLock(textAt(root, LOCK_PATH)).flatMap(({ path }) => {
    const text = textAt(root, path);
    return text === undefined || path === LOCK_PATH ? [] : [{ path, text }];
  });
}

/** Compares what is generated, or what was written with what would be now. */
async function compared(io: Io, flags: Flags, after: Side, earlier: Earlier, against: string): Promise<Comparison> {
  if (flags.artifacts) {
    const { artifacts } = await buildFor(io, flags);
    const before = writtenIn(join(earlier.cwd, earlier.out));
    if (before.length === 0) {
      throw wrong(`${LOCK_PATH} at ${against}`, 'not found there, so there are no artifacts to compare with');
    }
    return compareWritten(
      before,
      artifacts.filter(({ path }) => path !== LOCK_PATH).map(({ path, text }) => ({ path, text })),
    );
  }
  return compareSides(await earlierSide(earlier, against), after);
}

/**
 * Says what changed since a Git revision, or compared with a folder.
 * @returns the exit code: 2 with `--fail-on breaking` where something breaks.
 */
export async function diffCommand(io: Io, flags: Flags): Promise<number> {
  const against = flags.operand ?? LATEST;
  // Mistakes in the present configuration are said before those of the past.
  const after = await readConfiguration(io.cwd, flags.config, makeCatalogue());
  const earlier = await earlierOf(io, flags, against);
  try {
    // Before the first commit of a configuration there is nothing to compare with, and nothing that could break.
    if (earlier.isRevision && !existsSync(join(earlier.cwd, earlier.config))) {
      const text = `${flags.config} is not at ${show(against)}: everything is new`;
      const data = { against, changes: [], added: [], gone: [], breaking: false, isNew: true };
      io.stdout(flags.json ? `${JSON.stringify(data, null, 2)}\n` : `${text}\n`);
      return 0;
    }
    const comparison = await compared(io, flags, after, earlier, against);
    const isBroken =
      comparison.gone.length > 0 ||
      comparison.changes.some(({ changes }) => changes.some((change) => isBreaking(change)));
    if (flags.json) io.stdout(`${JSON.stringify({ against, ...comparison, breaking: isBroken }, null, 2)}\n`);
    else if (flags.markdown) io.stdout(`${comparisonMarkdown(comparison, against, flags.pictures)}\n`);
    else io.stdout(`${comparisonText(comparison)}\n`);
    return flags.failOn === 'breaking' && isBroken ? 2 : 0;
  } finally {
    await earlier.remove();
  }
}
