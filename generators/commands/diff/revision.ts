import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { messageOf, ProblemError, show } from '../../schema/problems.ts';
import { wrong } from '../read-text.ts';

/** What a configuration and the files that it names can be: nothing else is taken out of a revision. */
const READ = /\.(?:ya?ml|json|[cm]?[jt]s)$/;

/** The mode of symbolic links in a tree. */
const LINK = '120000';

const MAX_OUTPUT = 268_435_456;

/** The environment without what names another repository than that of the current folder, as hooks of Git have it. */
const withoutPlaces = ({ GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...env }: NodeJS.ProcessEnv) =>
  env;

/** Runs Git. @throws Error with what Git said. */
async function git(cwd: string, args: readonly string[], { env = {}, input = '' } = {}): Promise<string> {
  return new Promise((done, failed) => {
    const child = execFile(
      'git',
      ['--literal-pathspecs', ...args],
      // A filter of large files would ask a server for what no configuration is.
      { cwd, maxBuffer: MAX_OUTPUT, env: { ...withoutPlaces(process.env), GIT_LFS_SKIP_SMUDGE: '1', ...env } },
      (error, stdout) => (error === null ? done(stdout) : failed(error)),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The files of a revision, in a folder of their own. */
export interface Revision {
  /** The folder that the current one is at that revision. */
  readonly cwd: string;
  /** Removes the files. */
  readonly remove: () => Promise<void>;
}

/** The commit of a revision. @throws ProblemError where there is none. */
async function commitOf(cwd: string, revision: string): Promise<string> {
  const none = (reason: string) =>
    wrong('diff', `got ${show(revision)}, expected a Git revision such as HEAD or main, or a folder: ${reason}`);
  if (revision.startsWith('-') || revision.includes('\0')) throw none('this is neither');
  try {
    const answer = await git(cwd, ['rev-parse', '--is-inside-work-tree']);
    if (answer.trim() !== 'true') throw none(`${cwd} is in a bare repository, which has no configuration beside it`);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if ((error as { code?: unknown }).code === 'ENOENT') throw none('git is not on PATH');
    const said = /fatal: (detected dubious ownership.*)/.exec(messageOf(error))?.[1];
    throw none(
      said === undefined ? `there is no such folder, and ${cwd} is in no Git repository` : `Git says: ${said}`,
    );
  }
  try {
    const commit = await git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
    return commit.trim();
  } catch {
    throw none('there is no such folder, and no such revision (or it was not fetched)');
  }
}

/** Packages that a configuration in TypeScript imports, as they are now. */
async function linkPackages(from: string, to: string): Promise<void> {
  const packages = join(from, 'node_modules');
  if (!existsSync(packages) || existsSync(join(to, 'node_modules'))) return;
  await mkdir(to, { recursive: true });
  await symlink(packages, join(to, 'node_modules'), 'dir');
}

/**
 * Writes the files of a revision that a configuration can consist of to a temporary folder. The repository, its index and its work tree stay as they are.
 * @param config the configuration, relative to the current folder: it is written whatever it is called.
 * @throws ProblemError if it is no revision, or Git is missing.
 */
export async function atRevision(cwd: string, revision: string, config: string): Promise<Revision> {
  const commit = await commitOf(cwd, revision);
  const top = (await git(cwd, ['rev-parse', '--show-toplevel'])).trim();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'azimuth-diff-')));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    const tree = join(folder, 'tree');
    await mkdir(tree);
    const below = relative(await realpath(top), await realpath(cwd));
    const listed = await git(top, ['ls-tree', '-r', '-z', commit]);
    const files = listed.split('\0').flatMap((line) => {
      const [, mode = '', file = ''] = /^(\d+) \w+ \w+\t(.*)$/s.exec(line) ?? [];
      // Links lead to files or folders that are read.
      return mode === LINK || READ.test(file) || file === join(below, config) ? [file] : [];
    });
    await git(top, ['read-tree', commit], { env });
    await git(top, ['checkout-index', '--quiet', '-z', '--stdin', `--prefix=${tree}/`], {
      env,
      input: files.join('\0'),
    });
    await linkPackages(top, tree);
    if (below !== '') await linkPackages(cwd, join(tree, below));
    await mkdir(join(tree, below), { recursive: true });
    return { cwd: join(tree, below), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Whether a name is that of a revision. */
export async function isRevision(cwd: string, name: string): Promise<boolean> {
  try {
    await commitOf(cwd, name);
    return true;
  } catch {
    return false;
  }
}
