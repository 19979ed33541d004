import type { Flags, Io } from './context.ts';
import { show } from './show/index.ts';

/** Time at which the pictures of the demo are taken; fixed, so that the pictures are reproducible. */
export const PICTURES_AT = Date.UTC(2026, 0, 15, 12, 10);

/** Shows the dashboards over a synthetic cluster, with its own Prometheus. */
export const demoCommand = async (io: Io, flags: Flags): Promise<number> =>
  show(io, flags, async (start) => {
    const { startDemo } = await import('../../demo/index.ts');
    const { now, ...demo } = await startDemo({ ...start, ...(flags.png !== undefined && { at: PICTURES_AT }) });
    return { ...demo, ...(now !== null && { now }) };
  });
