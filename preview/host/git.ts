import { execFile } from 'node:child_process';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import type { DashboardJson } from '../app/model/dashboard-json.ts';

const LARGEST_OUTPUT = 256 * 1_048_576;
const runFile = promisify(execFile);

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await runFile('git', ['--literal-pathspecs', ...args], { cwd, maxBuffer: LARGEST_OUTPUT });
  return stdout;
}

/** The commit that a revision names. An option in its place would be one for git. */
async function commitOf(cwd: string, revision: string): Promise<string> {
  if (revision === '' || revision.startsWith('-') || revision.includes('\0')) {
    throw new Error(`got revision "${revision}", expected one such as HEAD, main or 1a2b3c4`);
  }
  try {
    await git(cwd, 'rev-parse', '--is-inside-work-tree');
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ENOENT';
    const reason = missing ? 'git is not on PATH' : `${cwd} is not in a Git repository`;
    throw new Error(`revision "${revision}" cannot be read: ${reason}`, { cause: error });
  }
  try {
    return (await git(cwd, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)).trim();
  } catch (error) {
    throw new Error(`there is no revision "${revision}" in this repository (or it has not been fetched)`, {
      cause: error,
    });
  }
}

/** Files of a folder at a commit, relative to `cwd`, whose slashes git writes on every system. */
async function filesAt(cwd: string, commit: string, folder: string): Promise<string[]> {
  const output = await git(cwd, 'ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`);
  return output.split('\0').filter((file) => file.endsWith('.json'));
}

function parse(file: string, revision: string, text: string): DashboardJson | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = String((error as { message?: unknown }).message);
    throw new Error(`${file} at revision "${revision}" is not JSON: ${reason}`, { cause: error });
  }
  const isDashboard = typeof value === 'object' && value !== null && 'uid' in value && typeof value.uid === 'string';
  return isDashboard ? (value as DashboardJson) : undefined;
}

/**
 * The dashboards in a folder at a revision of the repository that `cwd` lies in, sorted by their files' names; other JSON is passed over.
 * Throws an Error that says what is wrong: no repository, no such revision, a file that is not JSON, or no dashboards there.
 */
export async function dashboardsAt(cwd: string, revision: string, folder: string): Promise<DashboardJson[]> {
  const commit = await commitOf(cwd, revision);
  const path = relative(cwd, resolve(cwd, folder)).split(sep).join('/');
  if (path === '' || path.startsWith('..') || isAbsolute(path)) {
    throw new Error(`got folder "${folder}", expected one below ${cwd}`);
  }
  const dashboards: DashboardJson[] = [];
  for (const file of await filesAt(cwd, commit, path)) {
    const dashboard = parse(file, revision, await git(cwd, 'show', `${commit}:./${file}`));
    if (dashboard !== undefined) dashboards.push(dashboard);
  }
  if (dashboards.length === 0) throw new Error(`there are no dashboards in ${path} at revision "${revision}"`);
  return dashboards;
}
