import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Folders whose files take longest come first, so that no long one is left for the end; those of seconds fill what remains. */
const FOLDERS = ['e2e', 'preview', 'promtool', 'recorded', 'properties'];

const rank = ({ path }) => {
  const found = FOLDERS.findIndex((name) => path.includes(`${sep}test${sep}${name}${sep}`));
  return found === -1 ? FOLDERS.length : found;
};

export default class SlowFirst extends Sequencer {
  /** Within a folder Jest's own order: by what it remembers of earlier runs, or else by size. */
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
