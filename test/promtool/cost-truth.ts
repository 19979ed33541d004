import { expect } from '@jest/globals';
import { type Cluster, type Pod, workloadTypeOf, zoneOfNode } from '../../bench/model.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { totalsByUnit, type WorkloadParty } from '../../bench/truth.ts';
import { podOf } from '../support/handmade-cluster.ts';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, seriesText, testRules } from '../support/rule-test.ts';
import { rounded, workloadLabels } from './sources/expectations.ts';
import { observedBy, ruleTest, steadyScrapes } from './sources/harness.ts';
import { CONNECTIONS, NODES, PODS, withPods } from './sources/hostile-cluster.ts';

/** When all is steady, money included: its group may be evaluated before that of the traffic. */
const AT = 420;

/** A pod that has completed could not take any calls. */
const DONE: Pod = { ...podOf('alone-1', NODES.b.name, '10.1.0.60', { phase: 'Succeeded' }), ...pick(PODS.alone) };

function pick({ workload, controller }: Pod): Pick<Pod, 'workload' | 'controller'> {
  return { workload, controller };
}

const CLUSTER: Cluster = withPods([DONE], CONNECTIONS);

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export const expected = (expr: string, samples: readonly Sample[], places = 3): ExpressionTest => ({
  expr: `round(${expr}, ${10 ** -places})`,
  eval_time: `${AT}s`,
  exp_samples: samples.map(({ labels, value }) => ({
    labels: seriesText('', { cluster: CLUSTER.name, ...labels }),
    value: rounded(value, places),
  })),
});

const keyOf = ({ namespace, type, workload }: Omit<WorkloadParty, 'zone'>): string =>
  [namespace, type, workload].join('/');

/** The running pods of each workload by zone, as far as zones are known. */
function running({ pods, nodes }: Cluster): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const zones = new Map(nodes.map((node) => [node.name, zoneOfNode(node)]));
  const counts = new Map<string, Map<string, number>>();
  for (const pod of pods) {
    const zone = zones.get(pod.node) ?? 'unknown';
    if (zone === 'unknown' || (pod.phase ?? 'Running') !== 'Running') continue;
    const key = keyOf({ namespace: pod.namespace, type: workloadTypeOf(pod), workload: pod.workload.name });
    const byZone = counts.get(key) ?? new Map<string, number>();
    counts.set(key, byZone.set(zone, (byZone.get(zone) ?? 0) + 1));
  }
  return counts;
}

const COUNTS = running(CLUSTER);

/** The share of the running pods of a workload that are in a zone; undefined where it has no running pods. */
function shareIn(party: Omit<WorkloadParty, 'zone'>, zone: string): number | undefined {
  const byZone = COUNTS.get(keyOf(party));
  if (byZone === undefined) return undefined;
  return (byZone.get(zone) ?? 0) / [...byZone.values()].reduce((sum, count) => sum + count, 0);
}

const bytesOf = (id: SourceId) => {
  const totals = totalsByUnit(observedBy({ id }, CLUSTER)).network_bytes;
  if (totals === undefined) throw new Error(`${id} counts no bytes`);
  return totals;
};

/** What money must come to, in a billionth of the currency per second. */
export function moneyTests(
  id: SourceId,
  perByte: { readonly egress: number; readonly ingress: number },
): ExpressionTest[] {
  const { workloadPairs, zonePairs, byLocality } = bytesOf(id);
  const both = perByte.egress + perByte.ingress;
  const crossing = <T extends { readonly locality: string }>(pairs: readonly T[]) =>
    pairs.filter(({ locality }) => locality === 'cross_zone');
  return [
    expected(
      '1e9 * workload_pair:network_cost:rate5m',
      crossing(workloadPairs).map((pair) => ({ labels: workloadLabels(pair), value: pair.rate * both * 1e9 })),
    ),
    expected(
      '1e9 * zone_pair:network_cost:rate5m',
      crossing(zonePairs).map(({ sourceZone, destinationZone, locality, rate }) => ({
        labels: { source_zone: sourceZone, destination_zone: destinationZone, locality },
        value: rate * both * 1e9,
      })),
    ),
    expected(
      '1e9 * cluster:network_cost:rate5m',
      Object.entries(perByte).map(([direction, price]) => ({
        labels: { direction },
        value: byLocality.cross_zone * price * 1e9,
      })),
    ),
  ];
}

/** What zone-aware routing could save, at that price of a byte. */
export function avoidableTests(id: SourceId, perByte: number): ExpressionTest[] {
  const { workloadPairs } = bytesOf(id);
  const known = workloadPairs.filter(({ locality }) => locality === 'same_zone' || locality === 'cross_zone');
  // Whichever of the two calls: the other one was there, too.
  const avoidable = known.filter(
    ({ source, destination, locality }) =>
      locality === 'cross_zone' && shareIn(destination, source.zone) && shareIn(source, destination.zone),
  );
  expect(avoidable.length).toBeGreaterThan(0);
  const random = new Map<string, Sample>();
  for (const pair of known) {
    const share = shareIn(pair.destination, pair.source.zone);
    if (share === undefined) continue;
    const { destination_zone: _zone, locality: _locality, ...labels } = workloadLabels(pair);
    const key = JSON.stringify(labels);
    random.set(key, { labels, value: (random.get(key)?.value ?? 0) + pair.rate * (1 - share) });
  }
  return [
    expected(
      'workload:zone_pods:ratio',
      [...COUNTS].flatMap(([key, byZone]) => {
        const [namespace = '', type = '', workload = ''] = key.split('/');
        const total = [...byZone.values()].reduce((sum, count) => sum + count, 0);
        return [...byZone].map(([zone, count]) => ({
          labels: { namespace, workload_type: type, workload, zone },
          value: count / total,
        }));
      }),
    ),
    expected('workload_pair:network_bytes_cross_zone_at_random:rate5m', [...random.values()]),
    expected(
      'workload_pair:network_bytes_avoidable:rate5m',
      avoidable.map((pair) => ({ labels: workloadLabels(pair), value: pair.rate })),
    ),
    expected(
      '1e9 * workload_pair:network_cost_avoidable:rate5m',
      perByte === 0
        ? []
        : avoidable.map((pair) => ({ labels: workloadLabels(pair), value: pair.rate * perByte * 1e9 })),
    ),
  ];
}

/** Runs the rules of a source with that configuration on the cluster. */
export async function expectRecords(id: SourceId, given: object, tests: readonly ExpressionTest[]): Promise<void> {
  const rules = generate({ ...given, flows: { source: id } });
  const input = ruleTest(id, rules.config, {
    scrapes: steadyScrapes({ id }, CLUSTER),
    checks: [{ at: AT, truth: {} }],
  });
  await testRules([rules.file(RULES.zoneTraffic)], [{ ...input, promql_expr_test: tests }]);
}
