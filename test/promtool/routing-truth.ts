import { grouped, type Held, type Truth } from './held.ts';
import { type Cluster, type Endpoint, localityOf, type Service } from './routing-world.ts';

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
const isIpv6 = ({ address }: Endpoint): boolean => address.includes(':');

/** Ready endpoints of a Service, each address once. */
const readyOf = ({ slices }: Service): readonly Endpoint[] => {
  const all = Object.values(slices)
    .flat()
    .filter(({ isReady = true }) => isReady);
  return all
    .filter((one, index) => all.findIndex(({ address }) => address === one.address) === index)
    .map((one) => ({
      ...one,
      hints: [...new Set(all.filter(({ address }) => address === one.address).flatMap(({ hints = [] }) => hints))],
    }));
};

/** How many there are, of the family with more. */
const most = (endpoints: readonly Endpoint[]): number =>
  Math.max(endpoints.filter(isIpv6).length, endpoints.filter((one) => !isIpv6(one)).length);

const isAuto = ({ annotations: { mode = '', older = '' } = {} }: Service): boolean =>
  ['Auto', 'auto'].includes(older === '' ? mode : older);

/** What every record must hold of one cluster, computed from its objects. */
function truthOfOne({ name: cluster, nodes, services, pods, calls }: Cluster): Truth {
  const counted = nodes.filter(
    ({ isReady = true, role = '' }) => isReady && !['control-plane', 'master'].includes(role),
  );
  const placed = counted.filter(({ zone, cores }) => zone !== '' && cores > 0);
  const cores = grouped(placed, ({ zone }) => ({ cluster, zone })).map(([labels, of]): Held => [
    labels,
    sum(of.map((node) => node.cores)),
  ]);
  const zones = cores.length;
  const blocked = placed.length < counted.length ? 'node_without_zone_or_cpu' : zones < 2 ? 'one_zone' : undefined;
  const workloadOf = (namespace: string, name: string) =>
    pods.find((pod) => pod.namespace === namespace && pod.name === name);

  const known = services.flatMap((service) => {
    const endpoints = readyOf(service);
    if (endpoints.length === 0) return [];
    const labels = { cluster, namespace: service.namespace, service: service.name };
    const byZone = grouped(endpoints, ({ zone }) => ({ ...labels, zone: zone === '' ? 'unknown' : zone })).map(
      ([each, of]): Held => [each, most(of)],
    );
    const hints = grouped(
      endpoints.flatMap((endpoint) => (endpoint.hints ?? []).map((zone) => ({ endpoint, zone }))),
      ({ zone }) => ({ ...labels, zone }),
    ).map(([each, of]): Held => [each, most(of.map(({ endpoint }) => endpoint))]);
    const hinted = endpoints.filter(({ hints: own = [] }) => own.length > 0);
    const total = most(endpoints);
    const auto = isAuto(service);
    const reason =
      !auto || hints.length > 0
        ? undefined
        : (blocked ??
          (total < zones
            ? 'too_few_endpoints'
            : byZone.some(([{ zone }]) => zone === 'unknown')
              ? 'endpoint_without_zone'
              : 'overload'));
    const routing = auto ? 'Auto' : hints.length > 0 ? 'trafficDistribution' : 'none';
    const owners = [...new Set(endpoints.flatMap(({ pod }) => workloadOf(service.namespace, pod) ?? []))];
    const backing = grouped(owners, ({ type, workload }) => ({ ...labels, workload_type: type, workload })).map(
      ([each]): Held => [each, 1],
    );
    const into = (localities: readonly string[]) =>
      calls.filter(
        ({ to, zones: ends }) =>
          localities.includes(localityOf(ends)) &&
          backing.some(
            ([{ namespace, workload_type, workload }]) =>
              namespace === to.namespace && workload_type === to.type && workload === to.workload,
          ),
      );
    return [{ service, labels, endpoints, byZone, hints, hinted, total, auto, reason, routing, backing, into }];
  });

  const hintsOfWorkloads = known.flatMap(({ service, endpoints }) =>
    endpoints.flatMap(({ pod, hints = [] }) => {
      const owner = workloadOf(service.namespace, pod);
      return owner === undefined
        ? []
        : hints.map((zone) => ({
            cluster,
            namespace: owner.namespace,
            workload_type: owner.type,
            workload: owner.workload,
            zone,
          }));
    }),
  );
  const workloadHints = grouped(hintsOfWorkloads, (labels) => labels).map(([labels, of]): Held => [labels, of.length]);
  const running = grouped(
    pods.filter(({ phase = 'Running', zone }) => phase === 'Running' && zone !== 'unknown'),
    ({ namespace, type, workload, zone }) => ({ cluster, namespace, workload_type: type, workload, zone }),
  ).map(([labels, of]): Held => [labels, of.length]);
  const skew = grouped(running, ([{ zone: _zone = '', ...labels }]) => labels).map(([labels, of]): Held => {
    const counts = of.map(([, count]) => count);
    return [labels, Math.max(...counts) - (counts.length >= zones ? Math.min(...counts) : 0)];
  });
  const called = known.filter(({ into }) => into(['same_zone', 'cross_zone']).length > 0);
  const rateOf = (of: readonly { readonly rate: number }[]) => sum(of.map(({ rate }) => rate));
  return {
    'cluster_namespace_endpointslice:service:info': services.flatMap(({ namespace, name, slices }) =>
      Object.keys(slices).map((endpointslice): Held => [{ cluster, namespace, endpointslice, service: name }, 1]),
    ),
    'service:endpoints:count': known.map(({ labels, total }): Held => [labels, total]),
    'service_zone:endpoints:count': known.flatMap(({ byZone }) => byZone),
    'service_zone:hints:count': known.flatMap(({ hints }) => hints),
    'service:hinted_zones:count': known.map(({ labels, hints }): Held => [labels, hints.length]),
    'service:endpoints_hinted:ratio': known.map(({ labels, endpoints, hinted }): Held => [
      labels,
      hinted.length / endpoints.length,
    ]),
    'service:topology_mode_auto:bool': known.map(({ labels, auto }): Held => [labels, Number(auto)]),
    'service:routing:info': known
      .filter(({ service: { isHeadless = false } }) => !isHeadless)
      .map(({ labels, routing }): Held => [{ ...labels, routing }, 1]),
    'cluster_zone:allocatable_cpu:cores': cores,
    'cluster_zone:allocatable_cpu:ratio': cores.map(([labels, of]): Held => [
      labels,
      of / sum(cores.map(([, each]) => each)),
    ]),
    'cluster:routing_zones:count': zones === 0 ? [] : [[{ cluster }, zones]],
    'cluster:topology_hints_blocked:info': blocked === undefined ? [] : [[{ cluster, reason: blocked }, 1]],
    'service:hints_missing:info': known.flatMap(({ labels, reason }): readonly Held[] =>
      reason === undefined ? [] : [[{ ...labels, reason }, 1]],
    ),
    'cluster_namespace_service_workload:backing:info': known.flatMap(({ backing }) => backing),
    'workload_zone:hints:count': workloadHints,
    'workload_zone:running_pods:count': running,
    'workload:zone_skew:pods': skew,
    'service:network_flows_inbound:rate5m': called.map(({ labels, into }): Held => [
      labels,
      rateOf(into(['same_zone', 'cross_zone'])),
    ]),
    'service:network_flows_inbound_cross_zone:rate5m': called.map(({ labels, into }): Held => [
      labels,
      rateOf(into(['cross_zone'])),
    ]),
    'workload_zone:network_flows_unhinted_cross_zone:rate5m': grouped(
      calls.filter(({ zones: ends }) => localityOf(ends) === 'cross_zone'),
      ({ to, zones: [zone] }) => ({
        cluster,
        namespace: to.namespace,
        workload_type: to.type,
        workload: to.workload,
        zone,
      }),
    )
      .filter(([labels]) => !workloadHints.some(([each]) => JSON.stringify(each) === JSON.stringify(labels)))
      .map(([labels, of]): Held => [labels, rateOf(of)]),
  };
}

/** What every record must hold of all clusters. */
export const truthOf = (clusters: readonly Cluster[]): Truth => {
  const all = clusters.map(truthOfOne);
  return Object.fromEntries(
    Object.keys(all[0] ?? {}).map((record) => [record, all.flatMap((truth) => truth[record] ?? [])]),
  );
};
