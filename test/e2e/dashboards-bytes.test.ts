import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTruth } from './panels.ts';
import { startStack, type Stack } from './stack.ts';
import { namespacesByTraffic, zoneTrafficTruths } from './traffic-truths.ts';
import { zoneWorkloadTruths } from './zone-workload-truths.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack('retina-standard');
}, 240_000);

afterAll(async () => {
  await stack?.stop();
}, 60_000);

const value = async (query: string): Promise<number> => {
  const { samples } = await stack.prometheus.instant(query, stack.settledAt);
  return samples[0]?.value ?? Number.NaN;
};

describe('a source of bytes, through its generated scrape job and rules', () => {
  test('fills every panel of zone-traffic with the truth', async () => {
    await expectTruth(stack, 'zone-traffic', zoneTrafficTruths(stack));
  });

  test('shows the money of two namespaces, each pair once', async () => {
    const namespaces = namespacesByTraffic(stack)
      .slice(0, 2)
      .map(({ labels }) => labels['namespace'] ?? '');
    const choice = { namespaces, localities: ['cross_zone'] } as const;
    await expectTruth(stack, 'zone-traffic', zoneTrafficTruths(stack, choice), choice);
  });

  test('fills every panel of zone-workload with the truth', async () => {
    await expectTruth(stack, 'zone-workload', zoneWorkloadTruths(stack));
  });

  test('prices what crosses zones in both directions', async () => {
    const gigabytes = stack.truth.byLocality.cross_zone / 1e9;
    for (const record of ['workload_pair', 'zone_pair', 'cluster']) {
      const cost = await value(`sum(${record}:network_cost:rate20s)`);
      expect({ record, ratio: Math.abs(cost / (gigabytes * 0.02) - 1) < 0.02 }).toEqual({ record, ratio: true });
    }
    expect(await value('max(cluster:network_cost_monthly:avg1d) > bool 0')).toBe(1);
  });

  test('loses nothing, and both ends count the same', async () => {
    // A scrape that arrives between two rules of the group is in one of them only: with a scrape a second and a window of 20 that is
    // parts in a million, where a lost series would be parts in a hundred.
    expect(
      await value('max(abs(cluster:network_bytes_lost:rate20s)) / sum(cluster:network_bytes:rate20s)'),
    ).toBeLessThan(1e-3);
    expect(await value('cluster:network_bytes_initiator_over_receiver:ratio_rate20s')).toBeCloseTo(1, 1);
    expect(await value('sum(prometheus_rule_evaluation_failures_total) or vector(0)')).toBe(0);
  });
});
