import type { Flags, Io } from './context.ts';
import { show } from './show/index.ts';

/** Shows the dashboards over a synthetic cluster, with a Prometheus of its own. */
export const demoCommand = async (io: Io, flags: Flags): Promise<number> =>
  show(io, flags, async (start) => {
    const { PICTURES_AT, startDemo } = await import('../../demo/index.ts');
    const { now, ...demo } = await startDemo({ ...start, ...(flags.png !== undefined && { at: PICTURES_AT }) });
    return { ...demo, ...(now !== null && { now }) };
  });
