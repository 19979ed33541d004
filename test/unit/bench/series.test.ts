import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import { keyOfLabels, type Series } from '../../../bench/model.ts';
import { SIMULATORS, SOURCE_IDS, type SourceId, type SourceOptions } from '../../../bench/sources/index.ts';
import { totalsByUnit } from '../../../bench/truth.ts';
import { countedOnce, exposed, hubble, named, pods, type Selects, standard, workloads } from '../../support/exposed.ts';

const cluster = generateCluster({
  seed: 4,
  unlabelledNodes: 1,
  hybridNodes: 1,
  services: true,
  dualStackShare: 0.5,
  missingNamesShare: 0.2,
  hostNetworkTraffic: true,
  nodeTraffic: true,
});

/** The larger one of what several reporters say of the same. */
function largest(series: readonly Series[], reporter: string): number {
  const rates = new Map<string, number>();
  for (const { labels, perSecond } of series) {
    const { [reporter]: _reporter, ...rest } = labels;
    const key = keyOfLabels(rest);
    rates.set(key, Math.max(rates.get(key) ?? 0, perSecond));
  }
  return [...rates.values()].reduce((total, rate) => total + rate, 0);
}

const sum = (series: readonly Series[]) => series.reduce((total, { perSecond }) => total + perSecond, 0);

/** Sources whose default selection is completed by other series. */
const COMPLETED: readonly (readonly [SourceId, SourceOptions, 'flows' | 'packets' | 'bytes', string])[] = [
  ['retina-hubble', {}, 'flows', ''],
  ['retina-hubble', { aggregation: 'high' }, 'flows', ''],
  ...(['native', 'tunnel', 'endpoint-routes', 'host-routing'] as const).map(
    (routing) => ['cilium-hubble', { routing }, 'flows', ''] as const,
  ),
  ['retina-standard', {}, 'bytes', 'bytes'],
  ['retina-standard', {}, 'packets', 'count'],
];

describe.each(COMPLETED)('%s %j in %s, by default', (id, options, unit, of) => {
  test('exposes each packet that it counts once', () => {
    const expected = totalsByUnit(SIMULATORS[id].observed(cluster, options))[`network_${unit}`]?.total ?? 0;
    expect(expected).toBeGreaterThan(0);
    expect(countedOnce(id, cluster, exposed(id, cluster, options).flat(), of) / expected).toBeCloseTo(1, 9);
  });
});

const CASES: readonly (readonly [SourceId, SourceOptions, 'flows' | 'packets' | 'bytes', Selects])[] = [
  ['retina-hubble', { select: 'client-side' }, 'flows', hubble('egress')],
  ['retina-hubble', { aggregation: 'high', select: 'client-side' }, 'flows', hubble('egress')],
  ['cilium-hubble', { select: 'client-side', routing: 'tunnel' }, 'flows', hubble('egress')],
  ['retina-standard', { select: 'egress' }, 'bytes', standard('bytes', 'EGRESS')],
  ['obi', {}, 'bytes', pods('obi', 'bytes')],
  ['obi', {}, 'packets', pods('obi', 'packets')],
  ['beyla', { zones: false }, 'bytes', pods('beyla', 'bytes')],
  ['netobserv', {}, 'bytes', workloads('ingress', 'bytes')],
  ['netobserv', {}, 'packets', workloads('ingress', 'packets')],
  ['netobserv', { select: 'egress' }, 'bytes', workloads('egress', 'bytes')],
  ['kubezonnet', {}, 'bytes', named('pod_cross_zone_network_traffic_bytes_total')],
];

describe.each(CASES)('%s %j in %s', (id, options, unit, selects) => {
  test('exposes, under its selector, what it counts once', () => {
    const selected = exposed(id, cluster, options).flat().filter(selects);
    const isTwice = id === 'obi' || id === 'beyla';
    const measured = isTwice ? largest(selected, `${id}_ip`) : sum(selected);
    const expected = totalsByUnit(SIMULATORS[id].observed(cluster, options))[`network_${unit}`]?.total ?? 0;
    expect(expected).toBeGreaterThan(0);
    expect(measured / expected).toBeCloseTo(1, 9);
  });
});

describe.each(SOURCE_IDS)('%s', (id) => {
  test('exposes no series twice', () => {
    for (const page of exposed(id, cluster)) {
      const keys = page.map(({ metric, labels }) => metric + keyOfLabels(labels));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('gives whole totals: the parts are the total', () => {
    for (const totals of Object.values(totalsByUnit(SIMULATORS[id].observed(cluster)))) {
      const { total, byLocality, unattributed, zonePairs, workloadPairs, podPairs } = totals;
      const rates = (items: readonly { rate: number }[]) => items.reduce((all, { rate }) => all + rate, 0);
      for (const parts of [zonePairs, workloadPairs, podPairs]) expect(rates(parts) / total).toBeCloseTo(1, 9);
      expect(Object.values(byLocality).reduce((all, rate) => all + rate, 0) / total).toBeCloseTo(1, 9);
      const vague = Object.values(unattributed).reduce((all, rate) => all + rate, 0);
      // kubezonnet knows that its bytes cross zones, not where they go.
      expect(vague).toBeCloseTo(id === 'kubezonnet' ? total : byLocality.unknown, 4);
    }
  });
});
