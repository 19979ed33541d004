import { type Pod, type Service, workloadTypeOf, zoneOfNode } from '../../bench/model.ts';
import { coresOf, type Endpoint, endpointsOf } from '../../bench/model/routing.ts';
import type { Stack } from './stack.ts';
import type { Answer, Expected } from './vector.ts';

const number = (value: number): Answer => ({ all: [{ labels: {}, value }] });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const countBy = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...new Set(values)].map((one) => [one, values.filter((other) => other === one).length]));

/** A Service with ready endpoints, and what is true of it. */
interface Known {
  readonly service: Service;
  readonly endpoints: readonly Endpoint[];
  readonly routing: string;
  /** Traffic into its workload from known zones, and the part that crosses zones. */
  readonly inbound: number;
  readonly crossing: number;
}

/** Every panel of zone-routing with the truth for each of its queries. */
export function zoneRoutingTruths({ cluster, truth }: Stack): Readonly<Record<string, readonly Answer[]>> {
  const own = { cluster: cluster.name };
  const zones = [...new Set(cluster.nodes.map(({ zone }) => zone))].filter((zone) => zone !== '');
  const isBlocked = cluster.nodes.some(({ zone }) => zone === '');
  /** What is within the cluster's zones: neither beyond it nor unknown. */
  const isZoned = ({ locality }: { readonly locality: string }) => locality.endsWith('_zone');
  const known = (cluster.services ?? []).flatMap((service): readonly Known[] => {
    const endpoints = endpointsOf(cluster, service);
    if (endpoints.length === 0) return [];
    const into = truth.workloadPairs.filter(
      ({ destination, locality }) =>
        destination.namespace === service.namespace &&
        destination.workload === service.workload &&
        isZoned({ locality }),
    );
    const isHinted = endpoints.some(({ hints }) => hints.length > 0);
    return [
      {
        service,
        endpoints,
        routing: service.routing === 'Auto' ? 'Auto' : isHinted ? 'trafficDistribution' : 'none',
        inbound: sum(into.map(({ rate }) => rate)),
        crossing: sum(
          into.filter(({ source, destination }) => source.zone !== destination.zone).map(({ rate }) => rate),
        ),
      },
    ];
  });
  const shown = known.filter(({ service: { isHeadless = false } }) => !isHeadless);
  const called = known.filter(({ inbound }) => inbound > 0);
  const hinted = ({ endpoints }: Known) => endpoints.filter(({ hints }) => hints.length > 0);
  const hintedZones = (one: Known) => [...new Set(one.endpoints.flatMap(({ hints }) => hints))];
  const zoned = ({ endpoints }: Known) => [...new Set(endpoints.map(({ zone }) => (zone === '' ? 'unknown' : zone)))];
  const inZones = (one: Known) => zoned(one).filter((zone) => zone !== 'unknown');
  const nameOf = ({ service: { namespace, name } }: Known) => ({ ...own, namespace, service: name });
  const unhinted = shown.filter((one) => hintedZones(one).length === 0 && inZones(one).length > 1 && one.crossing > 0);
  const auto = known.filter(({ service }) => service.routing === 'Auto');
  // Every condition but one: no Service with Auto has hints, as a node has no zone.
  const refused = isBlocked ? auto : [];
  const row = (value: (one: Known) => number, limit = 50): Answer => ({
    all: shown
      .filter(({ inbound }) => inbound > 0)
      .map((one) => ({
        labels: { ...nameOf(one), routing: one.routing, patch: 'list it in routing.services' },
        value: value(one),
      })),
    limit,
  });

  const workloadOf = (pod: Pod) => ({
    ...own,
    namespace: pod.namespace,
    workload_type: workloadTypeOf(pod),
    workload: pod.workload.name,
  });
  const zoneOfPod = ({ node }: Pod) =>
    zoneOfNode(cluster.nodes.find(({ name }) => name === node) ?? { zone: '', providerId: '' });
  /** Workloads behind Services with hints, with the zones of their running pods and those that they have hints for. */
  const spread = [
    ...new Map(
      known.flatMap((one) =>
        hinted(one).map(({ pod }) => [JSON.stringify(workloadOf(pod)), { pod, hints: hintedZones(one) }] as const),
      ),
    ).values(),
  ].map(({ pod, hints }) => {
    const pods = cluster.pods.filter(
      (other) =>
        JSON.stringify(workloadOf(other)) === JSON.stringify(workloadOf(pod)) &&
        (other.phase ?? 'Running') === 'Running',
    );
    const counts = [...countBy(pods.map(zoneOfPod).filter((zone) => zone !== 'unknown')).values()];
    const skew = Math.max(...counts) - (counts.length < zones.length ? 0 : Math.min(...counts));
    return { labels: workloadOf(pod), counts, skew, hints };
  });
  const isSkewed = ({ counts, skew, labels }: (typeof spread)[number]) =>
    skew > 1 && skew > (0.5 * sum(counts)) / zones.length && labels.workload_type !== 'DaemonSet';
  const ofSpread = (value: (one: (typeof spread)[number]) => number): Answer => ({
    all: spread.map((one) => ({ labels: one.labels, value: value(one) })),
    limit: 50,
  });
  const strangers = spread.flatMap(({ labels, hints }) => {
    const into = truth.workloadPairs.filter(
      ({ source, destination, locality }) =>
        destination.namespace === labels.namespace &&
        destination.type === labels.workload_type &&
        destination.workload === labels.workload &&
        isZoned({ locality }) &&
        source.zone !== destination.zone &&
        !hints.includes(source.zone),
    );
    return [...new Set(into.map(({ source }) => source.zone))].map((zone) => ({
      labels: { ...labels, zone },
      value: sum(into.filter(({ source }) => source.zone === zone).map(({ rate }) => rate)),
    }));
  });
  const labelled = cluster.nodes.filter(({ zone }) => zone !== '');
  const cpu = zones.map((zone): Expected => ({
    labels: { ...own, zone },
    value: sum(labelled.filter((node) => node.zone === zone).map(coresOf)) / sum(labelled.map(coresOf)),
  }));
  const ready = auto.flatMap(({ endpoints }) => endpoints.map(({ zone }) => (zone === '' ? 'unknown' : zone)));
  // Endpoints without a zone count for the whole.
  const shares = countBy(ready);
  return {
    'without-hints': [number(unhinted.length)],
    'unhinted-share': [
      number(sum(unhinted.map(({ crossing }) => crossing)) / sum(called.map(({ crossing }) => crossing))),
    ],
    partial: [
      number(known.filter((one) => hinted(one).length > 0 && hinted(one).length < one.endpoints.length).length),
    ],
    'zone-without': [
      number(known.filter((one) => hintedZones(one).length > 0 && hintedZones(one).length < zones.length).length),
    ],
    'auto-without': [number(refused.length)],
    'too-few': [number(shown.filter(({ endpoints }) => endpoints.length < zones.length).length)],
    skewed: [number(spread.filter(isSkewed).length)],
    evictions: [{ all: [{ labels: {}, value: 1, upTo: 1_000 }] }],
    'firing-alerts': [{ all: [] }, { all: [{ labels: { alertname: 'none' }, value: 1 }] }],
    services: [
      row(({ crossing }) => crossing),
      row(({ crossing, inbound }) => crossing / inbound),
      row(({ endpoints }) => endpoints.length),
      row((one) => zoned(one).length),
      row((one) => hinted(one).length / one.endpoints.length),
      row((one) => hintedZones(one).length),
    ],
    // Nothing has changed: cases of promtool show what changes look like.
    effect: [{ all: [] }, { all: [] }, { all: [] }],
    'routing-modes': [
      {
        all: [...countBy(shown.map(({ routing }) => routing))].map(([routing, value]) => ({
          labels: { routing },
          value,
        })),
      },
    ],
    'cross-zone-share': [
      {
        all: called
          .toSorted((one, other) => other.crossing - one.crossing)
          .slice(0, 10)
          .map((one) => ({ labels: nameOf(one), value: one.crossing / one.inbound })),
      },
    ],
    'evictions-by-namespace': [{ all: [{ labels: { namespace: 'search' }, value: 1, upTo: 1_000 }] }],
    'unhinted-zones': [{ all: strangers, limit: 50 }],
    skew: [
      ofSpread(({ skew }) => skew),
      ofSpread(({ counts }) => sum(counts)),
      ofSpread(({ counts }) => Math.max(...counts)),
      ofSpread(({ counts }) => counts.length),
    ],
    conditions: [
      {
        all: refused.map((one) => ({
          labels: { ...nameOf(one), reason: 'node_without_zone_or_cpu' },
          value: one.endpoints.length,
        })),
      },
      {
        all: refused.map((one) => ({
          labels: { ...nameOf(one), reason: 'node_without_zone_or_cpu' },
          value: zoned(one).length,
        })),
      },
      { all: refused.length > 0 ? [] : [{ labels: { service: 'none' }, value: 1 }] },
    ],
    zones: [
      { all: cpu },
      {
        all: [
          ...cpu.map(({ labels }) => ({ labels, value: (shares.get(labels['zone'] ?? '') ?? 0) / ready.length })),
          ...(shares.has('unknown')
            ? [{ labels: { ...own, zone: 'unknown' }, value: (shares.get('unknown') ?? 0) / ready.length }]
            : []),
        ],
      },
      { all: [] },
    ],
  };
}
