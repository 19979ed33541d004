import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type ConfigFacts, configTypes } from './config-types.ts';

const ENTRY = 'library';

/** The declarations that are replaced: types of the configuration, written out. */
const CONFIG = 'registry';

/** An import in code; comments hold examples of others. */
const IMPORT = /^((?!\s*\/?\*).*(?:\bfrom |\bimport\())(['"])([^'"]+)\2/gm;

/** TypeScript's declarations of the sources that the library imports, by their paths in `generators/`, without `.ts`. */
async function declared(root: string, dir: string): Promise<(module: string) => Promise<string>> {
  const project = join(dir, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noEmitOnError: true,
    outDir: 'types',
    rootDir: root,
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions,
    include: [],
    files: [join(root, 'generators', `${ENTRY}.ts`)],
  };
  await writeFile(project, JSON.stringify(config));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', project], { cwd: root }).catch((error: unknown) => {
    throw new Error(`the declarations cannot be written:\n${(error as { stdout?: string }).stdout ?? ''}`, {
      cause: error,
    });
  });
  return (module) => readFile(join(dir, 'types', 'generators', `${module}.d.ts`), 'utf8');
}

/**
 * Writes the declarations of the library: those that its types need, and no other. They name no package but Node's.
 * @param root folder of the repository
 * @param folder where they go
 * @param facts the configuration, whose types are written out
 */
export async function writeDeclarations(root: string, folder: string, facts: ConfigFacts): Promise<void> {
  const cache = join(root, 'node_modules', '.cache', 'azimuth');
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, 'types-'));
  try {
    const read = await declared(root, dir);
    const seen = new Set<string>();
    const visit = async (module: string): Promise<void> => {
      if (seen.has(module)) return;
      seen.add(module);
      const text = module === CONFIG ? configTypes(facts) : await read(module);
      const needed: string[] = [];
      const rewritten = text.replaceAll(IMPORT, (_, before: string, quote: string, specifier: string) => {
        if (!specifier.startsWith('.')) throw new Error(`types of the library, in ${module}.ts, name ${specifier}`);
        needed.push(relative('.', join(dirname(module), specifier.replace(/\.ts$/, ''))));
        return `${before}${quote}${specifier.replace(/\.ts$/, '.js')}${quote}`;
      });
      const target = join(folder, `${module}.d.ts`);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, rewritten);
      for (const next of needed) await visit(next);
    };
    await visit(ENTRY);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
