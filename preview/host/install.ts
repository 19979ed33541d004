import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killWithParent } from '../../bench/process/server-process.ts';

/** What a program that ran to its end left behind. */
export interface RunResult {
  /** Exit code, or -1 when a signal ended it. */
  readonly code: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs a program in a folder to its end; rejects with an ENOENT error when there is no such program. */
export type Run = (program: string, args: readonly string[], cwd: string) => Promise<RunResult>;

/** A package in npm's lockfile, as far as it says whether the right one is installed. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

type Packages = Readonly<Record<string, LockedPackage>>;

const INSTALL = ['ci', '--no-audit', '--no-fund'];
const LINES_OF_FAILURE = 15;

const run: Run = (program, args, cwd) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    killWithParent(child);
    let output = '';
    const add = (text: string): void => void (output += text);
    child.stdout.setEncoding('utf8').on('data', add);
    child.stderr.setEncoding('utf8').on('data', add);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });

async function packagesOf(file: string): Promise<Packages | undefined> {
  try {
    const { packages } = JSON.parse(await readFile(file, 'utf8')) as { packages?: Packages };
    return packages;
  } catch {
    return undefined;
  }
}

/** Those for other platforms are never installed, those for development not where NODE_ENV says production. */
const mayBeMissing = ({ optional, dev, devOptional }: LockedPackage): boolean =>
  optional === true || dev === true || devOptional === true;

/**
 * Whether `node_modules` holds what the lockfile names and nothing else. npm writes what it has installed to a lockfile of the same
 * form inside of `node_modules`, so two small files tell.
 */
function fits(locked: Packages, installed: Packages): boolean {
  const isRight = ([path, { version, integrity, ...rest }]: [string, LockedPackage]): boolean => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return mayBeMissing(rest);
    return found.version === version && found.integrity === integrity;
  };
  return Object.entries(locked).every(isRight) && Object.keys(installed).every((path) => path in locked);
}

/** Whether the preview's packages are installed as its lockfile says. Throws an Error when there is no lockfile. */
export async function isInstalled(root: string): Promise<boolean> {
  const locked = await packagesOf(join(root, 'package-lock.json'));
  if (locked === undefined)
    throw new Error(`${join(root, 'package-lock.json')} is missing or is not npm's; restore it`);
  const installed = await packagesOf(join(root, 'node_modules', '.package-lock.json'));
  return installed !== undefined && fits(locked, installed);
}

/**
 * Installs the preview's packages with npm where they are missing or are not those of the lockfile. Throws an Error that says what to
 * do when that fails.
 */
export async function ensureInstalled(root: string, log: (text: string) => void, runProgram: Run = run): Promise<void> {
  if (await isInstalled(root)) return;
  log("installing the preview's packages, once (about half a minute)");
  let result: RunResult;
  try {
    result = await runProgram('npm', INSTALL, root);
  } catch (error) {
    const reason = (error as { code?: unknown }).code === 'ENOENT' ? 'npm is not on PATH' : String(error);
    throw new Error(`the preview's packages cannot be installed: ${reason}; run "npm ci" in ${root}`, { cause: error });
  }
  if (result.code === 0) return;
  const end = result.output.trimEnd().split('\n').slice(-LINES_OF_FAILURE).join('\n');
  throw new Error(
    `the preview's packages cannot be installed: npm ended with code ${result.code}; run "npm ci" in ${root}\n${end}`,
  );
}
