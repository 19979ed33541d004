import { expect, test } from '@jest/globals';
import { complaints } from '../../support/problems.ts';

test('a list whose constructor is no function is read like others', () => {
  const targets = Object.assign(['grafana'], { constructor: { [Symbol.species]: 3 } });
  expect(complaints({ targets })).toEqual([]);
});
