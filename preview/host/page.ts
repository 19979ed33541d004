import { type Built, ensureBuilt } from './bundle.ts';
import { ensureInstalled } from './install.ts';
import { prebuiltPage } from './prebuilt.ts';

/** Builds the page from its sources, after installing its packages, where that has not been done. Rejects with an Error that says what to do. */
export async function buildPage(root: string, log: (text: string) => void): Promise<Built> {
  await ensureInstalled(root, log);
  return ensureBuilt(root, log);
}

/** The folder of the page, which may have to be built first. */
export const pageFolder = async (root: string, log: (text: string) => void): Promise<string> =>
  prebuiltPage() ?? (await buildPage(root, log)).dist;
