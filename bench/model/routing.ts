import type { Cluster } from '../model.ts';
import type { Service } from './connection.ts';
import type { Node } from './node.ts';
import { addressesOfPod, type Pod } from './pod.ts';

/** A ready endpoint of a Service. */
export interface Endpoint {
  readonly pod: Pod;
  readonly address: string;
  /** Zone label of the node; '' without one. */
  readonly zone: string;
  /** Zones that it is meant for. */
  readonly hints: readonly string[];
}

/** Allocatable cores by instance type; others have what an m6i.xlarge has. */
const CORES: Readonly<Record<string, number>> = { 'm6i.large': 1.93, 'm6i.2xlarge': 7.91 };

/** Cores of a node that pods may use. */
export const coresOf = ({ instanceType = '' }: Pick<Node, 'instanceType'>): number => CORES[instanceType] ?? 3.92;

/** The share of each zone in the allocatable CPU; undefined where some node has no zone label, or all are in one zone. */
function cpuByZone({ nodes }: Pick<Cluster, 'nodes'>): ReadonlyMap<string, number> | undefined {
  const cores = new Map<string, number>();
  for (const node of nodes) cores.set(node.zone, (cores.get(node.zone) ?? 0) + coresOf(node));
  if (cores.has('') || cores.size < 2) return undefined;
  const total = [...cores.values()].reduce((sum, one) => sum + one, 0);
  return new Map([...cores].map(([zone, own]) => [zone, own / total]));
}

/** A zone may get so much more than its part before hints are given up. Upstream: Kubernetes, endpointslice/topologycache. */
const OVERLOAD = 0.2;

/**
 * The zones that Auto gives the endpoints in this order, which are all in some zone; undefined where it gives none. Every zone gets at least its
 * part by CPU, less what it may be overloaded by: endpoints of the zone with most to spare serve another one.
 */
function allocated(zones: readonly string[], parts: ReadonlyMap<string, number>): readonly string[] | undefined {
  const least = new Map([...parts].map(([zone, part]) => [zone, Math.ceil((part * zones.length) / (1 + OVERLOAD))]));
  const needed = [...least.values()].reduce((sum, one) => sum + one, 0);
  if (zones.length < parts.size || needed > zones.length) return undefined;
  const given = [...zones];
  const countOf = (zone: string) => given.filter((one) => one === zone).length;
  const spare = (zone: string) => countOf(zone) - (least.get(zone) ?? 0);
  for (const zone of parts.keys()) {
    while (spare(zone) < 0) {
      const [giver = ''] = [...new Set(given)].toSorted((a, b) => spare(b) - spare(a));
      given[given.indexOf(giver)] = zone;
    }
  }
  return given;
}

/** The ready endpoints of a Service of one address family, with the hints that the EndpointSlice controller writes. */
function ofFamily(cluster: Cluster, { routing }: Service, endpoints: readonly Omit<Endpoint, 'hints'>[]): Endpoint[] {
  const own = ({ zone }: Omit<Endpoint, 'hints'>) => (zone === '' ? [] : [zone]);
  if (routing !== 'Auto') return endpoints.map((one) => ({ ...one, hints: routing === undefined ? [] : own(one) }));
  const parts = cpuByZone(cluster);
  const zones = endpoints.map(({ zone }) => zone);
  const given = parts === undefined || zones.includes('') ? undefined : allocated(zones, parts);
  return endpoints.map((one, index) => ({ ...one, hints: given?.slice(index, index + 1) ?? [] }));
}

const isIpv6 = ({ address }: { readonly address: string }): boolean => address.includes(':');

/** The ready endpoints of a Service: every address of the running pods of its workload. */
export function endpointsOf(cluster: Cluster, service: Service): readonly Endpoint[] {
  if (service.workload === undefined) return [];
  const zoneOf = new Map(cluster.nodes.map(({ name, zone }) => [name, zone]));
  const all = cluster.pods
    .filter(
      ({ namespace, workload, phase = 'Running', node }) =>
        namespace === service.namespace && workload.name === service.workload && phase === 'Running' && node !== '',
    )
    .flatMap((pod) => addressesOfPod(pod).map((address) => ({ pod, address, zone: zoneOf.get(pod.node) ?? '' })));
  return [
    ...ofFamily(
      cluster,
      service,
      all.filter((one) => !isIpv6(one)),
    ),
    ...ofFamily(cluster, service, all.filter(isIpv6)),
  ];
}

const MODES: readonly (Service['routing'] | 'headless')[] = [
  'PreferSameZone',
  undefined,
  'Auto',
  'PreferClose',
  undefined,
  'headless',
  'PreferSameNode',
];

/** A Service for each workload that is called, of every kind in turn. Nobody calls it by its address. */
export function routedServices({ pods, connections }: Pick<Cluster, 'pods' | 'connections'>): readonly Service[] {
  const called = new Set(connections.flatMap(({ server }) => (server.kind === 'pod' ? [server.pod.workload] : [])));
  return [...new Set(pods.map(({ workload }) => workload))]
    .filter((workload) => called.has(workload) && workload.kind !== 'DaemonSet')
    .map(({ namespace, name }, index) => {
      const mode = MODES[index % MODES.length];
      const clusterIp = `172.21.${index >> 8}.${index & 255}`;
      const service = { namespace, name, workload: name, clusterIp };
      if (mode === 'headless') return { ...service, isHeadless: true };
      return mode === undefined ? service : { ...service, routing: mode };
    });
}
