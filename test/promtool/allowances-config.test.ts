import { describe, expect, test } from '@jest/globals';
import { isRecording } from '../../generators/index.ts';
import { type Generated, generate, RULES } from '../support/generate.ts';
import type { ExpressionTest, InputSeries } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  ENS5,
  expectAnswers,
  exposed,
  fires,
  growing,
  holds,
  INTERVAL,
  type Labels,
  NODE,
  phases,
  scrapes,
  seen,
  silent,
} from './allowances-input.ts';

const PPS = 'PPSAllowanceExceeded';
const TWO_TIERS = [PPS, 'BWINAllowanceExceeded', 'BWOutAllowanceExceeded', 'LinkLocalAllowanceExceeded'];
const SEVERITIES = ['warning', 'critical'];
const QUIET = 8;
const { first } = seen(QUIET, QUIET);

const pps = (perMinute: readonly number[], labels: Labels = ENS5) =>
  exposed('pps_allowance_exceeded', labels, growing(perMinute));
const excess = (minutely: number, minutes: number) => phases([QUIET, 0], [minutes, minutely]);

const expectAlerts = (
  generated: Generated,
  series: readonly InputSeries[],
  ...expected: readonly ExpressionTest[]
): Promise<void> => expectAnswers(generated.file(RULES.allowances), INTERVAL, series, expected);

const ABUNDANT = 12_000;
/** Everything over its allowance by far, and no connection left to track. */
const everything = (minutes: number, labels: Labels = ENS5) => [
  ...ALLOWANCES.map((allowance) =>
    exposed(`${allowance}_allowance_exceeded`, labels, growing(phases([minutes, ABUNDANT]))),
  ),
  exposed('conntrack_allowance_available', labels, scrapes(phases([5, 9000], [minutes - 5, 0]))),
];

describe('changed tiers', () => {
  const change = {
    threshold: 500,
    for: '3m',
    severity: 'info',
    keepFiringFor: '2m',
    escalation: { threshold: 5000, for: '6m', keepFiringFor: '0s' },
  };
  const generated = generate({ alerts: { [PPS]: change } });

  test('have their own threshold', async () => {
    await expectAlerts(
      generated,
      [pps(phases([40, 500 / 5])), pps(phases([40, 5000 / 5]), { ...ENS5, device: 'ens6' })],
      fires(PPS, 'info', 40, [{ ...ENS5, device: 'ens6' }]),
      fires(PPS, 'warning', 40, []),
      ...silent(PPS, 'critical', [10, 40]),
    );
  });

  test('have their own times', async () => {
    // 20 minutes of excess; seen from `first` to `last`.
    const { last } = seen(QUIET, QUIET + 19);
    await expectAlerts(
      generated,
      [pps([...excess(6000, 20), ...phases([10, 0])])],
      fires(PPS, 'info', first + 2, []),
      fires(PPS, 'info', first + 3, [ENS5]),
      fires(PPS, 'critical', first + 5, []),
      fires(PPS, 'critical', first + 6, [ENS5]),
      fires(PPS, 'info', last + 2, [ENS5]),
      fires(PPS, 'info', last + 3, []),
      fires(PPS, 'critical', last, [ENS5]),
      fires(PPS, 'critical', last + 1, []),
    );
  });

  test('leave the other alerts alone', async () => {
    const series = exposed('bw_in_allowance_exceeded', ENS5, growing(excess(6000, 20)));
    await expectAlerts(
      generated,
      [series],
      fires('BWINAllowanceExceeded', 'warning', first + 9, []),
      fires('BWINAllowanceExceeded', 'warning', first + 10, [ENS5]),
    );
  });

  test('may be a ratio', async () => {
    const low = exposed('conntrack_allowance_available', ENS5, scrapes(phases([10, 1000], [20, 400])));
    const half = generate({ alerts: { ConntrackAllowanceLow: { threshold: 0.5, severity: 'critical' } } });
    await expectAlerts(half, [low], fires('ConntrackAllowanceLow', 'critical', 25, [NODE]));
    await expectAlerts(generate(), [low], ...silent('ConntrackAllowanceLow', 'warning', [25]));
  });
});

test('false removes an alert and nothing else', async () => {
  const removed = ['ConntrackAllowanceLow', 'LinkLocalAllowanceExceeded', PPS];
  const kept = ['BWINAllowanceExceeded', 'BWOutAllowanceExceeded', 'ConntrackAllowanceExceeded'];
  const generated = generate({ alerts: Object.fromEntries(removed.map((name) => [name, false])) });
  await expectAlerts(
    generated,
    everything(60),
    ...removed.flatMap((name) => SEVERITIES.flatMap((severity) => silent(name, severity, [30, 60]))),
    ...kept.map((name) => fires(name, 'critical', 60, [ENS5])),
  );
  const skipped = ({ bundle }: Generated) => bundle.skipped.flatMap(({ alert }) => alert ?? []);
  const byDefault = skipped(generate());
  expect(
    skipped(generated)
      .filter((name) => !byDefault.includes(name))
      .toSorted(),
  ).toEqual(removed);
});

test('escalation: false removes the critical tier only', async () => {
  await expectAlerts(
    generate({ alerts: { [PPS]: { escalation: false }, LinkLocalAllowanceExceeded: { escalation: false } } }),
    everything(60),
    ...[PPS, 'LinkLocalAllowanceExceeded'].flatMap((name) => [
      fires(name, 'warning', 60, [ENS5]),
      ...silent(name, 'critical', [10, 60]),
    ]),
    fires('BWINAllowanceExceeded', 'critical', 60, [ENS5]),
  );
});

test('rules.labels stand on every tier of every alert, and on no record', async () => {
  const labels = { team: 'network', receiver: 'a "quoted" one' };
  await expectAlerts(
    generate({ rules: { labels } }),
    everything(60),
    ...[
      ...TWO_TIERS.flatMap((name) => SEVERITIES.map((severity) => ({ name, severity, where: ENS5 }))),
      { name: 'ConntrackAllowanceExceeded', severity: 'critical', where: ENS5 },
      { name: 'ConntrackAllowanceLow', severity: 'warning', where: NODE },
    ].map(({ name, severity, where }) => fires(name, severity, 60, [{ ...where, ...labels }])),
    holds('metric:pps_allowance_exceeded', '60m', [[ENS5, ABUNDANT / 60]]),
  );
});

test('labels and annotations of one alert stand on both of its tiers, win over those of all, and are filled in', async () => {
  const given = {
    rules: { labels: { team: 'network', kept: 'yes' } },
    alerts: {
      [PPS]: {
        labels: { team: 'pps', extra: 'a "quoted" one' },
        annotations: {
          runbook_url: 'https://wiki.example/pps',
          value: 'on {{ $labels.device }}: {{ $value | humanize }}',
        },
      },
    },
  };
  const own = { team: 'pps', kept: 'yes', extra: 'a "quoted" one' };
  await expectAlerts(
    generate(given),
    everything(60),
    ...SEVERITIES.map((severity) => fires(PPS, severity, 60, [{ ...ENS5, ...own }])),
    fires('BWINAllowanceExceeded', 'warning', 60, [{ ...ENS5, team: 'network', kept: 'yes' }]),
  );
  const rules = generate(given).bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  for (const rule of rules) {
    if (isRecording(rule)) continue;
    const isOwn = rule.alert === PPS;
    expect(rule.annotations['runbook_url']).toBe(isOwn ? 'https://wiki.example/pps' : `docs/runbooks/${rule.alert}.md`);
    expect(rule.annotations['value']).toBe(isOwn ? 'on {{ $labels.device }}: {{ $value | humanize }}' : undefined);
  }
});

test('rules.keepFiringFor: false leaves keep_firing_for out of every rule', () => {
  const texts = (given: object) =>
    generate({ ...given, controlPlane: { alerts: true } }).artifacts.filter(({ kind }) => kind === 'rules');
  const holding = (given: object) => texts(given).filter(({ text }) => text.includes('keep_firing_for'));
  expect(holding({}).length).toBeGreaterThan(3);
  expect(holding({ rules: { keepFiringFor: false } })).toEqual([]);
});

test('the window is what thresholds count packets in', async () => {
  const [below, above] = [ENS5, { ...ENS5, device: 'ens6' }];
  await expectAlerts(
    generate({ rules: { window: '10m' } }),
    [pps(phases([60, 99 / 10]), below), pps(phases([60, 101 / 10]), above)],
    fires(PPS, 'warning', 60, [above]),
  );
});
