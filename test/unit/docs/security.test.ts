import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const SECURITY = readFileSync('SECURITY.md', 'utf8');

interface Package {
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
}

const packagesOf = (folder: string): Readonly<Record<string, Package>> =>
  (JSON.parse(readFileSync(`${folder}package-lock.json`, 'utf8')) as { packages: Record<string, Package> }).packages;

/** Names of the packages of a lockfile that have install scripts. */
const withScripts = (packages: Readonly<Record<string, Package>>): string[] =>
  Object.entries(packages).flatMap(([path, { hasInstallScript = false }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  );

const testsIn = (markdown: string): string[] => markdown.match(/\btest\/[\w./-]+/g) ?? [];

test('SECURITY.md names tests that exist', () => {
  expect(testsIn(SECURITY).length).toBeGreaterThan(15);
  expect(testsIn(SECURITY).filter((path) => !existsSync(path))).toEqual([]);
  expect(testsIn('held by `test/unit/no-such.test.ts`')).toEqual(['test/unit/no-such.test.ts']);
});

test.each(['', 'preview/'])('install scripts of %p are named, and none runs', (folder) => {
  const packages = packagesOf(folder);
  const scripts = withScripts(packages);
  expect(scripts).toContain('esbuild');
  expect(scripts.filter((name) => !SECURITY.includes(name))).toEqual([]);
  expect(withScripts({ 'node_modules/a/node_modules/@b/c': { hasInstallScript: true } })).toEqual(['@b/c']);
  expect(readFileSync(`${folder}.npmrc`, 'utf8')).toMatch(/^ignore-scripts=true$/m);

  const unhashed = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
  expect(unhashed).toEqual([]);

  const manifest = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as Readonly<
    Record<'scripts' | 'dependencies' | 'devDependencies', Readonly<Record<string, string>> | undefined>
  >;
  const hooks = new Set(['prepare', 'preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'postprepare']);
  expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.has(name))).toEqual([]);
  const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
