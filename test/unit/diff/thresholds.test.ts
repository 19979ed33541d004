import { expect, test } from '@jest/globals';
import { thresholdChanges } from '../../../generators/diff/thresholds.ts';

test.each([
  ['a > 1', 'a > 2', [{ before: 1, after: 2, isLooser: true }]],
  ['a > 2', 'a > 1', [{ before: 2, after: 1, isLooser: false }]],
  ['a < 1', 'a < 2', [{ before: 1, after: 2, isLooser: false }]],
  ['a <= 2', 'a <= 1', [{ before: 2, after: 1, isLooser: true }]],
  ['1 < a', '2 < a', [{ before: 1, after: 2, isLooser: true }]],
  ['1 >= a', '2 >= a', [{ before: 1, after: 2, isLooser: false }]],
  ['a > -2', 'a > -1', [{ before: -2, after: -1, isLooser: true }]],
  ['a > (0.5)', 'a > (0.7)', [{ before: 0.5, after: 0.7, isLooser: true }]],
  ['a > bool 1', 'a > bool 2', [{ before: 1, after: 2, isLooser: true }]],
  ['a > 1e3', 'a > 1000', []],
  ['a unless b > 1', 'a unless b > 2', [{ before: 1, after: 2, isLooser: false }]],
  ['a unless (b unless c > 1)', 'a unless (b unless c > 2)', [{ before: 1, after: 2, isLooser: true }]],
  ['a > 1 unless b', 'a > 2 unless b', [{ before: 1, after: 2, isLooser: true }]],
  [
    'a > 1 and b < 5',
    'a > 2 and b < 6',
    [
      { before: 1, after: 2, isLooser: true },
      { before: 5, after: 6, isLooser: false },
    ],
  ],
  ['a  >\n 1', 'a > 1', []],
  ['count(x > 10) < 3', 'count(x > 20) < 3', [{ before: 10, after: 20, isLooser: undefined }]],
  ['count(x > 10) > 3', 'count(x > 10) > 5', [{ before: 3, after: 5, isLooser: true }]],
  ['sum(x > 1)', 'sum(x > 2)', [{ before: 1, after: 2, isLooser: undefined }]],
  [
    'label_replace(x > 1, "a", "b", "", "")',
    'label_replace(x > 2, "a", "b", "", "")',
    [{ before: 1, after: 2, isLooser: true }],
  ],
  ['(a > 1) or (b > 2)', '(a > 1) or (b > 3)', [{ before: 2, after: 3, isLooser: true }]],
  ['time() - x > 1h', 'time() - x > 2h', [{ before: 3600, after: 7200, isLooser: true }]],
  ['1 - (a > 1)', '1 - (a > 2)', [{ before: 1, after: 2, isLooser: undefined }]],
  // Anything else that differs is no change of a threshold.
  ['a > 1', 'b > 1', undefined],
  ['a * 2 > 1', 'a * 3 > 1', undefined],
  ['rate(a[5m]) > 1', 'rate(a[10m]) > 1', undefined],
  ['a{b="1"} > 1', 'a{b="2"} > 1', undefined],
  ['a > 1', 'a >= 1', undefined],
  ['a > 1', 'a > 1 and b > 1', undefined],
  ['a == 1', 'a == 2', undefined],
  ['a{b="x  y"}', 'a{b="x y"}', undefined],
])('%j to %j', (before, after, changes) => {
  expect(thresholdChanges(before, after)).toEqual(changes);
});
