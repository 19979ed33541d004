import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FLOW_SOURCES, makeCatalogue, namedSchema, OUTPUTS } from '../generators/index.ts';
import { buildPage, previewRoot } from '../preview/host/index.ts';
import { compile } from './compile.ts';
import { writeDeclarations } from './declarations.ts';
import { notice } from './notice.ts';
import { sbom } from './sbom.ts';
import { shipped } from './shipped.ts';

// Compiles the package into dist/, with NOTICE beside it. `npm pack` takes what "files" in package.json lists.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// npm prints names of files on standard output.
const log = (text: string): void => void process.stderr.write(`${text}\n`);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Copies the built page. @returns folders of packages with code in it. */
async function copyPage(folder: string): Promise<readonly string[]> {
  const { dist, packages } = await buildPage(previewRoot(root), log);
  const record = join(dist, 'build.json');
  await cp(dist, folder, { recursive: true, filter: (file) => file !== record });
  return packages.map((path) => resolve(previewRoot(root), path));
}

async function main(): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const unfinished = join(root, `dist.${process.pid}.tmp`);
  await mkdir(unfinished, { recursive: true });
  try {
    const [code, page] = await Promise.all([
      compile(root, unfinished),
      copyPage(join(unfinished, 'preview')),
      writeDeclarations(root, join(unfinished, 'types'), {
        schema: namedSchema(makeCatalogue()),
        flowSources: FLOW_SOURCES,
        outputs: OUTPUTS.map(({ id }) => id),
      }),
    ]);
    const contained = shipped([...code, ...page]);
    const needed = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
    const packages = new Set([...contained.map(({ name, version }) => `${name}@${version}`), ...needed]);
    const bom = await sbom({ folders: [root, previewRoot(root)], packages, manifest });
    await writeFile(join(unfinished, 'sbom.cdx.json'), bom);
    await writeFile(join(root, 'NOTICE'), notice(contained));
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(unfinished, join(root, 'dist'));
    log(`compiled ${manifest.name} ${manifest.version} with ${contained.length} packages into ${basename(root)}/dist`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

await main();
