import { describe, expect, jest, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';
import { holds, INTERVAL, type Labels } from './allowances-input.ts';
import {
  atRandom,
  avoidable,
  byLocality,
  costs,
  crossingPairs,
  crossingZones,
  type Samples,
  unattributed,
  zonePairs,
} from './matrix-records.ts';
import { AT_MINUTE, FLOWS, PLACES, SHARES, unclassified } from './matrix-world.ts';

jest.setTimeout(60_000);

const AT = `${AT_MINUTE}m`;
const REASONS = ['outside', 'unplaced', 'service_ip', 'gone', 'no_zone_label', 'invalid_zone', 'no_peer'];

const exactly = (record: string, samples: Samples, at = AT) =>
  holds(
    record,
    at,
    samples.map(([labels, value]) => [labels, Math.round(value * 1e6) / 1e6]),
  );

const expectRecords = (
  given: object,
  series: readonly InputSeries[],
  records: Readonly<Record<string, Samples>>,
): Promise<void> =>
  testRules(
    [generate(given).file(RULES.zoneTraffic)],
    [
      {
        name: 'records',
        interval: INTERVAL,
        input_series: series,
        promql_expr_test: Object.entries(records).map(([record, samples]) => exactly(record, samples)),
      },
    ],
    '4m',
  );

describe('from traffic between workloads to zones, clusters and money', () => {
  test.each([
    ['retina-hubble', 'network_flows'],
    ['obi', 'network_packets'],
    ['netobserv', 'network_bytes'],
  ])('%s: the matrix of zones, what crosses it, and what has no place in it', async (source, unit) => {
    await expectRecords({ flows: { source } }, unclassified(`workload_pair:${unit}_unclassified:rate5m`, FLOWS), {
      [`zone_pair:${unit}:rate5m`]: zonePairs(FLOWS),
      [`cluster:${unit}:rate5m`]: byLocality(FLOWS),
      [`cluster:${unit}_unattributed:ratio_rate5m`]: unattributed(FLOWS, REASONS),
    });
  });

  test('kubezonnet: what a known pod sends crosses zones, whoever receives it', async () => {
    const given = { flows: { source: 'kubezonnet' }, zones: { valid: '.*[^0-9].*' } };
    await expectRecords(given, unclassified('workload_pair:network_bytes_unclassified:rate5m', FLOWS), {
      'zone_pair:network_bytes:rate5m': zonePairs(FLOWS, 'cross_zone'),
      'cluster:network_bytes:rate5m': byLocality(FLOWS, 'cross_zone'),
    });
  });

  test('what crosses zones costs money; what could have stayed, and what a random choice would do', async () => {
    const [egress, ingress] = [0.01, 0.01];
    const input = [...unclassified('workload_pair:network_bytes_unclassified:rate5m', FLOWS), ...PLACES];
    const could = avoidable(FLOWS);
    expect(could.length).toBeGreaterThan(10);
    await expectRecords({ flows: { source: 'obi', units: ['bytes'] } }, input, {
      // In a billionth: the price is that of a billion bytes.
      '1e9 * zone_pair:network_cost:rate5m': crossingZones(FLOWS, egress + ingress),
      '1e9 * workload_pair:network_cost:rate5m': crossingPairs(FLOWS, egress + ingress),
      '1e9 * cluster:network_cost:rate5m': costs(FLOWS, egress, ingress),
      'workload:zone_pods:ratio': SHARES,
      'workload_pair:network_bytes_cross_zone_at_random:rate5m': atRandom(FLOWS),
      'workload_pair:network_bytes_avoidable:rate5m': crossingPairs(could),
      '1e9 * workload_pair:network_cost_avoidable:rate5m': crossingPairs(could, egress + ingress),
    });
  });

  test('a month costs what the last day did, where there is a cost now', async () => {
    const traffic = (cluster: string, zone: string, values: string): InputSeries => ({
      series: seriesText('zone_pair:network_bytes:rate5m', {
        cluster,
        source_zone: 'a',
        destination_zone: zone,
        locality: 'cross_zone',
      }),
      values,
    });
    const perMonth = 730 * 3600 * 2 * 0.01;
    await testRules(
      [generate({ flows: { source: 'obi', units: ['bytes'] } }).file(RULES.zoneTraffic)],
      [
        {
          name: 'month',
          interval: '10m',
          // Both have a cost for half of the time; that of one goes on.
          input_series: [
            traffic('one', 'b', '1e9x6'),
            traffic('one', 'c', '_x3 2e9x3'),
            traffic('two', 'b', '1e9x3 stale'),
          ],
          promql_expr_test: [
            exactly(
              'cluster:network_cost_monthly:avg1d',
              [[{ cluster: 'one' }, ((3 * 1 + 4 * 3) / 7) * perMonth]],
              '60m',
            ),
          ],
        },
      ],
      '10m',
    );
  });
});

describe('what was read and is in no pair of zones', () => {
  const pairs = (unit: string) =>
    unclassified(
      `workload_pair:${unit}_unclassified:rate5m`,
      FLOWS.filter(({ cluster }) => ['calm', 'dark', 'slow'].includes(cluster)),
    );
  /** The pairs have 7 MB/s in `calm`, 3 MB/s in `dark`, and half a byte in `slow`. */
  const ends = (unit: string): readonly InputSeries[] =>
    (
      [
        [{ cluster: 'calm', native_zone: 'a', namespace: 'x', pod: 'p', ip: '10.0.0.1' }, 5e6],
        [{ cluster: 'calm', native_zone: 'a', namespace: 'x', pod: 'q', ip: '10.0.0.2' }, 4e6],
        [{ cluster: 'calm', namespace: 'y', pod: 'q', ip: '10.0.0.2' }, 1e6],
        [{ cluster: 'lost', native_zone: 'a', namespace: 'x', pod: 'p', ip: '10.0.0.1' }, 2e6],
        [{ cluster: 'lost', native_zone: 'b', namespace: 'x', pod: 'p', ip: '10.0.0.2' }, 1e6],
        [{ cluster: 'dark', native_zone: 'unknown' }, 8e6],
        [{ cluster: 'black' }, 6e6],
        [{ cluster: 'slow', native_zone: 'a', namespace: 'x', pod: 'p' }, 2],
      ] satisfies (readonly [Labels, number])[]
    ).map(([labels, rate]) => ({
      series: seriesText(`source_endpoint:${unit}:rate5m`, labels),
      values: `${rate}x${AT_MINUTE * 2}`,
    }));

  /** The pod that makes traffic of these clusters known, where the source does not name zones. */
  const described = ['calm', 'lost', 'slow'].map((cluster): InputSeries => ({
    series: seriesText('cluster_namespace_pod:identity:info', { cluster, namespace: 'x', pod: 'p' }),
    values: `1x${AT_MINUTE * 2}`,
  }));

  test.each([
    ['obi', ['network_bytes', 'network_packets']],
    ['retina-hubble', ['network_flows']],
  ])('%s: counts where traffic can be placed, and nowhere else', async (source, units) => {
    const input = units.flatMap((unit) => [...pairs(unit), ...ends(unit)]);
    const expected: Samples = [
      [{ cluster: 'calm' }, 3e6],
      [{ cluster: 'lost' }, 3e6],
      [{ cluster: 'slow' }, 1.5],
    ];
    await expectRecords(
      { flows: { source } },
      [...input, ...described],
      Object.fromEntries(units.map((unit) => [`cluster:${unit}_lost:rate5m`, expected])),
    );
  });

  test('counts everywhere for a source that counts traffic across zones only', async () => {
    const unit = 'network_bytes';
    await expectRecords({ flows: { source: 'kubezonnet' } }, [...pairs(unit), ...ends(unit)], {
      [`cluster:${unit}_lost:rate5m`]: [
        [{ cluster: 'calm' }, 3e6],
        [{ cluster: 'lost' }, 3e6],
        [{ cluster: 'slow' }, 1.5],
        [{ cluster: 'dark' }, 5e6],
        [{ cluster: 'black' }, 6e6],
      ],
    });
  });
});
