import type { Locality } from '../../bench/truth.ts';
import { nodeAllowancesTruths } from './allowance-truths.ts';
import { clusterDnsTruths } from './dns-truths.ts';
import { zoneRoutingTruths } from './routing-truths.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';
import { workloadResourcesTruths } from './workload-truths.ts';

/** The namespace that is chosen for the table of pods. */
export const PODS_NAMESPACE = (stack: Stack): string => stack.truth.podPairs[0]?.source.namespace ?? '';

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });

/** Sums values whose labels are the same. */
function sumBy(items: readonly Expected[]): Expected[] {
  const groups = new Map<string, Expected>();
  for (const { labels, value } of items) {
    const key = JSON.stringify(labels);
    groups.set(key, { labels, value: (groups.get(key)?.value ?? 0) + value });
  }
  return [...groups.values()];
}

const isCrossing = (source: { zone: string }, destination: { zone: string }): boolean =>
  source.zone !== destination.zone && source.zone !== 'unknown' && destination.zone !== 'unknown';

/** Every panel of zone-traffic with the truth for each of its queries. */
export function zoneTrafficTruths(stack: Stack): Readonly<Record<string, readonly Answer[]>> {
  const { truth, cluster } = stack;
  const locality = (name: Locality) => truth.byLocality[name];
  const zonePairs = (crossing: boolean) =>
    truth.zonePairs
      .filter(
        ({ sourceZone, destinationZone }) => !crossing || isCrossing({ zone: sourceZone }, { zone: destinationZone }),
      )
      .map(({ sourceZone, destinationZone, rate }) => ({
        labels: { source_zone: sourceZone, destination_zone: destinationZone },
        value: rate,
      }));
  const crossingWorkloads = truth.workloadPairs.filter(({ source, destination }) => isCrossing(source, destination));
  const ends = ({ source, destination }: (typeof crossingWorkloads)[number]) => ({
    source_namespace: source.namespace,
    source_workload: source.workload,
    destination_namespace: destination.namespace,
    destination_workload: destination.workload,
  });
  const namespace = PODS_NAMESPACE(stack);
  // The table of pods reads the flows themselves, under the labels of their source.
  const isStandard = stack.source === 'retina-standard';
  const pod = (side: string) => (isStandard ? `${side}_podname` : `${side}_pod`);
  const zone = (side: string) => (isStandard ? `resolved_${side}_zone` : `${side}_zone`);
  const podPairs = truth.podPairs
    .filter(({ source, destination }) => isCrossing(source, destination))
    .filter(({ source, destination }) => source.namespace === namespace || destination.namespace === namespace)
    .map(({ source, destination, rate }) => ({
      labels: {
        cluster: cluster.name,
        source_namespace: source.namespace,
        [pod('source')]: source.pod,
        [zone('source')]: source.zone,
        destination_namespace: destination.namespace,
        [pod('destination')]: destination.pod,
        [zone('destination')]: destination.zone,
      },
      value: rate,
    }));
  return {
    'cross-zone': [number(locality('cross_zone'))],
    'cross-zone-share': [number(locality('cross_zone') / truth.total)],
    total: [number(truth.total)],
    'same-zone': [number(locality('same_zone'))],
    'unknown-share': [number(locality('unknown') / truth.total)],
    'events-lost': [number(0)],
    // Nothing is withheld.
    locality: [...(['same_zone', 'cross_zone', 'unknown'] as const).map((name) => number(locality(name))), { all: [] }],
    'top-pairs': [
      { all: sumBy(crossingWorkloads.map((pair) => ({ labels: ends(pair), value: pair.rate }))), limit: 5 },
    ],
    'zone-pairs': [{ all: zonePairs(true) }, { all: [] }],
    matrix: [{ all: zonePairs(false) }],
    'workload-pairs': [
      {
        all: sumBy(
          crossingWorkloads.map((pair) => ({
            labels: {
              cluster: cluster.name,
              ...ends(pair),
              source_zone: pair.source.zone,
              destination_zone: pair.destination.zone,
            },
            value: pair.rate,
          })),
        ),
        limit: 50,
      },
    ],
    'pod-pairs': [{ all: podPairs, limit: 50 }],
  };
}

/** The truths of every dashboard, by its uid. */
export const TRUTHS: Readonly<Record<string, (stack: Stack) => Readonly<Record<string, readonly Answer[]>>>> = {
  'zone-traffic': zoneTrafficTruths,
  'node-allowances': nodeAllowancesTruths,
  'workload-resources': workloadResourcesTruths,
  'cluster-dns': clusterDnsTruths,
  'zone-routing': zoneRoutingTruths,
};
