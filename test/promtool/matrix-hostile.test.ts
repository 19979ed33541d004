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
/** Of one byte in one direction: more than in reality, so that little traffic is not lost in rounding. */
const PRICE = { egress: 0.0003, ingress: 0.0005 };
const REASONS = ['external', 'unplaced', 'service_ip', 'gone', 'no_zone_label', 'invalid_zone', 'no_peer'];

const exactly = (record: string, samples: Samples) =>
  holds(
    record,
    AT,
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

  test('what crosses zones costs money; what could have stayed, and what a random choice would cost', async () => {
    const { egress, ingress } = PRICE;
    const given = {
      flows: { source: 'obi', units: ['bytes'] },
      cloud: { price: { egressPerGB: egress * 1e9, ingressPerGB: ingress * 1e9 } },
    };
    const input = [...unclassified('workload_pair:network_bytes_unclassified:rate5m', FLOWS), ...PLACES];
    const could = avoidable(FLOWS);
    expect(could.length).toBeGreaterThan(10);
    await expectRecords(given, input, {
      'zone_pair:network_cost:rate5m': crossingZones(FLOWS, egress + ingress),
      'workload_pair:network_cost:rate5m': crossingPairs(FLOWS, egress + ingress),
      'cluster:network_cost:rate5m': costs(FLOWS, egress, ingress),
      'workload:zone_pods:ratio': SHARES,
      'workload_pair:network_bytes_cross_zone_at_random:rate5m': atRandom(FLOWS),
      'workload_pair:network_bytes_avoidable:rate5m': crossingPairs(could),
      'workload_pair:network_cost_avoidable:rate5m': crossingPairs(could, egress + ingress),
    });
  });
});

describe('what was read and is in no pair of zones', () => {
  const end = (cluster: string, zone: string, rate: number, labels: Labels = {}): InputSeries => ({
    series: seriesText('source_endpoint:network_bytes:rate5m', { cluster, native_zone: zone, ...labels }),
    values: `${rate}x${AT_MINUTE * 2}`,
  });
  const pairs = unclassified(
    'workload_pair:network_bytes_unclassified:rate5m',
    FLOWS.filter(({ cluster }) => ['calm', 'dark'].includes(cluster)),
  );
  /** 7 MB/s in pairs of `calm`, and 3 in those of `dark`. */
  const ends = [
    end('calm', 'a', 5e6, { pod: 'p', namespace: 'x', ip: '10.0.0.1' }),
    end('calm', 'a', 4e6, { pod: 'q', namespace: 'x', ip: '10.0.0.2' }),
    end('calm', '', 1e6, { pod: 'q', namespace: 'y', ip: '10.0.0.2' }),
    end('lost', 'a', 2e6, { pod: 'p' }),
    end('lost', 'b', 1e6, { pod: 'p' }),
    end('dark', 'unknown', 8e6),
    end('black', '', 6e6),
  ];

  test('counts where traffic can be placed, and nowhere else', async () => {
    await expectRecords({ flows: { source: 'obi' } }, [...pairs, ...ends], {
      'cluster:network_bytes_lost:rate5m': [
        [{ cluster: 'calm' }, 3e6],
        [{ cluster: 'lost' }, 3e6],
      ],
    });
  });

  test('counts everywhere for a source that counts traffic across zones only', async () => {
    await expectRecords({ flows: { source: 'kubezonnet' } }, [...pairs, ...ends], {
      'cluster:network_bytes_lost:rate5m': [
        [{ cluster: 'calm' }, 3e6],
        [{ cluster: 'lost' }, 3e6],
        [{ cluster: 'dark' }, 5e6],
        [{ cluster: 'black' }, 6e6],
      ],
    });
  });
});
