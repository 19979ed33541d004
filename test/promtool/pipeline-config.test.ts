import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { fires, type Labels, silent } from './allowances-input.ts';
import { CASES, NAMES, severityOf } from './pipeline-cases.ts';
import { ALL, alertsIn, during, expectAlerts, holding, type Level, skippedAlerts } from './pipeline-input.ts';

const PLACE: Labels = { cluster: 'production' };
const QUIET = 20;
const FIRST = QUIET + 1;

describe.each(CASES)('$alert', ({ alert, keep, memory, well: [calm], ill: [fault], series, labels, changed }) => {
  const broken = (level: Level, minutes: number) => series(PLACE, during([QUIET, calm], [minutes, level]));

  test('is removed by false, it alone, and listed as left out', async () => {
    const given = { ...ALL, alerts: { [alert]: false } };
    expect(alertsIn(generate(given))).toEqual(NAMES.filter((name) => name !== alert));
    expect(skippedAlerts(given)).toEqual({ [alert]: 'switched off in the configuration' });
    await expectAlerts(generate(given), broken(fault, 40), ...silent(alert, severityOf(alert), [FIRST, QUIET + 39]));
  });

  test('waits and goes on for as long as the configuration says, with its severity and the labels of all alerts', async () => {
    const team = { team: 'network', receiver: 'a "quoted" one' };
    const generated = generate({
      ...ALL,
      alerts: { [alert]: { for: '3m', keepFiringFor: '7m', severity: 'critical' } },
      rules: { labels: team },
    });
    const last = QUIET + 9 + memory;
    const firing = (minute: number, ...where: readonly Labels[]) => fires(alert, 'critical', minute, where);
    const there = { ...labels(PLACE), ...team };
    await expectAlerts(
      generated,
      series(PLACE, during([QUIET, calm], [10, fault], [20 + memory + keep, calm])),
      firing(FIRST + 2),
      firing(FIRST + 3, there),
      firing(last + 7, there),
      firing(last + 8),
      ...silent(alert, severityOf(alert), [FIRST + 3]),
    );
  });

  if (changed === undefined) return;
  test(`has the threshold ${changed.threshold} where the configuration says so`, async () => {
    const generated = generate({ ...ALL, alerts: { [alert]: { threshold: changed.threshold, for: '10m' } } });
    await expectAlerts(generated, broken(fault, 30), ...silent(alert, severityOf(alert), [FIRST, QUIET + 29]));
    await expectAlerts(
      generated,
      broken(changed.ill, 30),
      fires(alert, severityOf(alert), QUIET + 29, [labels(PLACE)]),
    );
  });
});

test.each([0, 1e-320, 0.5, 1])('TrafficCountedTwice: a factor of %d is one of 1', async (threshold) => {
  // A factor below 1 would make every ratio too high and too low at once, and 0 has no inverse.
  const ratios = { even: 1, above: 1.01, below: 0.99 };
  const input = Object.entries(ratios).flatMap(([cluster, level]) =>
    CASES.filter(({ alert }) => alert === 'TrafficCountedTwice').flatMap(({ series }) =>
      series({ cluster }, during([40, level])),
    ),
  );
  const where = ['above', 'below'].map((cluster) => ({ cluster, unit: 'network_flows' }));
  const generated = generate({ alerts: { TrafficCountedTwice: { threshold } } });
  await expectAlerts(generated, input, fires('TrafficCountedTwice', 'warning', 35, where));
});

test('FlowSourceSilent: the threshold is a number of nodes', async () => {
  const [cases] = [CASES.filter(({ alert }) => alert === 'FlowSourceSilent')];
  const input = cases.flatMap(({ series, ill: [fault] }) => series(PLACE, during([30, fault])));
  const firing = (where: readonly Labels[]) => fires('FlowSourceSilent', 'warning', 25, where);
  const least = (threshold: number) => generate({ alerts: { FlowSourceSilent: { threshold } } });
  await expectAlerts(least(1), input, firing([{ ...PLACE, unit: 'network_flows' }]));
  await expectAlerts(least(2), input, firing([]));
});

test('IdentitySourceSilent: the threshold is a number of endpoints that send', async () => {
  const input = CASES.filter(({ alert }) => alert === 'IdentitySourceSilent').flatMap(({ series, ill: [fault] }) =>
    series(PLACE, during([30, fault])),
  );
  const firing = (where: readonly Labels[]) => fires('IdentitySourceSilent', 'warning', 25, where);
  const least = (threshold: number) => generate({ alerts: { IdentitySourceSilent: { threshold } } });
  await expectAlerts(least(1), input, firing([{ ...PLACE, unit: 'network_flows', cause: 'no_kube_state_metrics' }]));
  await expectAlerts(least(2), input, firing([]));
});

test('FlowEventsLost: the threshold is on the whole loss of an agent, whatever its parts', async () => {
  const share = (labels: Labels, level: number) =>
    holding('cluster_instance:flow_events_lost:ratio_rate5m', { ...PLACE, ...labels }, during([40, level]));
  const [queue, kernel] = [{ type: 'buffered_channel' }, { type: 'kernel' }];
  const [both, one, other] = ['both', 'one', 'other'].map((instance) => ({ instance, source: 'retina-hubble' }));
  const input = [
    ...[kernel, queue].map((type) => share({ ...both, ...type }, 0.006)),
    share({ ...both, type: 'enricher_ring' }, 0),
    share({ ...one, ...kernel }, 0.006),
    share({ ...other, ...queue }, 0.006),
    // The agent of another source on the same node.
    share({ ...one, source: 'obi', type: 'flow_map' }, 0.006),
  ];
  const lossy = [kernel, queue].map((type) => ({ ...PLACE, ...both, ...type }));
  await expectAlerts(generate(), input, fires('FlowEventsLost', 'warning', 35, lossy));
});
