import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { clusterAt } from '../../bench/timeline.ts';
import { BAD, BAD_LASTS, type Incident } from '../../demo/weeks/bad.ts';
import { nodeAt } from '../../demo/weeks/effects.ts';
import type { Firing } from '../../demo/weeks/firing.ts';
import { WEEK_STARTS } from '../../demo/weeks/week.ts';
import { print, tell, tiers, type Told } from './week-support.ts';

jest.setTimeout(300_000);

/** What an incident leaves in windows is seen for so long after its end, and its alerts go on for so long; minutes. */
const SEEN = 10;
const GOES_ON = 30;

let told: Told;

beforeAll(async () => {
  told = await tell(BAD, BAD_LASTS);
  print(`bad week: ${BAD.length} incidents, ${told.firings.length} alerts`, [
    ['incident', 'alert', 'after min', 'at most'],
    ...BAD.flatMap((incident) =>
      Object.entries(incident.raises).map(([alert, limit]) => {
        const [first] = raised(incident, alert);
        return [incident.title, alert, first === undefined ? 'never' : first.from - incident.from, limit];
      }),
    ),
  ]);
});

/** The node that an incident is about; undefined where it is about none. */
function nodeOf({ where, from }: Incident): string | undefined {
  const at = WEEK_STARTS + from * 60 - told.week.start;
  return where === undefined ? undefined : nodeAt(clusterAt(told.week.timeline, at), where);
}

/** The firings of an alert that an incident explains: at its time, and at its node. */
const raised = (incident: Incident, alert: string): readonly Firing[] =>
  told.firings.filter(
    (one) =>
      one.alert === alert &&
      (incident.several === true || one.labels['node'] === (one.labels['node'] && nodeOf(incident))) &&
      incident.from <= one.from &&
      one.from <= incident.from + incident.lasts + SEEN,
  );

describe('a bad week of a default build', () => {
  test('has at least twenty incidents, and needs every tier of every alert', () => {
    expect(BAD.length).toBeGreaterThanOrEqual(20);
    expect([...new Set(BAD.flatMap(({ raises }) => Object.keys(raises)))].toSorted()).toEqual(
      [...new Set(tiers)].toSorted(),
    );
  });

  test.each(BAD)('$title: all of its alerts fire in time, once each', (incident) => {
    const late = Object.entries(incident.raises).flatMap(([alert, limit]) => {
      const firings = raised(incident, alert);
      const isOnce =
        incident.several === true
          ? firings.length > 0 && new Set(firings.map(({ labels }) => JSON.stringify(labels))).size === firings.length
          : firings.length === 1;
      const isInTime = isOnce && firings.every(({ from }) => from - incident.from <= limit);
      return isInTime ? [] : [{ alert, limit, firings }];
    });
    expect(late).toEqual([]);
  });

  test('no alert fires that no incident explains', () => {
    const explained = new Set(
      BAD.flatMap((incident) => Object.keys(incident.raises).flatMap((alert) => raised(incident, alert))),
    );
    expect(told.firings.filter((one) => !explained.has(one))).toEqual([]);
  });

  test('every alert ends when its incident is over', () => {
    const endless = BAD.flatMap((incident) =>
      Object.keys(incident.raises)
        .flatMap((alert) => raised(incident, alert))
        .filter(({ until }) => until > incident.from + incident.lasts + GOES_ON),
    );
    expect(endless).toEqual([]);
  });
});
