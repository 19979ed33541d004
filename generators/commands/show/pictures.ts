import { join, relative, resolve } from 'node:path';
import type * as Host from '../../../preview/host/index.ts';
import type { Flags, Io } from '../context.ts';

const THEMES = ['dark', 'light'] as const;

/** The dashboards to take pictures of, and those to compare them with. */
interface PictureJob {
  readonly host: typeof Host;
  readonly root: string;
  readonly preview: Host.Preview;
  readonly content: Host.Content;
  /** The folder for pictures, as the user named it. */
  readonly dir: string;
  /** The dashboards of the revision to compare with. */
  readonly before: Host.Content | undefined;
  readonly signal: AbortSignal;
}

/** Path of the committed dashboards in Git. */
export const dashboardsFolder = (io: Io, { out }: Flags): string =>
  join(relative(io.cwd, resolve(io.cwd, out)), 'dashboards', 'grafana');

/** Takes pictures of the shown dashboards. @returns whether no panel is faulty. */
async function take(io: Io, { host, root, preview, signal }: PictureJob, { dashboards }: Host.Content, dir: string) {
  const report = await host.takePictures({ url: preview.url, dashboards, dir, themes: THEMES, root, signal });
  io.stdout(host.reportText(report));
  return host.isClean(report);
}

/**
 * Takes pictures of all dashboards. With `before`, also of the earlier ones, and writes a page with both side by side. Faults in the
 * earlier ones do not count.
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
