import { describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { generate, RULES } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { avoidableTests, expected, expectRecords, moneyTests } from './cost-truth.ts';
import { rounded } from './sources/expectations.ts';

jest.setTimeout(60_000);

/** Prices of a byte by configuration. */
const PRICES = [
  ['aws', { provider: 'aws' }, { egress: 0.01 / 1e9, ingress: 0.01 / 1e9 }],
  ['gcp', { provider: 'gcp' }, { egress: 0.01 / 1e9, ingress: 0 }],
  ['own', { price: { egressPerGB: 0.03, ingressPerGB: 0.005 } }, { egress: 0.03 / 1e9, ingress: 0.005 / 1e9 }],
  ['GiB', { provider: 'aws', bytesPerGB: 1_073_741_824 }, { egress: 0.01 / 2 ** 30, ingress: 0.01 / 2 ** 30 }],
] as const;

describe.each(['retina-standard', 'obi'] as const)('%s', (id) => {
  test.each(PRICES)('cost and avoidable cost: %s', async (_name, cloud, perByte) => {
    const both = perByte.egress + perByte.ingress;
    await expectRecords(id, { cloud }, [...moneyTests(id, perByte), ...avoidableTests(id, both)]);
  });

  test('where traffic is free there is no cost, yet what is avoidable', async () => {
    const none = ['workload_pair', 'zone_pair', 'cluster'].map((level) => expected(`${level}:network_cost:rate5m`, []));
    await expectRecords(id, { cloud: { provider: 'azure' } }, [...none, ...avoidableTests(id, 0)]);
  });
});

test('kubezonnet: cost, but not by pair of workloads that nobody knows to be avoidable', async () => {
  const [, cloud, perByte] = PRICES[0];
  const none = ['network_bytes_avoidable', 'network_cost_avoidable', 'network_bytes_cross_zone_at_random'];
  await expectRecords('kubezonnet', { cloud }, [
    ...moneyTests('kubezonnet', perByte),
    ...none.map((name) => expected(`workload_pair:${name}:rate5m`, [])),
  ]);
});

test('the projection is a month of 730 hours like the last day', async () => {
  const document = load(generate({ flows: { source: 'obi' } }).file(RULES.zoneTraffic));
  if (typeof document !== 'object' || document === null || !('groups' in document) || !Array.isArray(document.groups)) {
    throw new TypeError('no groups');
  }
  const groups = document.groups.filter(({ name }: { name: string }) => name === 'azimuth-network-cost');
  expect(groups).toHaveLength(1);
  const labels = { cluster: 'one', source_zone: 'a', destination_zone: 'b', locality: 'cross_zone' };
  // GB/s, from minute to minute of 25 hours. The first hour is forgotten. Engines disagree whether a day holds the sample on its left edge,
  // minute 60, so the five minutes from there on have the mean of the others.
  const [forgotten, quiet, busy] = [7, 1, 4];
  const [quietMinutes, busyMinutes] = [22 * 60, 116];
  const mean = (quietMinutes * quiet + busyMinutes * busy) / (quietMinutes + busyMinutes);
  const phases: readonly (readonly [rate: number, count: number])[] = [
    [forgotten, 12],
    [mean, 1],
    [quiet, quietMinutes / 5],
    [busy, Math.ceil(busyMinutes / 5)],
  ];
  await testRules(
    [dump({ groups })],
    [
      {
        name: 'month',
        interval: '5m',
        input_series: [
          {
            series: seriesText('zone_pair:network_bytes:rate5m', labels),
            values: phases.map(([rate, count]) => `${rate * 1e9}+0x${count - 1}`).join(' '),
          },
        ],
        promql_expr_test: [
          {
            expr: 'round(cluster:network_cost_monthly:avg1d, 0.001)',
            eval_time: '25h',
            exp_samples: [{ labels: '{cluster="one"}', value: rounded(mean * (0.01 + 0.01) * 730 * 3600, 3) }],
          },
        ],
      },
    ],
  );
});
