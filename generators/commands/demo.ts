import type { Flags, Io } from './context.ts';
import { show } from './show/index.ts';

/** The time at which the demo's pictures are taken: always the same, so that the pictures are, too. */
export const PICTURES_AT = Date.UTC(2026, 0, 15, 12, 10);

/** Shows the dashboards over a synthetic cluster, with a Prometheus of its own. */
export const demoCommand = async (io: Io, flags: Flags): Promise<number> =>
  show(io, flags, async (start) => {
    const { startDemo } = await import('../../demo/index.ts');
    const { now, ...demo } = await startDemo({ ...start, ...(flags.png !== undefined && { at: PICTURES_AT }) });
    return { ...demo, ...(now !== null && { now }) };
  });
