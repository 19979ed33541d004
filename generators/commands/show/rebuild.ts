import { dirname, join, resolve } from 'node:path';
import type { Content, Watcher } from '../../../preview/host/index.ts';
import type { Printed } from '../../build/printed.ts';
import { messageOf } from '../../schema/problems.ts';
import type { Flags, Io } from '../context.ts';

/** What the preview shows of what was generated. */
export const contentOf = ({ dashboards }: Printed): Content => ({
  dashboards: dashboards as Content['dashboards'],
  problems: [],
});

const LONGEST_LINE = 240;
const MOST_LINES = 20;

/** What a failed build says, without stacks and without lines of bundled code. */
const readable = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line) && line.length < LONGEST_LINE)
    .slice(0, MOST_LINES)
    .join('\n');

/** Told about every build. */
interface Rebuilding {
  readonly previewRoot: string;
  readonly watch: (paths: readonly string[], onChange: () => void) => Watcher;
  readonly onBuilt: (printed: Printed) => Promise<void>;
  /** The build failed, for these reasons. */
  readonly onFailed: (problems: readonly string[]) => void;
}

/**
 * Builds again whenever the configuration or the sources change, in a process of its own: so it sees the sources as they are then, and
 * their mistakes end nothing. The output folder's lock gives the versions.
 */
export function rebuildOnChange(io: Io, flags: Flags, { previewRoot, watch, onBuilt, onFailed }: Rebuilding): Watcher {
  const state = { isRunning: false, isStale: false, isClosed: false };

  const build = async (): Promise<void> => {
    const { code, stdout, stderr } = await io.rerun(['print', '--config', flags.config, '--out', flags.out]);
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
    // Whatever changes during a build is in the next one.
    while (state.isStale && !state.isClosed) {
      state.isStale = false;
      await build();
    }
    state.isRunning = false;
  };

  const sources = join(dirname(previewRoot), 'generators');
  const watcher = watch([resolve(io.cwd, flags.config), sources], () => void changed());
  return {
    close() {
      state.isClosed = true;
      watcher.close();
    },
  };
}
