import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A part of a bill of materials in CycloneDX, as npm writes it. */
interface Component {
  readonly 'bom-ref': string;
  readonly [key: string]: unknown;
}

/** As far as it matters here. */
interface Bom {
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

type Lock = { packages: Record<string, Record<string, unknown>> };

/**
 * What `npm sbom` says of a folder with a lockfile. Without peers: npm refuses a tree in which one does not fit, and those of the page
 * are older than its React.
 */
async function bomOf(folder: string): Promise<Bom> {
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as Lock;
  for (const each of Object.values(lock.packages)) {
    delete each['peerDependencies'];
    delete each['peerDependenciesMeta'];
  }
  const manifest = { ...lock.packages[''], private: true };
  const dir = await mkdtemp(join(tmpdir(), 'azimuth-sbom-'));
  try {
    await writeFile(join(dir, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(dir, 'package-lock.json'), JSON.stringify(lock));
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: dir, maxBuffer: 64 * 1_048_576 });
    return JSON.parse(stdout) as Bom;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What says where and how a component was resolved, not what it is. */
const PASSING = new Set(['scope', 'properties']);

const stated = (component: Component): Component => ({
  'bom-ref': component['bom-ref'],
  ...Object.fromEntries(Object.entries(component).filter(([key]) => !PASSING.has(key))),
  scope: 'required',
});

/** What the package contains and needs. */
export interface Contents {
  /** Folders with a lockfile. */
  readonly folders: readonly string[];
  /** `name@version` of every package with code in it, or that it depends on. */
  readonly packages: ReadonlySet<string>;
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly license: string;
  };
}

/**
 * The bill of materials of the package, in CycloneDX: what npm says of the lockfiles, without what is for development only. The same
 * lockfiles give the same bytes: no serial number, no time, no version of npm.
 * @throws Error if npm does not know one of the packages.
 */
export async function sbom({ folders, packages, manifest }: Contents): Promise<string> {
  const boms = await Promise.all(folders.map((folder) => bomOf(folder)));
  const components = new Map(
    boms
      .flatMap((bom) => bom.components)
      .filter((component) => packages.has(component['bom-ref']))
      .map((component) => [component['bom-ref'], stated(component)]),
  );
  const unknown = [...packages].filter((id) => !components.has(id));
  if (unknown.length > 0)
    throw new Error(`npm sbom does not know ${unknown.join(', ')}: are the lockfiles up to date?`);
  const known = (refs: Iterable<string>): string[] =>
    [...new Set(refs)].filter((ref) => components.has(ref)).toSorted();
  const { name, version, description, license } = manifest;
  const ref = `${name}@${version}`;
  const own = new Set(boms.map((bom) => bom.metadata.component['bom-ref']));
  const edges = boms.flatMap((bom) => bom.dependencies);
  const dependsOn = (refs: ReadonlySet<string>): string[] =>
    known(edges.filter((edge) => refs.has(edge.ref)).flatMap((edge) => edge.dependsOn ?? []));
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: [{ vendor: 'npm', name: 'cli' }],
      component: {
        'bom-ref': ref,
        type: 'application',
        name,
        version,
        description,
        purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
        licenses: [{ license: { id: license } }],
      },
    },
    components: known(components.keys()).map((id) => components.get(id)),
    dependencies: [
      { ref, dependsOn: dependsOn(own) },
      ...known(components.keys()).map((id) => ({ ref: id, dependsOn: dependsOn(new Set([id])) })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}
