import { join, relative, resolve } from 'node:path';
import type { Content, Preview } from '../../../preview/host/index.ts';
import type * as Host from '../../../preview/host/index.ts';
import type { Flags, Io } from '../context.ts';

const THEMES = ['dark', 'light'] as const;

/** What the pictures are taken of and compared with. */
interface PictureJob {
  readonly host: typeof Host;
  readonly root: string;
  readonly preview: Preview;
  readonly content: Content;
  /** The folder for pictures, as the user named it. */
  readonly dir: string;
  /** The dashboards of the revision to compare with. */
  readonly before: Content | undefined;
  readonly signal: AbortSignal;
}

/** Where the committed dashboards lie, as Git knows them. */
export const dashboardsFolder = (io: Io, { out }: Flags): string =>
  join(relative(io.cwd, resolve(io.cwd, out)), 'dashboards', 'grafana');

/** Takes the pictures of what is shown. @returns whether no panel is at fault. */
async function take(io: Io, { host, root, preview, signal }: PictureJob, { dashboards }: Content, dir: string) {
  const report = await host.takePictures({ url: preview.url, dashboards, dir, themes: THEMES, root, signal });
  io.stdout(host.reportText(report));
  return host.isClean(report);
}

/**
 * Takes pictures of all dashboards, and of those before where there are such; then both are side by side in one page. Faults before do
 * not count.
 * @returns the exit code: 2 when a panel is empty, fails or is cut off.
 */
export async function takeAll(io: Io, flags: Flags, job: PictureJob): Promise<number> {
  const { host, preview, content, before } = job;
  const dir = resolve(io.cwd, job.dir);
  if (before === undefined) return (await take(io, job, content, dir)) ? 0 : 2;
  const isClean = await take(io, job, content, join(dir, 'after'));
  io.stdout(`before (${flags.before ?? ''}):\n`);
  preview.update(before);
  await take(io, job, before, join(dir, 'before'));
  const labels = { before: flags.before ?? '', after: 'working tree' };
  await host.writeComparison({ dir, before: before.dashboards, after: content.dashboards, labels, themes: THEMES });
  io.stdout(`side by side: ${join(job.dir, 'index.html')}\n`);
  return isClean ? 0 : 2;
}
