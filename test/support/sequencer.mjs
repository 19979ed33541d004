import { sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * What takes a minute or more on an idle core, longest first: they begin before all others, so that none of them is left for the end and runs
 * alone. On a fresh machine, Jest knows no earlier run.
 */
const LONGEST = [
  'preview/page',
  'properties/unused',
  'properties/build',
  'preview/commands',
  'properties/traffic',
  'preview/demo-configs',
  'preview/demo-live',
  'promtool/sources/changes',
  'recorded/recordings',
  'properties/packagings',
  'properties/cluster-label',
  'properties/config-types',
];

/** Folders in the order of what is left: the longest files first, those of seconds fill what remains. */
const FOLDERS = ['e2e', 'preview', 'promtool', 'recorded', 'properties'];

const rank = ({ path }) => {
  const name = path.split(`${sep}test${sep}`).at(-1).replaceAll(sep, '/');
  const long = LONGEST.indexOf(name.replace('.test.ts', ''));
  if (long !== -1) return long;
  const folder = FOLDERS.indexOf(name.split('/', 1)[0]);
  return LONGEST.length + (folder === -1 ? FOLDERS.length : folder);
};

export default class LongestFirst extends Sequencer {
  /** Within a folder Jest's own order: by what it remembers of earlier runs, or else by size. */
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
