import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DashboardJson } from '../../preview/app/model/dashboard-json.ts';
import { startPreview, type Preview, type PreviewOptions } from '../../preview/host/index.ts';
import { previewRoot } from '../../preview/host/root.ts';

const folders: string[] = [];

/** Makes an empty folder that stays for the tests of a file. */
export async function makeTempDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'azimuth-test-'));
  folders.push(folder);
  return folder;
}

/** Removes them all. */
export async function removeTempDirs(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A page that says at once that it has settled, without a panel. */
export const EMPTY_APP = `
  document.querySelector('#root')!.textContent = 'drawn';
  Object.assign(window, {
    azimuthPreview: {
      uid: location.pathname.split('/')[2], revision: 1, settled: true, problems: [], panels: [], cutOff: () => [],
    },
  });`;

/** Makes a package like the preview's in an empty folder: an app of one file, with the real one's packages. */
export async function fakeRoot(dir: string, app = EMPTY_APP): Promise<string> {
  const real = previewRoot();
  await mkdir(join(dir, 'app'), { recursive: true });
  await writeFile(join(dir, 'app', 'main.tsx'), app);
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await writeFile(join(dir, 'package-lock.json'), await readFile(join(real, 'package-lock.json')));
  await symlink(join(real, 'node_modules'), join(dir, 'node_modules'));
  return dir;
}

/** A dashboard with nothing but what is told. */
export function dashboard(uid: string, more: Partial<DashboardJson> = {}): DashboardJson {
  return { uid, title: `Dashboard ${uid}`, ...more };
}

/** Starts the preview of some dashboards; Prometheus does not answer unless told. */
export function preview(root: string, options: Partial<PreviewOptions> = {}): Promise<Preview> {
  return startPreview({
    content: { dashboards: [dashboard('one'), dashboard('two', { tags: ['a'], description: 'D' })], problems: [] },
    prometheus: { url: 'http://127.0.0.1:1', scrapeInterval: 30 },
    port: 0,
    root,
    log() {},
    ...options,
  });
}

/** The message that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    // Not instanceof: errors of Node are of another realm in Jest.
    return String((error as { message?: unknown }).message);
  }
  throw new Error('expected a failure');
}
