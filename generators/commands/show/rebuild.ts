import { resolve } from 'node:path';
import type { Content, Watcher } from '../../../preview/host/index.ts';
import type { Printed } from '../../build/printed.ts';
import { messageOf } from '../../schema/problems.ts';
import type { Flags, Io } from '../context.ts';

/** The generated dashboards as content of the preview. */
export const contentOf = ({ dashboards }: Printed): Content => ({
  dashboards: dashboards as Content['dashboards'],
  problems: [],
});

const MAX_LINE_LENGTH = 240;
const MAX_LINES = 20;

/** The error of a failed build, without stack traces and lines of bundled code. */
const readable = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line) && line.length < MAX_LINE_LENGTH)
    .slice(0, MAX_LINES)
    .join('\n');

/** How to watch files, and callbacks for each build. */
interface Rebuilding {
  /** The folder of Azimuth's own sources; undefined where there are none. */
  readonly sources: string | undefined;
  readonly watch: (paths: readonly string[], onChange: () => void) => Watcher;
  readonly onBuilt: (printed: Printed) => Promise<void>;
  /** The build failed, for these reasons. */
  readonly onFailed: (problems: readonly string[]) => void;
}

/**
 * Rebuilds whenever the configuration or the sources change. Each build runs in a new process: it loads the current sources, and their
 * errors do not end the preview. Versions come from the lock in the output folder.
 */
export function rebuildOnChange(io: Io, flags: Flags, { sources, watch, onBuilt, onFailed }: Rebuilding): Watcher {
  const state = { isRunning: false, isStale: false, isClosed: false };

  const build = async (): Promise<void> => {
    const { code, stdout, stderr } = await io.rerun([
      'print',
      '--config',
      flags.config,
      '--out',
      flags.out,
      ...(flags.cluster === undefined ? [] : ['--cluster', flags.cluster]),
    ]);
    if (state.isClosed) return;
    if (code !== 0) {
      onFailed([readable(stderr)]);
      return;
    }
    await onBuilt(JSON.parse(stdout) as Printed).catch((error: unknown) => onFailed([messageOf(error)]));
  };

  const changed = async (): Promise<void> => {
    state.isStale = true;
    if (state.isRunning) return;
    state.isRunning = true;
    // Changes during a build trigger another one.
    while (state.isStale && !state.isClosed) {
      state.isStale = false;
      await build();
    }
    state.isRunning = false;
  };

  const paths = [resolve(io.cwd, flags.config), ...(sources === undefined ? [] : [sources])];
  const watcher = watch(paths, () => void changed());
  return {
    close() {
      state.isClosed = true;
      watcher.close();
    },
  };
}
