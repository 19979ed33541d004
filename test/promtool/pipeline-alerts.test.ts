import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { fires, type Labels, pends, silent } from './allowances-input.ts';
import { CASES, NAMES, severityOf } from './pipeline-cases.ts';
import { ABSENT, ALL, alertsIn, during, expectAlerts, type Level } from './pipeline-input.ts';

const ONE: Labels = { cluster: 'production' };
const OTHER: Labels = { cluster: 'staging' };
/** Minutes without any fault before the story of a test begins; longer than every window. */
const QUIET = 20;
const FIRST = QUIET + 1;

const generated = generate(ALL);
const unlabelled = generate({ ...ALL, cluster: { label: null } });

test('these are all alerts on the data itself', () => {
  expect(alertsIn(generated)).toEqual(NAMES);
});

describe.each(CASES)('$alert', ({ alert, pending, keep, memory, well, ill, series, labels, anchored }) => {
  const severity = severityOf(alert);
  const [calm] = well;
  const [fault] = ill;
  const firing = (minute: number, ...where: readonly Labels[]) => fires(alert, severity, minute, where);
  /** Levels of a fault that begins after the quiet time and never ends. */
  const broken = (level: Level = fault) => during([QUIET, calm], [pending + 10, level]);
  const fired = FIRST + pending;

  test.each(well.map((level) => ({ level })))('is silent where all is well: $level', async ({ level }) => {
    const minutes = pending + 25;
    await expectAlerts(
      generated,
      series(ONE, during([minutes, level])),
      ...silent(alert, severity, [1, 2, 6, pending + 2, minutes]),
    );
  });

  test.each(ill.map((level) => ({ level })))(`fires after ${pending} minutes, not earlier: $level`, async (given) => {
    await expectAlerts(
      generated,
      series(ONE, broken(given.level)),
      ...silent(alert, severity, [FIRST - 1]),
      pends(alert, severity, FIRST, pending > 0 ? [labels(ONE)] : []),
      firing(fired - 1),
      firing(fired, labels(ONE)),
      firing(fired + 5, labels(ONE)),
    );
  });

  test(`stops ${keep} minutes after the fault`, async () => {
    const length = pending + 3;
    // The last evaluation that sees the fault, and the first that does not fire.
    const last = QUIET + length - 1 + memory;
    const over = last + 1 + keep;
    await expectAlerts(
      generated,
      series(ONE, during([QUIET, calm], [length, fault], [memory + keep + 10, calm])),
      firing(last, labels(ONE)),
      firing(over - 1, labels(ONE)),
      firing(over),
      firing(over + 4),
    );
  });

  if (pending > 0) {
    test('starts to wait anew after a pause', async () => {
      const before = pending - memory;
      const pause = memory + 2;
      const again = QUIET + before + pause + 1;
      const all = Array.from({ length: again + pending - FIRST }, (_, index) => FIRST + index);
      await expectAlerts(
        generated,
        series(ONE, during([QUIET, calm], [before, fault], [pause, calm], [pending + 5, fault])),
        ...all.map((minute) => firing(minute)),
        firing(again + pending, labels(ONE)),
      );
    });
  }

  test('fires for the ill one of two clusters only, and for a cluster without the label unless it is anchored', async () => {
    const input = [...series(ONE, broken(calm)), ...series(OTHER, broken()), ...series({}, broken())];
    const unnamed = anchored === true ? [] : [labels({})];
    await expectAlerts(generated, input, firing(fired - 1), firing(fired, labels(OTHER), ...unnamed));
  });

  test('fires where the store has one cluster and no label for it', async () => {
    await expectAlerts(unlabelled, series({}, broken()), firing(fired - 1), firing(fired, labels({})));
    await expectAlerts(unlabelled, series({}, broken(calm)), ...silent(alert, severity, [FIRST, fired, fired + 5]));
  });

  test('is silent where there is no data at all', async () => {
    await expectAlerts(
      generated,
      series(ONE, during([5, calm], [pending + 20, ABSENT])).map(({ series: name, values }) => ({
        series: name.replace('{', '_of_others{'),
        values,
      })),
      ...silent(alert, severity, [5, pending + 20]),
    );
  });
});
