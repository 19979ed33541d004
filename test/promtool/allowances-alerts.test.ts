import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, seriesText } from '../support/rule-test.ts';
import {
  ENS5,
  expectAnswers,
  exposed,
  fires,
  growing,
  INTERVAL,
  type Labels,
  pends,
  phases,
  scrapes,
  seen,
  silent,
  WINDOW,
} from './allowances-input.ts';

/** What every alert promises by default: packets within the window, and minutes until it fires. */
const TIERS = [
  { alert: 'PPSAllowanceExceeded', allowance: 'pps', severity: 'warning', threshold: 100, pending: 10 },
  { alert: 'PPSAllowanceExceeded', allowance: 'pps', severity: 'critical', threshold: 1000, pending: 30 },
  { alert: 'BWINAllowanceExceeded', allowance: 'bw_in', severity: 'warning', threshold: 100, pending: 10 },
  { alert: 'BWINAllowanceExceeded', allowance: 'bw_in', severity: 'critical', threshold: 1000, pending: 30 },
  { alert: 'BWOutAllowanceExceeded', allowance: 'bw_out', severity: 'warning', threshold: 100, pending: 10 },
  { alert: 'BWOutAllowanceExceeded', allowance: 'bw_out', severity: 'critical', threshold: 1000, pending: 30 },
  { alert: 'ConntrackAllowanceExceeded', allowance: 'conntrack', severity: 'critical', threshold: 0, pending: 0 },
  { alert: 'LinkLocalAllowanceExceeded', allowance: 'linklocal', severity: 'warning', threshold: 0, pending: 10 },
  { alert: 'LinkLocalAllowanceExceeded', allowance: 'linklocal', severity: 'critical', threshold: 60, pending: 10 },
] as const;

const KEEP_FIRING = 15;
/** The window of the rules. */
const SECONDS = WINDOW * 60;
/** Minutes without any excess before the story of a test begins. */
const QUIET = 8;

const generated = generate();

const expectAlerts = (series: readonly InputSeries[], ...expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(generated.file(RULES.allowances), INTERVAL, series, expected);

test('these are the tiers of all alerts on packets over an allowance', () => {
  const generatedTiers = generated.bundle.ruleFiles
    .flatMap(({ groups }) => groups.flatMap((group) => group.rules))
    .flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels.severity}`] : []))
    .filter((name) => name.includes('AllowanceExceeded '));
  expect(generatedTiers.toSorted()).toEqual(TIERS.map(({ alert, severity }) => `${alert} ${severity}`).toSorted());
});

describe.each(TIERS)('$alert, $severity', ({ alert, allowance, severity, threshold, pending }) => {
  const counter = (values: string, labels: Labels = ENS5) => exposed(`${allowance}_allowance_exceeded`, labels, values);
  const firing = (minute: number, ...where: readonly Labels[]) => fires(alert, severity, minute, where);

  /** Every minute alone is over the threshold. */
  const minutely = threshold + 1;
  const from = QUIET;
  const { first } = seen(from, from);

  test('is silent at the threshold', async () => {
    const minutes = pending + 20;
    await expectAlerts(
      [counter(growing(phases([minutes, threshold / WINDOW]), 70_000))],
      ...silent(alert, severity, [WINDOW, 10, pending, pending + 10, minutes]),
    );
  });

  test('fires from the smallest step above the threshold on, on that node of that cluster only', async () => {
    const minutes = pending + 5;
    // The record itself: a counter has whole packets, and its rate is extrapolated.
    const packets = (labels: Labels, inWindow: number) => ({
      series: seriesText(`metric:${allowance}_allowance_exceeded`, labels),
      values: scrapes(phases([minutes, inWindow / SECONDS])),
    });
    expect((threshold / SECONDS) * SECONDS).toBe(threshold);
    const below = { cluster: 'staging', device: 'ens6', instance: 'ip-10-0-1-3', node: 'ip-10-0-1-3' };
    await expectAlerts(
      [
        packets(ENS5, threshold + 0.001),
        ...Object.entries(below).map(([name, value]) => packets({ ...ENS5, [name]: value }, threshold)),
      ],
      firing(minutes, ENS5),
    );
  });

  test(`fires ${pending} minutes after the excess is seen, not earlier`, async () => {
    const fired = first + pending;
    await expectAlerts(
      [counter(growing(phases([QUIET, 0], [pending + 5, minutely])))],
      ...silent(alert, severity, [first - 1]),
      pends(alert, severity, first, pending > 0 ? [ENS5] : []),
      firing(fired - 1),
      firing(fired, ENS5),
      firing(fired + 1, ENS5),
    );
  });

  const burst = counter(growing(phases([QUIET, 0], [1, 1_000_000], [pending + 20, 0])));
  if (pending === 0) {
    test('fires after a single burst', async () => {
      await expectAlerts([burst], firing(first - 1), firing(first, ENS5));
    });
  } else {
    test('never fires after a single burst', async () => {
      const minutes = Array.from({ length: pending + 20 }, (_, index) => first + index);
      await expectAlerts([burst], pends(alert, severity, first, [ENS5]), ...minutes.map((minute) => firing(minute)));
    });

    test('starts to wait anew after a pause', async () => {
      const [excess, pause] = [pending - WINDOW, WINDOW + 1];
      const second = seen(from + excess + pause, 0).first;
      await expectAlerts(
        [counter(growing(phases([QUIET, 0], [excess, minutely], [pause, 0], [pending + 5, minutely])))],
        firing(second + pending - 1),
        firing(second + pending, ENS5),
      );
    });
  }

  test('keeps firing for 15 minutes after the excess left the window', async () => {
    const to = from + pending + 3;
    const gone = seen(from, to).last + 1 + KEEP_FIRING;
    await expectAlerts(
      [counter(growing(phases([QUIET, 0], [to - from + 1, minutely], [40, 0])))],
      firing(first + pending, ENS5),
      firing(gone - 1, ENS5),
      firing(gone),
      firing(gone + 1),
    );
  });

  test('takes a reset of the counter for no excess', async () => {
    const minutes = pending + 20;
    await expectAlerts(
      [counter(scrapes(phases([QUIET, 5_000_000], [minutes, 0])))],
      ...silent(alert, severity, [QUIET, QUIET + 1, QUIET + 3, QUIET + WINDOW, QUIET + minutes]),
    );
  });

  test('fires for each cluster and interface alone, for a node without a name, and once for two jobs', async () => {
    const staging: Labels = { ...ENS5, cluster: 'staging' };
    const ens6: Labels = { ...ENS5, cluster: 'foreign', device: 'ens6' };
    const nameless: Labels = { cluster: 'production', instance: '10.0.1.3:9417', device: 'eth0' };
    const [excess, calm] = [phases([QUIET, 0], [pending + 5, minutely]), phases([QUIET + pending + 5, 0])];
    await expectAlerts(
      [
        counter(growing(excess), staging),
        counter(growing(calm), ENS5),
        counter(growing(excess), { ...ens6, job: 'one' }),
        counter(growing(excess, 7), { ...ens6, job: 'two' }),
        counter(growing(excess), nameless),
        counter(growing(excess), { ...ENS5, device: 'veth1' }),
      ],
      firing(first + pending, staging, ens6, nameless),
    );
  });

  test('is silent where there is no data', async () => {
    const other = allowance === 'pps' ? 'bw_in' : 'pps';
    await expectAlerts(
      [exposed(`${other}_allowance_exceeded`, ENS5, growing(phases([pending + 10, minutely])))],
      ...silent(alert, severity, [1, pending + 10]),
    );
  });
});
