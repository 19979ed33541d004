import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { clusterAt } from '../../bench/timeline.ts';
import { QUIET, QUIET_LASTS } from '../../demo/weeks/quiet.ts';
import { print, tell, type Told } from './week-support.ts';

jest.setTimeout(300_000);

/** At the most so many warnings in the whole week. */
const WARNINGS = 2;

let told: Told;

beforeAll(async () => {
  told = await tell(QUIET, QUIET_LASTS);
  print(
    `quiet week: ${QUIET.length} happenings, ${told.firings.length} alerts`,
    told.firings.map(({ alert, from, until, labels }) => [
      alert,
      `from ${from} until ${until}`,
      JSON.stringify(labels),
    ]),
  );
});

describe('a quiet week of a default build', () => {
  test('has twelve nodes, and each day a deploy, bursts, an autoscaler at work and a restart', () => {
    const first = clusterAt(told.week.timeline, 0);
    expect(first.nodes).toHaveLength(12);
    expect(QUIET.filter(({ title }) => title.endsWith('is deployed'))).toHaveLength(7);
    expect(QUIET.filter(({ title }) => title.endsWith('for a while'))).toHaveLength(7);
    expect(QUIET.filter(({ title, restarts }) => restarts !== undefined && title.endsWith(' restarts'))).toHaveLength(
      7,
    );
    expect(QUIET.filter(({ title }) => title.includes(' is rolled out on nodes '))).toHaveLength(10);
    expect(QUIET.filter(({ title }) => title.includes('Cilium is upgraded on nodes'))).toHaveLength(10);
    const runs = told.week.timeline.filter(({ cluster }) => cluster.controlPlane?.run !== undefined);
    expect(runs.length).toBeGreaterThan(1);
    expect(QUIET.filter(({ title }) => title.endsWith('the API servers are replaced'))).toHaveLength(1);
    expect(QUIET.filter(({ parts }) => parts !== undefined).length).toBeGreaterThanOrEqual(14);
    // All of it came about: of the first nodes some are gone, and most pods are others.
    const last = clusterAt(told.week.timeline, told.week.until - told.week.start);
    const [nodes, pods] = [new Set(last.nodes.map(({ name }) => name)), new Set(last.pods.map(({ uid }) => uid))];
    expect(first.nodes.filter(({ name }) => !nodes.has(name))).toHaveLength(
      QUIET.filter(({ title }) => title.endsWith(' is replaced')).length,
    );
    expect(first.pods.filter(({ uid }) => pods.has(uid)).length).toBeLessThan(first.pods.length / 3);
  });

  test('pages nobody', () => {
    expect(told.firings.filter(({ alert }) => alert.endsWith(' critical'))).toEqual([]);
  });

  test(`warns at most ${WARNINGS} times`, () => {
    expect(told.firings.length <= WARNINGS ? [] : told.firings).toEqual([]);
  });
});
