import { describe, expect, test } from '@jest/globals';
import { EXPORTERS as KNOWN } from '../../generators/index.ts';
import { generate, RULES } from '../support/generate.ts';
import type { ExpressionTest, InputSeries } from '../support/rule-test.ts';
import {
  ALLOWANCES,
  ENS5,
  expectAnswers,
  exposed as exposedByShowmax,
  exposedByCloudWatchAgent,
  exposedByFlowMonitor,
  exposedByNodeExporter,
  holds,
  type Labels,
  NODE,
} from './allowances-input.ts';

/** Ten minutes of scrapes every 30 seconds; the window of the records are the last five. */
const LENGTH = 20;
/** A counter of so many packets per second. */
const steady = (perSecond: number, start = 0) => `${start}+${perSecond * 30}x${LENGTH}`;
const at = (device: string): Labels => ({ ...NODE, device });
const PPS = 'metric:pps_allowance_exceeded';

const EXPORTERS = [
  { exporter: 'showmax', counts: 'counter', exposed: exposedByShowmax, interval: '30s' },
  { exporter: 'node-exporter', counts: 'counter', exposed: exposedByNodeExporter, interval: '30s' },
  { exporter: 'cloudwatch-agent', counts: 'counter', exposed: exposedByCloudWatchAgent, interval: '30s' },
  { exporter: 'network-flow-monitor', counts: 'delta', exposed: exposedByFlowMonitor, interval: '15s' },
] as const;

/** The records of an exporter, and its series of one allowance. */
function of({ exporter, exposed, interval }: (typeof EXPORTERS)[number]) {
  const rules = generate({ ethtool: { exporter } }).file(RULES.allowances);
  return {
    expectRecords: (series: readonly InputSeries[], expected: readonly ExpressionTest[]): Promise<void> =>
      expectAnswers(rules, interval, series, expected),
    pps: (labels: Labels, values: string) => exposed('pps_allowance_exceeded', labels, values),
  };
}

test('every exporter is tried', () => {
  expect(EXPORTERS.map(({ exporter }) => exporter).toSorted()).toEqual(KNOWN.toSorted());
});

describe.each(EXPORTERS)('metric:*_allowance_exceeded of $exporter', (one) => {
  const { exposed } = one;
  const { expectRecords, pps } = of(one);

  const rates = ALLOWANCES.map((allowance, index) => ({ allowance, rate: 0.5 * (index + 1) }));

  test.each(rates)('is the rate of $allowance and of nothing else', async ({ allowance, rate }) => {
    await expectRecords(
      [
        ...rates.map((each) => exposed(`${each.allowance}_allowance_exceeded`, ENS5, steady(each.rate))),
        exposed('received_packets_total', ENS5, steady(1000)),
      ],
      [holds(`metric:${allowance}_allowance_exceeded`, '10m', [[ENS5, rate]])],
    );
  });

  test('keeps clusters apart that use the same names', async () => {
    const [east, west] = [
      { ...ENS5, cluster: 'east' },
      { ...ENS5, cluster: 'west' },
    ];
    await expectRecords(
      [pps(east, steady(1)), pps(west, steady(3))],
      [
        holds(PPS, '10m', [
          [east, 1],
          [west, 3],
        ]),
      ],
    );
  });

  test('bridges missing scrapes', async () => {
    await expectRecords([pps(ENS5, `0+30x12 _x3 480+30x4`)], [holds(PPS, '10m', [[ENS5, 1]])]);
  });

  test('ends when nothing was scraped for a window', async () => {
    await expectRecords([pps(ENS5, `0+30x12 _x12`)], [holds(PPS, '6m', [[ENS5, 1]]), holds(PPS, '12m', [])]);
  });

  test('does without the node', async () => {
    const nowhere: Labels = { ...ENS5, instance: '10.0.1.3:9417', node: '' };
    await expectRecords(
      [pps(ENS5, steady(1)), pps(nowhere, steady(2))],
      [
        holds(PPS, '10m', [
          [ENS5, 1],
          [nowhere, 2],
        ]),
      ],
    );
  });

  test('is zero while the counter stands, whatever it counted before', async () => {
    await expectRecords([pps(ENS5, steady(0, 123_456))], [holds(PPS, '10m', [[ENS5, 0]])]);
  });
});

// What a delta does instead stands in allowances-network-flow-monitor.test.ts.
describe.each(EXPORTERS.filter(({ counts }) => counts === 'counter'))('counters of $exporter', (one) => {
  const { exposed } = one;
  const { expectRecords, pps } = of(one);

  test('keeps interfaces apart, and leaves out what is no interface of the instance', async () => {
    const interfaces = ['ens5', 'ens6', 'eth0', 'enp39s0'].map((device, index) => ({ device, rate: 1 + index }));
    const others = ['lo', 'veth1', 'eni0a1b2c3d4e5', 'docker0', 'veth-eth0'].map((device) => ({ device, rate: 100 }));
    await expectRecords(
      [...interfaces, ...others].map(({ device, rate }) => pps(at(device), steady(rate))),
      [
        holds(
          PPS,
          '10m',
          interfaces.map(({ device, rate }) => [at(device), rate]),
        ),
      ],
    );
  });

  test('counts what came after a reset, and no more', async () => {
    // The driver restarts its counter; 30 packets are lost before the next scrape, as in every half minute before.
    await expectRecords([pps(ENS5, `9000+30x13 30+30x7`)], [holds(PPS, '10m', [[ENS5, 1]])]);
  });

  test('folds a target that two jobs scrape', async () => {
    await expectRecords(
      [pps({ ...ENS5, job: 'one' }, steady(2)), pps({ ...ENS5, job: 'two', pod: 'exporter-x' }, steady(2, 7))],
      [holds(PPS, '10m', [[ENS5, 2]])],
    );
  });

  test('counts a young target by what it lost, not by what it would lose in a whole window', async () => {
    // Two minutes old: 60 packets of a window of 300 seconds.
    await expectRecords([pps(ENS5, steady(0.5))], [holds(PPS, '2m', [[ENS5, 0.2]]), holds(PPS, '0m', [])]);
  });

  test.each(ALLOWANCES)('says nothing about %s where there is no data', async (allowance) => {
    const others = ALLOWANCES.filter((other) => other !== allowance);
    await expectRecords(
      [
        ...others.map((other) => exposed(`${other}_allowance_exceeded`, ENS5, steady(1))),
        exposed('conntrack_allowance_available', ENS5, steady(1)),
        // A single scrape makes no rate.
        exposed(`${allowance}_allowance_exceeded`, ENS5, `_x${LENGTH} 5`),
      ],
      [holds(`metric:${allowance}_allowance_exceeded`, '10m', [])],
    );
  });
});
