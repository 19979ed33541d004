import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../bench/process/tools.ts';
import { CannotRun } from '../shared/program.ts';
import { inTemporaryFolder } from '../shared/temporary.ts';
import { MODULES, type Module } from './versions.ts';

/** Runs go. @throws CannotRun with its last words if it fails. */
async function go(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runTool('go', args, { cwd });
  // `go mod download -json` says on its standard output what went wrong.
  const words = `${stderr}\n${stdout}`.trim().split('\n').slice(-3).join('\n');
  if (code !== 0) throw new CannotRun(`go ${args.join(' ')}: ${words}`);
  return stdout;
}

/** Builds the programs of a module. Its own go.mod decides the versions of what it imports, hence the copy of its sources. */
async function buildModule({ module, version, tags, programs }: Module, folder: string): Promise<void> {
  await inTemporaryFolder(async (temporary) => {
    const { Dir: sources } = JSON.parse(await go(['mod', 'download', '-json', `${module}@${version}`], temporary)) as {
      readonly Dir: string;
    };
    const copy = join(temporary, 'sources');
    await cp(sources, copy, { recursive: true });
    await runTool('chmod', ['-R', 'u+w', copy]);
    // A workspace does not take -mod=mod.
    await rm(join(copy, 'go.work'), { force: true });
    for (const [name, path] of Object.entries(programs)) {
      await go(['build', '-mod=mod', `-tags=${tags.join(',')}`, `-o=${join(folder, name)}`, path], copy);
    }
  });
}

/** Programs by name, as paths. */
export type Programs = Readonly<Record<string, string>>;

/** Folder of the programs of a module, by its version: another version is built anew. */
const folderOf = (cache: string, { module, version }: Module): string =>
  join(cache, `${module.split('/').at(-1)}-${version}`);

/**
 * Builds what is not in the cache folder yet, which takes several minutes for each module.
 * @returns the paths of all programs.
 * @throws CannotRun if go is missing or fails.
 */
export async function buildPrograms(cache: string, log: (text: string) => void): Promise<Programs> {
  const paths: Record<string, string> = {};
  for (const module of MODULES) {
    const folder = folderOf(cache, module);
    await mkdir(folder, { recursive: true });
    const built = Object.keys(module.programs).map((name) => [name, join(folder, name)] as const);
    if (!built.every(([, path]) => existsSync(path))) {
      log(`building ${module.module} ${module.version}`);
      await buildModule(module, folder);
    }
    Object.assign(paths, Object.fromEntries(built));
  }
  return paths;
}
