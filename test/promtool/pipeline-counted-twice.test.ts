import { describe, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { fires, silent } from './allowances-input.ts';
import { during, expectAlerts, holding } from './pipeline-input.ts';
import { CLUSTER, MINUTES } from './rulers.ts';

describe('TrafficCountedTwice where samples are dated down', () => {
  const RATIO = 'cluster:network_flows_initiator_over_receiver:ratio_rate5m';
  const where = { cluster: CLUSTER, unit: 'network_flows' };
  /** Minutes at which a query finds a new sample; it is `age` minutes old by then, as vmalert dates it. */
  const every = (minutes: number, value: number): InputSeries => ({
    series: `${RATIO}{cluster="${CLUSTER}"}`,
    values: `${value} ${`_x${minutes * 2 - 1} ${value} `.repeat(Math.ceil(MINUTES / minutes))}`.trim(),
  });

  // Up to two intervals of the check lie between a query and the newest sample: twice 4 minutes, or twice 5.
  test.each([1, 4, 8, 9.5])('it fires with %d minutes between samples', async (minutes) => {
    await expectAlerts(
      generate(),
      [every(minutes, 2)],
      ...silent('TrafficCountedTwice', 'critical', [20]),
      fires('TrafficCountedTwice', 'warning', 29, []),
      ...Array.from({ length: 20 }, (_, index) => fires('TrafficCountedTwice', 'warning', 35 + index, [where])),
    );
  });

  test('it ends ten minutes after the last sample, and its time to go on', async () => {
    await expectAlerts(
      generate(),
      [holding(RATIO, { cluster: CLUSTER }, during([45, 2]))],
      fires('TrafficCountedTwice', 'warning', 45 + 10 + 14, [where]),
      fires('TrafficCountedTwice', 'warning', 45 + 10 + 16, []),
    );
  });
});
