import type { Flags, Io } from './context.ts';
import { show } from './show/index.ts';

const PROMETHEUS = 'http://127.0.0.1:9090';

/** Shows the dashboards with data from an existing Prometheus. */
export const previewCommand = async (io: Io, flags: Flags): Promise<number> =>
  show(io, flags, () =>
    Promise.resolve({
      url: flags.prometheus ?? PROMETHEUS,
      story: [],
      // That Prometheus has its own rules.
      updateRules: () => Promise.resolve(),
      died: new Promise<string>(() => undefined),
      stop: () => Promise.resolve(),
    }),
  );
