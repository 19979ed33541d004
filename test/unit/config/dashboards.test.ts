import { describe, expect, test } from '@jest/globals';
import { generate, generateAnew } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';

const titled = (title: string) => ({ dashboards: { 'zone-traffic': { title } } });

describe('titles are such as Grafana takes', () => {
  test.each(['Zones', 'a', 'a b', 'x'.repeat(5000), 'Zürich 😀'])('%.20s', (title) => {
    expect(complaints(titled(title))).toEqual([]);
  });

  test.each(['', ' ', '   ', ' a', 'a ', 'x'.repeat(5001)])('not "%.20s"', (title) => {
    expect(complaints(titled(title))).toEqual([
      expect.stringMatching(/^dashboards\.zone-traffic\.title: got .*, (expected text on one line|must not be empty)/),
    ]);
  });

  test('one title for two is refused, even where only one is changed; not where the other is off', () => {
    const own = generate().bundle.dashboards.find(({ uid }) => uid === 'zone-traffic')?.title ?? '';
    const dashboards = { 'node-allowances': { title: own } };
    expect(() => generateAnew({ dashboards })).toThrow(
      `dashboards.zone-traffic.title, dashboards.node-allowances.title: got "${own}" for each, expected a title of its own`,
    );
    const kept = generate({ dashboards: { ...dashboards, 'zone-traffic': false } }).bundle.dashboards;
    expect(kept.find(({ uid }) => uid === 'node-allowances')?.title).toBe(own);
  });
});

test.each([
  ['5s', true],
  ['1m30s', true],
  ['4s', false],
  ['0s', false],
  ['4999ms', false],
])('a dashboard that reloads every %s: %s', (refresh, isFine) => {
  expect(complaints({ dashboards: { 'zone-traffic': { refresh } } })).toEqual(
    isFine
      ? []
      : [`dashboards.zone-traffic.refresh: got "${refresh}", expected at least 5s, as Grafana reloads no faster`],
  );
});
