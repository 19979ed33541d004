import { generate, RULES } from '../support/generate.ts';
import { testRules, type InputSeries } from '../support/rule-test.ts';
import { owners, sample, type NodeSpec, type PodSpec } from './scenario.ts';

/** Two placed nodes, and one whose zone nobody knows. */
export const NODES: readonly NodeSpec[] = [
  { name: 'node-a', label: 'zone-a' },
  { name: 'node-b', label: 'zone-b' },
  { name: 'node-x' },
];

/** A Deployment over two zones, a StatefulSet, and a pod without a zone. */
export const PODS: readonly PodSpec[] = [
  { namespace: 'shop', name: 'web-1', node: 'node-a', controller: ['ReplicaSet', 'web-7d'] },
  { namespace: 'shop', name: 'web-2', node: 'node-b', controller: ['ReplicaSet', 'web-7d'] },
  { namespace: 'shop', name: 'db-0', node: 'node-b', controller: ['StatefulSet', 'db'] },
  { namespace: 'edge', name: 'hybrid-0', node: 'node-x', controller: ['StatefulSet', 'hybrid'] },
];

/** The Deployment behind the ReplicaSet. */
export const OWNERS = owners('kube_replicaset_owner', [['shop', 'web-7d', 'Deployment', 'web']]);

/** One end of traffic as it must be recorded. */
export type End = readonly [namespace: string, type: string, workload: string, zone: string];

/** The ends that those pods are. */
export const WEB_A: End = ['shop', 'Deployment', 'web', 'zone-a'];
export const WEB_B: End = ['shop', 'Deployment', 'web', 'zone-b'];
export const DB: End = ['shop', 'StatefulSet', 'db', 'zone-b'];
export const HYBRID: End = ['edge', 'StatefulSet', 'hybrid', 'unknown'];
export const INTERNET: End = ['_external_', 'External', 'external', 'internet'];

/** Traffic that must be recorded between two ends, per second. */
export interface Pair {
  readonly source: End;
  readonly destination: End;
  readonly rate: number;
}

const endLabels = (side: string, [namespace, workload_type, workload, zone]: End): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ namespace, workload_type, workload, zone }).map(([label, value]) => [`${side}_${label}`, value]),
  );

/** The truth about locality, by its definition. */
function localityOf({ source, destination }: Pair): string {
  const zones = [source[3], destination[3]];
  if (zones.includes('internet')) return 'internet';
  if (source[3] === 'unknown' || destination[3] === 'unknown') return 'unknown';
  return source[3] === destination[3] ? 'same_zone' : 'cross_zone';
}

/** All that must be recorded of pairs: workload pairs, zone pairs and the cluster, each summed here. */
function expectedOf(pairs: readonly Pair[], cluster: string) {
  const zonePairs = new Map<string, { labels: Record<string, string>; rate: number }>();
  const totals = new Map(
    ['same_zone', 'cross_zone', 'cross_region', 'internet', 'unknown'].map((locality) => [locality, 0]),
  );
  for (const pair of pairs) {
    const locality = localityOf(pair);
    const labels = { cluster, source_zone: pair.source[3], destination_zone: pair.destination[3], locality };
    const key = JSON.stringify(labels);
    zonePairs.set(key, { labels, rate: (zonePairs.get(key)?.rate ?? 0) + pair.rate });
    totals.set(locality, (totals.get(locality) ?? 0) + pair.rate);
  }
  const none = '';
  return {
    workloads: pairs.map((pair) =>
      sample(
        {
          __name__: none,
          cluster,
          ...endLabels('source', pair.source),
          ...endLabels('destination', pair.destination),
          locality: localityOf(pair),
        },
        pair.rate,
      ),
    ),
    zones: [...zonePairs.values()].map(({ labels, rate }) => sample({ __name__: none, ...labels }, rate)),
    // While no zone is known, the others are absent, not 0.
    cluster: [...totals]
      .filter(
        ([locality, rate]) =>
          locality === 'unknown' ||
          rate > 0 ||
          pairs.some((pair) => ['same_zone', 'cross_zone'].includes(localityOf(pair))),
      )
      .map(([locality, rate]) => sample({ __name__: none, cluster, locality }, rate)),
  };
}

/** Runs the default rules at a time and expects exactly these pairs, for each cluster. Rates are rounded to 1/1000. */
export async function expectTraffic(
  name: string,
  input: readonly InputSeries[],
  pairs: Readonly<Record<string, readonly Pair[]>>,
  at = '10m',
  given: object = {},
): Promise<void> {
  const expected = Object.entries(pairs).map(([cluster, list]) => expectedOf(list, cluster));
  const check = (record: string, exp_samples: readonly { labels: string; value: number }[]) => ({
    expr: `round(${record}, 0.001)`,
    eval_time: at,
    exp_samples,
  });
  const total = Object.values(pairs)
    .flat()
    .reduce((sum, { rate }) => sum + rate, 0);
  await testRules(
    [generate(given).file(RULES.zoneTraffic)],
    [
      {
        name,
        interval: '30s',
        input_series: input,
        promql_expr_test: [
          check(
            'workload_pair:network_flows:rate5m',
            expected.flatMap(({ workloads }) => workloads),
          ),
          check(
            'zone_pair:network_flows:rate5m',
            expected.flatMap(({ zones }) => zones),
          ),
          check(
            'cluster:network_flows:rate5m',
            expected.flatMap(({ cluster }) => cluster),
          ),
          check(
            'sum(workload_pair:network_flows_unclassified:rate5m)',
            total > 0 ? [sample({ __name__: '' }, total)] : [],
          ),
        ],
      },
    ],
  );
}
