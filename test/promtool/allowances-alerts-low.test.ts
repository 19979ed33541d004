import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { ExpressionTest, InputSeries } from '../support/rule-test.ts';
import {
  ENS5,
  expectAnswers,
  exposed,
  fires,
  INTERVAL,
  type Labels,
  NODE,
  pends,
  phases,
  scrapes,
  silent,
} from './allowances-input.ts';

const ALERT = 'ConntrackAllowanceLow';
const PENDING = 5;
const KEEP_FIRING = 15;
/** Connections that the instance can track at its best, and ten and a little less than ten percent of them. */
const [FULL, TENTH, LOW] = [100_000, 10_000, 9_999];
/** Minutes at its best before the story of a test begins; a change after them is seen one minute later. */
const BEST = 10;
const first = BEST + 1;

const rules = generate().file(RULES.allowances);
const expectAlerts = (series: readonly InputSeries[], ...expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(rules, INTERVAL, series, expected);

const available = (perMinute: readonly number[], labels: Labels = ENS5) =>
  exposed('conntrack_allowance_available', labels, scrapes(perMinute));
const firing = (minute: number, ...where: readonly Labels[]) => fires(ALERT, 'warning', minute, where);

describe('ConntrackAllowanceLow', () => {
  test('is silent with exactly a tenth left', async () => {
    await expectAlerts(
      [available(phases([BEST, FULL], [30, TENTH]))],
      ...silent(ALERT, 'warning', [first, first + PENDING, 40]),
    );
  });

  test('is silent while all is free, whatever the size of the instance', async () => {
    await expectAlerts([available(phases([30, 12]))], ...silent(ALERT, 'warning', [1, 10, 30]));
  });

  test('is a share, also of a single connection, and of the same node of that cluster', async () => {
    const staging = { ...ENS5, cluster: 'staging' };
    await expectAlerts(
      [available(phases([BEST, 1], [20, 0])), available(phases([30, 1]), staging)],
      firing(first + PENDING - 1),
      firing(first + PENDING, NODE),
    );
  });

  test('fires after five minutes below a tenth, not earlier, and names the node, not an interface', async () => {
    await expectAlerts(
      [available(phases([BEST, FULL], [20, LOW]))],
      ...silent(ALERT, 'warning', [first - 1]),
      pends(ALERT, 'warning', first, [NODE]),
      firing(first + PENDING - 1),
      firing(first + PENDING, NODE),
      firing(first + PENDING + 1, NODE),
    );
  });

  test('lets a shorter dip pass', async () => {
    await expectAlerts(
      [available(phases([BEST, FULL], [PENDING, 0], [20, FULL]))],
      pends(ALERT, 'warning', first + PENDING - 1, [NODE]),
      ...silent(ALERT, 'warning', [first + PENDING, first + PENDING + 1, 30]),
    );
  });

  test('starts to wait anew after a recovery', async () => {
    const second = first + 4 + 1;
    await expectAlerts(
      [available(phases([BEST, FULL], [4, LOW], [1, FULL], [20, LOW]))],
      firing(second + PENDING - 1),
      firing(second + PENDING, NODE),
    );
  });

  test('keeps waiting through missing scrapes', async () => {
    const low = scrapes(phases([BEST, FULL], [2, LOW]));
    await expectAlerts(
      [exposed('conntrack_allowance_available', ENS5, `${low} _x5 ${LOW}x10`)],
      firing(first + PENDING - 1),
      firing(first + PENDING, NODE),
    );
  });

  test('keeps firing for 15 minutes after the recovery', async () => {
    const recovered = first + 10;
    await expectAlerts(
      [available(phases([BEST, FULL], [10, LOW], [30, FULL]))],
      firing(recovered - 1, NODE),
      firing(recovered + KEEP_FIRING - 1, NODE),
      firing(recovered + KEEP_FIRING),
      firing(recovered + KEEP_FIRING + 1),
    );
  });

  test('remembers for more than an hour what was available at best', async () => {
    await expectAlerts([available(phases([BEST, FULL], [140, LOW]))], firing(first + PENDING, NODE), firing(145, NODE));
  });

  test('counts the interface with the least', async () => {
    const ens6: Labels = { ...NODE, device: 'ens6' };
    await expectAlerts(
      [available(phases([30, FULL])), available(phases([BEST, FULL], [20, LOW]), ens6)],
      firing(first + PENDING, NODE),
    );
  });

  test('fires for each cluster alone, for a node without a name, and once for two jobs', async () => {
    const staging: Labels = { ...NODE, cluster: 'staging' };
    const nameless: Labels = { cluster: 'production', instance: '10.0.1.3:9417' };
    const twice: Labels = { cluster: 'foreign', instance: 'ip-10-0-1-4', node: 'ip-10-0-1-4' };
    const low = phases([BEST, FULL], [20, LOW]);
    await expectAlerts(
      [
        available(phases([BEST + 20, FULL]), { ...NODE, device: 'ens5' }),
        available(low, { ...staging, device: 'ens5' }),
        available(low, { ...nameless, device: 'eth0' }),
        available(low, { ...twice, device: 'ens5', job: 'one' }),
        available(low, { ...twice, device: 'ens5', job: 'two' }),
      ],
      firing(first + PENDING, staging, nameless, twice),
    );
  });

  test('cannot judge a node that never had anything available, or that does not tell', async () => {
    await expectAlerts(
      [
        available(phases([30, 0])),
        exposed('pps_allowance_exceeded', { ...ENS5, cluster: 'old' }, scrapes(phases([30, 1]))),
      ],
      ...silent(ALERT, 'warning', [1, 10, 30]),
    );
  });
});
