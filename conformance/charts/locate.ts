import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../shared/program.ts';
import { pullArguments, type Install } from './command.ts';

/** A chart on this machine, or why it is not. */
export type Located = { readonly path: string } | { readonly missing: string };

/** Finds the chart that a values file is for. */
export type Locate = (install: Install) => Promise<Located>;

const nameOf = ({ chart, version }: Install): string => `${chart}-${version}`;

/** Charts in a folder: `<chart>-<version>.tgz`, as `helm pull` writes them, or a folder `<chart>-<version>`. */
export const chartsIn =
  (folder: string): Locate =>
  (install) => {
    const names = [`${nameOf(install)}.tgz`, nameOf(install)];
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
    return Promise.resolve(
      found === undefined ? { missing: `${folder} holds neither ${names.join(' nor the folder ')}` } : { path: found },
    );
  };

/** Charts from their public repositories, each downloaded once into a folder. */
export function publicCharts(helm: Program, folder: string): Locate {
  const pulled = new Map<string, Promise<Located>>();
  const pull = async (install: Install): Promise<Located> => {
    const into = join(folder, nameOf(install));
    await mkdir(into, { recursive: true });
    const { code, stderr } = await helm(pullArguments(install, into));
    if (code !== 0) return { missing: `helm pull failed: ${stderr.trim()}` };
    const file = (await readdir(into)).find((name) => name.endsWith('.tgz'));
    return file === undefined ? { missing: `helm pull wrote no file into ${into}` } : { path: join(into, file) };
  };
  return (install) => {
    const key = `${install.repository} ${nameOf(install)}`;
    const known = pulled.get(key) ?? pull(install);
    pulled.set(key, known);
    return known;
  };
}

/**
 * What the chart at a path says of itself, where that is not what was asked for. Checkouts of a source often have another version in
 * them than the release that is made of them.
 */
export async function identityOf(
  helm: Program,
  path: string,
  { chart, version }: Install,
): Promise<{ problem?: string; note?: string }> {
  const { code, stdout, stderr } = await helm(['show', 'chart', path]);
  if (code !== 0) return { problem: `helm show chart failed: ${stderr}` };
  const read = (key: string): string => new RegExp(`^${key}: *["']?([^"'\\s]+)`, 'm').exec(stdout)?.[1] ?? '';
  if (read('name') !== chart) return { problem: `${path} is the chart ${read('name')}, expected ${chart}` };
  const says = read('version');
  return says.replace(/^v/, '') === version.replace(/^v/, '')
    ? {}
    : { note: `${path} calls itself version ${says}; its name is believed` };
}
