import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The packed package, and an empty folder with nothing but that installed. */
export interface Installed {
  /** The content of the tarball. */
  readonly packed: string;
  /** The folder of the user. */
  readonly user: string;
  /** Folders below `node_modules` of the user, scopes included. */
  readonly packages: readonly string[];
  /** Bytes of the tarball. */
  readonly tarballBytes: number;
  remove(): Promise<void>;
}

/** What a program that ran to its end left behind. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const runFile = promisify(execFile);

/** Runs a program to its end, whatever its exit code. */
export async function ran(
  cwd: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1_048_576 };
    return { code: 0, ...(await runFile(program, args, options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** Ran without a fault. @throws Error with what the program wrote. */
async function done(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ran(cwd, program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** Packs this repository, and installs the tarball in an empty folder. */
export async function install(): Promise<Installed> {
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-test-package-'));
  const [packed, user] = [join(dir, 'packed'), join(dir, 'user')];
  await mkdir(packed);
  await mkdir(user);
  await done(resolve('.'), 'npm', ['run', '--silent', 'package', '--', '--pack-destination', dir]);
  const tarball = join(dir, (await readdir(dir)).find((file) => file.endsWith('.tgz')) ?? '');
  await done(dir, 'tar', ['-xzf', tarball, '-C', packed, '--strip-components=1']);
  await writeFile(join(user, 'package.json'), '{"private":true}');
  await done(user, 'npm', ['install', '--save-dev', '--prefer-offline', '--no-audit', '--no-fund', tarball]);
  const names = (await readdir(join(user, 'node_modules'))).filter((name) => !name.startsWith('.'));
  const packages = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@')
        ? (await readdir(join(user, 'node_modules', name))).map((inner) => `${name}/${inner}`)
        : [name],
    ),
  );
  const { size: tarballBytes } = await stat(tarball);
  return {
    packed,
    user,
    packages: packages.flat().toSorted(),
    tarballBytes,
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
