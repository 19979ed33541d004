import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import type { ExpressionTest, InputSeries } from '../support/rule-test.ts';
import { ENS5, expectAnswers, exposed, holds, type Labels, NODE } from './allowances-input.ts';

const generated = generate();

const AVAILABLE = 'metric:conntrack_allowance_available';
const HOUR = `${AVAILABLE}:max1h`;
const WEEK = `${AVAILABLE}:max7d`;
const RECORDS = [AVAILABLE, HOUR, WEEK];

const available = (labels: Labels, values: string) => exposed('conntrack_allowance_available', labels, values);

const expectRecords = (series: readonly InputSeries[], expected: readonly ExpressionTest[]): Promise<void> =>
  expectAnswers(generated.file(RULES.allowances), '1m', series, expected);

describe('metric:conntrack_allowance_available', () => {
  test('belongs to the instance: the least of its interfaces, without a device', async () => {
    await expectRecords(
      [
        available(ENS5, '5000x5'),
        available({ ...NODE, device: 'ens6' }, '4000x5'),
        available({ ...NODE, device: 'lo' }, '10x5'),
        available({ ...NODE, device: 'veth1' }, '20x5'),
        exposed('conntrack_allowance_exceeded', ENS5, '30x5'),
      ],
      RECORDS.map((record) => holds(record, '5m', [[NODE, 4000]])),
    );
  });

  test('keeps clusters and nameless nodes apart, and folds jobs', async () => {
    const other: Labels = { ...NODE, cluster: 'staging' };
    const nameless: Labels = { cluster: 'foreign', instance: '10.0.1.3:9417' };
    await expectRecords(
      [
        available({ ...ENS5, job: 'one' }, '5000x5'),
        available({ ...ENS5, job: 'two', pod: 'exporter-x' }, '5000x5'),
        available({ ...other, device: 'ens5' }, '300x5'),
        available({ ...nameless, device: 'eth0' }, '70x5'),
      ],
      RECORDS.map((record) =>
        holds(record, '5m', [
          [NODE, 5000],
          [other, 300],
          [nameless, 70],
        ]),
      ),
    );
  });

  test('bridges missing scrapes for five minutes, not for longer', async () => {
    await expectRecords(
      [available(ENS5, '5000 5000 _x20')],
      [holds(AVAILABLE, '5m', [[NODE, 5000]]), holds(AVAILABLE, '7m', [])],
    );
  });

  test('is zero when nothing is left, and missing where the driver does not tell', async () => {
    const old: Labels = { ...NODE, instance: 'ip-10-0-1-9', node: 'ip-10-0-1-9' };
    await expectRecords(
      [available(ENS5, '0x5'), exposed('conntrack_allowance_exceeded', { ...old, device: 'ens5' }, '1x5')],
      RECORDS.map((record) => holds(record, '5m', [[NODE, 0]])),
    );
  });

  test('says nothing where there is no data', async () => {
    await expectRecords(
      [exposed('pps_allowance_exceeded', ENS5, '1x5')],
      RECORDS.map((record) => holds(record, '5m', [])),
    );
  });
});

describe('maximum', () => {
  test('of an hour forgets after an hour, of a week does not', async () => {
    // High for ten minutes, low for an hour and a half: minutes 0 to 10 and 11 to 100.
    await expectRecords(
      [available(ENS5, '1000x10 100x89')],
      [
        holds(HOUR, '69m', [[NODE, 1000]]),
        holds(HOUR, '71m', [[NODE, 100]]),
        holds(WEEK, '69m', [[NODE, 1000]]),
        holds(WEEK, '71m', [[NODE, 1000]]),
        holds(WEEK, '100m', [[NODE, 1000]]),
      ],
    );
  });

  test('of a week is there from the first minute of a node, and follows a rise at once', async () => {
    // Between full hours, where the subquery has nothing of this node yet.
    await expectRecords(
      [available(ENS5, '_x70 500x9 700x9')],
      [holds(WEEK, '70m', [[NODE, 500]]), holds(WEEK, '79m', [[NODE, 500]]), holds(WEEK, '80m', [[NODE, 700]])],
    );
  });

  test('ends an hour after the node', async () => {
    // The last sample is found for five minutes more, that value for an hour.
    await expectRecords(
      [available(ENS5, '1000x10 _x80')],
      [
        holds(HOUR, '73m', [[NODE, 1000]]),
        holds(WEEK, '73m', [[NODE, 1000]]),
        holds(HOUR, '76m', []),
        holds(WEEK, '76m', []),
      ],
    );
  });
});

describe('of several interfaces', () => {
  const ens6: Labels = { ...NODE, device: 'ens6' };
  const other: Labels = { cluster: 'production', instance: 'ip-10-0-1-3', node: 'ip-10-0-1-3' };

  test('the one that changed last counts, hours later too, and however low the other stands', async () => {
    // After the last change, at 22m and 21m; the changes stay in the window for five minutes.
    const live = '9000x20 300 8000x400';
    const idle = '9000x20 300x401';
    for (const [first, second] of [
      [ENS5, ens6],
      [ens6, ENS5],
    ] as const) {
      await expectRecords(
        [available(first, live), available(second, idle)],
        [
          holds(AVAILABLE, '20m', [[NODE, 9000]]),
          holds(AVAILABLE, '21m', [[NODE, 300]]),
          holds(AVAILABLE, '28m', [[NODE, 8000]]),
          holds(AVAILABLE, '90m', [[NODE, 8000]]),
          holds(AVAILABLE, '400m', [[NODE, 8000]]),
        ],
      );
    }
  });

  test('the one that moves counts, be it the higher or the lower one', async () => {
    await expectRecords(
      [available(ENS5, '9000-1x60'), available(ens6, '5000x60')],
      [holds(AVAILABLE, '60m', [[NODE, 8940]])],
    );
    await expectRecords(
      [available(ENS5, '900-1x60'), available(ens6, '5000x60')],
      [holds(AVAILABLE, '60m', [[NODE, 840]])],
    );
  });

  test('the least counts where both move, and where none does', async () => {
    await expectRecords(
      [
        available(ENS5, '9000-1x60'),
        available(ens6, '5000-1x60'),
        available({ ...other, device: 'ens5' }, '700x60'),
        available({ ...other, device: 'ens6' }, '600x60'),
      ],
      [
        holds(AVAILABLE, '60m', [
          [NODE, 4940],
          [other, 600],
        ]),
      ],
    );
  });

  test('an idle one counts from its own change on', async () => {
    await expectRecords(
      [available(ENS5, '9000-1x30 8970x60'), available(ens6, '5000x59 4000-1x30')],
      [holds(AVAILABLE, '58m', [[NODE, 8970]]), holds(AVAILABLE, '80m', [[NODE, 3980]])],
    );
  });

  test('one that is detached counts no longer, and one that was just attached does when it moves', async () => {
    await expectRecords(
      [available(ENS5, '5000x90'), available(ens6, '_x10 9000-1x20 stale')],
      [
        holds(AVAILABLE, '9m', [[NODE, 5000]]),
        holds(AVAILABLE, '20m', [[NODE, 8990]]),
        holds(AVAILABLE, '40m', [[NODE, 5000]]),
      ],
    );
  });

  test('a failed scrape, a restart of the exporter and half an hour without rules change nothing', async () => {
    const gone = (length: number) => `_x${length}`;
    await expectRecords(
      [available(ENS5, `9000x9 8000x9 stale ${gone(30)} 8000x30`), available(ens6, `300x19 stale ${gone(30)} 300x30`)],
      [holds(AVAILABLE, '18m', [[NODE, 8000]]), holds(AVAILABLE, '45m', []), holds(AVAILABLE, '75m', [[NODE, 8000]])],
    );
  });
});
