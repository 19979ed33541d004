import * as fc from 'fast-check';
import { LINE, LINK } from '../../generators/schema/formats.ts';
import { holdsSecret } from '../../generators/schema/urls.ts';

/** An object with any of these keys; the others are absent, not undefined. */
export const some = <T extends object>(model: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const AWKWARD = [
  '"',
  "it's",
  'a\\b',
  'a: b',
  '# a',
  '- a',
  '{a}',
  '[a]',
  '&a',
  '*a',
  '%a',
  '!a',
  'yes',
  '007',
  '~',
  ' a ',
  'é😀',
];

/** Text on one line, as a setting may hold it. */
export const line: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((text) => new RegExp(LINE.pattern, 'u').test(text)),
);

/** A base URL, or a path. */
export const url = fc.oneof(
  fc.webUrl(),
  line.filter((text) => new RegExp(LINK.pattern, 'u').test(text) && !holdsSecret(text)),
);

/** Seconds as a duration, in one of several spellings. */
const spelled = (seconds: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    `${seconds}s`,
    `${seconds * 1000}ms`,
    seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${seconds % 60}s`,
  );

/** Any duration. */
export const anyDuration = fc.integer({ min: 0, max: 7200 }).chain(spelled);

/** Intervals and a window that fit each other, and any lookback. */
export const durations = fc
  .record({
    scrape: fc.integer({ min: 1, max: 120 }),
    interval: fc.integer({ min: 1, max: 300 }),
    more: fc.integer({ min: 0, max: 900 }),
    lookback: fc.integer({ min: 0, max: 1800 }),
  })
  .chain(({ scrape, interval, more, lookback }) => {
    const window = Math.max(4 * scrape, scrape + interval) + more;
    return fc.record({
      scrape: spelled(scrape),
      interval: spelled(interval),
      window: spelled(window),
      infoLookback: spelled(lookback),
    });
  });

export const port = fc.integer({ min: 1, max: 65_535 });
export const kubernetesName = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);

/** A label of the cluster that is none of ours, or that PromQL knows as a word. */
export const clusterLabel: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'cluster',
    'k8s_cluster',
    'Cluster',
    'X',
    '_',
    'on',
    'by',
    'and',
    'bool',
    'offset',
    'sum',
    'start',
    'group_left',
  ),
  fc.stringMatching(/^k8s[a-zA-Z0-9_]{0,20}$/),
);
