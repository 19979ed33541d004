import { describe, expect, jest, test } from '@jest/globals';
import { exposed } from '../../support/exposed.ts';
import { generate, RULES } from '../../support/generate.ts';
import { RECORDED, RECORDED_CLUSTER, type Row } from '../../support/recorded-outside.ts';
import { seriesText, testRules } from '../../support/rule-test.ts';
import { TIMEOUT_MS } from './cases.ts';
import { STEADY, STEP } from './harness.ts';

jest.setTimeout(TIMEOUT_MS);

const UNITS = ['bytes', 'packets'] as const;
type Unit = (typeof UNITS)[number];

/** A series with its labels in the order of their names. */
const inOrder = (metric: string, labels: Readonly<Record<string, string>>): string =>
  seriesText(metric, Object.fromEntries(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1))));

/** The recorded rows of that unit as counters that grow by so much in each window. */
const recorded = (unit: Unit, change = (row: Row): number => row[unit]) =>
  RECORDED.map((row) => ({
    series: seriesText(`obi_network_flow_${unit}_total`, { cluster: 'lab', job: 'obi', ...row.labels }),
    values: `1000000+${(change(row) * STEP) / STEADY}x${STEADY / STEP}`,
  }));

/** Expects what a window had between workloads, as `source > destination`. */
async function expectRecorded(
  given: object,
  unit: Unit,
  expected: Readonly<Record<string, number>>,
  change?: (row: Row) => number,
): Promise<void> {
  const rules = generate({ flows: { source: 'obi', ...given } }).file(RULES.zoneTraffic);
  const pair = 'sum by (source_workload, destination_workload, locality)';
  await testRules(
    [rules],
    [
      {
        name: `recorded ${unit}`,
        interval: `${STEP}s`,
        input_series: recorded(unit, change),
        promql_expr_test: [
          {
            expr: `round(${STEADY} * ${pair} (workload_pair:network_${unit}:rate5m), 0.001)`,
            eval_time: `${STEADY}s`,
            exp_samples: Object.entries(expected).map(([ends, value]) => {
              const [source = '', destination = ''] = ends.split(' > ');
              const locality = ends.includes('unknown') ? 'unknown' : 'cross_zone';
              return {
                labels: seriesText('', { source_workload: source, destination_workload: destination, locality }),
                value,
              };
            }),
          },
        ],
      },
    ],
    `${STEADY}s`,
  );
}

/** What the pods said, and n1 to a pod of n2: the same whatever the setting. */
const PODS_RECORDED = {
  bytes: {
    'web > unknown': 111_162,
    'unknown > web': 402_516,
    'api > unknown': 95_750,
    'unknown > api': 63_044,
    'db > nodes': 53_836,
    'nodes > db': 32_252,
  },
  packets: {
    'web > unknown': 169,
    'unknown > web': 38,
    'api > unknown': 87,
    'unknown > api': 46,
    'db > nodes': 58,
    'nodes > db': 34,
  },
} as const;

describe('the recorded round', () => {
  // n1: 112199 - 111162 and 403008 - 402516. The pods of n2 were not masqueraded and had more than n2, whose rows count as they are.
  test.concurrent.each([
    ['auto', 'bytes', 1037 + 1515, 492 + 633],
    ['auto', 'packets', 8 + 10, 4 + 5],
    [true, 'bytes', 1037, 492],
    [true, 'packets', 8, 4],
    [false, 'bytes', 112_199 + 1515, 403_008 + 633],
    [false, 'packets', 177 + 10, 42 + 5],
  ] as const)('masquerade: %s, %s', async (masquerade, unit, sent, received) =>
    expectRecorded({ masquerade }, unit, {
      ...PODS_RECORDED[unit],
      'nodes > unknown': sent,
      'unknown > nodes': received,
    }),
  );

  // 4 % is what offloads take off the bytes of one of two interfaces.
  test.concurrent.each([
    ['4 % less than its pods: it masquerades', 0.96, 0],
    ['10 % less: it does not', 0.9, 0.9 * 111_162],
  ])('n1 has %s', async (_name, share, left) =>
    expectRecorded(
      {},
      'bytes',
      {
        ...PODS_RECORDED.bytes,
        'nodes > unknown': Math.round(1000 * (left + 1515)) / 1000,
        'unknown > nodes': 492 + 633,
      },
      ({ from, to, bytes }) => (from === 'n1' && to === '' ? share * 111_162 : bytes),
    ),
  );

  test('is what the simulator makes of its traffic, line by line', () => {
    const rows = exposed('obi', RECORDED_CLUSTER).map((page) =>
      page.flatMap(({ metric, labels, perSecond }) => {
        const { direction: _direction, k8s_cluster_name: _cluster, ...rest } = labels;
        return [`${inOrder(metric, rest)} ${Math.round(perSecond * 1000) / 1000}`];
      }),
    );
    const wanted = RECORDED.flatMap((row) =>
      UNITS.map((unit) => `${inOrder(`obi_network_flow_${unit}_total`, row.labels)} ${row[unit]}`),
    );
    const simulated = rows.flat().filter((line) => line.startsWith('obi_network_flow_'));
    expect(simulated.toSorted()).toEqual(wanted.toSorted());
  });
});
