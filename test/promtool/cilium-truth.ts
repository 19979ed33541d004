import type { Labels } from './allowances-input.ts';
import { BOUNDS, type Counter, type Gauge, OPERATORS, type Observed, type World } from './cilium-world.ts';
import { only, perSecond } from './dns-truth.ts';
import { grouped, type Held, type Truth } from './held.ts';

const NODE = ['cluster', 'node'];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The most of those of equal labels. */
const most = (all: readonly Held[]): readonly Held[] =>
  grouped(all, ([labels]) => labels).map(([labels, same]): Held => [
    labels,
    Math.max(...same.map(([, value]) => value)),
  ]);

/** By node and more: each scrape by itself, and the largest of them. */
const byScrape = (counters: readonly Counter[], by: readonly string[]): readonly Held[] =>
  most(
    grouped(counters, ({ labels }) => only(labels, [...by, 'job', 'instance'])).map(([labels, same]): Held => [
      only(labels, by),
      perSecond(same.flatMap(({ of }) => of)),
    ]),
  );

/** Linear within the bucket of a quantile, as Prometheus takes it. */
function quantileOf(quantile: number, buckets: readonly number[]): number {
  const rank = quantile * sum(buckets);
  let [below, lower] = [0, 0];
  for (const [index, count] of buckets.entries()) {
    const upper = Number(BOUNDS[index]?.replace('+Inf', 'Infinity'));
    if (below + count >= rank)
      return Number.isFinite(upper) ? lower + (upper - lower) * ((rank - below) / count) : lower;
    [below, lower] = [below + count, upper];
  }
  return lower;
}

const quantiles = (observed: readonly Observed[], by: readonly string[]): readonly Held[] =>
  grouped(observed, ({ labels }) => only(labels, by)).flatMap(([labels, same]) => {
    const buckets = BOUNDS.map((_, index) => perSecond(same.flatMap((one) => one.buckets.slice(index, index + 1))));
    return ['0.5', '0.99'].map((quantile): Held => [{ ...labels, quantile }, quantileOf(Number(quantile), buckets)]);
  });

/** Every series of every record on Cilium but those about agents that are gone. `isEni` says who knows of addresses. */
export function truthOf({ gauges, counters, observed }: World, isEni: boolean): Truth {
  const measured = (by: readonly string[], is: (gauge: Gauge) => boolean): readonly Held[] =>
    most(gauges.filter((gauge) => is(gauge)).map(({ labels, value }): Held => [only(labels, by), value]));
  const named =
    (...metrics: readonly string[]) =>
    ({ metric }: { readonly metric: string }) =>
      metrics.includes(metric);
  const counted = (by: readonly string[], metric: string, is: (labels: Labels) => boolean = () => true) =>
    byScrape(
      counters.filter((one) => one.metric === metric && is(one.labels)),
      by,
    );
  const seen = (metric: string, is: (labels: Labels) => boolean = () => true) =>
    observed.filter((one) => one.metric === metric && is(one.labels));
  /** Count and sum of a histogram as if they were counters. */
  const asCounters = (metric: string, of: 'count' | 'sum'): readonly Counter[] =>
    seen(metric).map(({ labels, buckets, sum: total }) => ({ metric, labels, of: of === 'sum' ? [total] : buckets }));
  const divided = (parts: readonly Held[], wholes: readonly Held[]): readonly Held[] =>
    parts.flatMap(([labels, part]): readonly Held[] => {
      const whole = wholes.find(([other]) => JSON.stringify(other) === JSON.stringify(labels));
      return whole === undefined ? [] : [[labels, part / whole[1]]];
    });
  const perOperator = (held: readonly Held[], by: readonly string[]): readonly Held[] =>
    grouped(held, ([labels]) => only(labels, by)).map(([labels, same]): Held => [
      labels,
      sum(same.map(([, value]) => value)),
    ]);

  const family = [...NODE, 'family'];
  const pool = divided(measured(family, named('cilium_ip_addresses')), measured(family, named('cilium_ipam_capacity')));
  const target = ['cluster', 'target_node'];
  const instance = divided(
    measured(target, named('cilium_operator_ipam_used_ips')),
    measured(target, named('cilium_operator_ipam_available_ips')),
  ).map(([{ cluster = '', target_node = '' }, value]): Held => [{ cluster, node: target_node, family: 'ipv4' }, value]);
  const keyOf = ({ cluster, node, family: of }: Labels) => [cluster, node, of].join();
  const inOrder = (...all: readonly (readonly Held[])[]): readonly Held[] => {
    const taken = new Set<string>();
    return all.flatMap((held) => {
      const fresh = held.filter(([labels]) => !taken.has(keyOf(labels)));
      for (const [labels] of fresh) taken.add(keyOf(labels));
      return fresh;
    });
  };
  const limited = 'cilium_k8s_client_rate_limiter_duration_seconds';
  const size = 'cilium_operator_number_of_ceps_per_ces';
  const kind = (name: string, held: readonly Held[]) =>
    held.map(([labels, value]): Held => [{ ...labels, kind: name }, value]);
  const isMade = ({ api_call }: Labels) => api_call === 'endpoint-create';
  const byOperator = ['cluster', 'instance'];
  return {
    'cilium:operators:count': grouped(
      [
        ...new Map(
          OPERATORS.filter(({ labels }) => labels['job'] === 'cilium-operator').map((one) => [
            JSON.stringify(only(one.labels, byOperator)),
            one,
          ]),
        ).values(),
      ],
      ({ labels }) => only(labels, ['cluster']),
    ).map(([labels, same]): Held => [labels, same.length]),
    'cilium_node:degraded_modules:count': measured(
      NODE,
      ({ metric, labels }) => metric === 'cilium_hive_status' && labels['status'] === 'degraded',
    ),
    'cilium_node:reconciler_errors:count': measured(
      [...NODE, 'module_id'],
      named('cilium_reconciler_errors_current', 'cilium_reconciler_incremental_errors_current'),
    ),
    'cilium_node:endpoint_regenerations:rate5m': counted([...NODE, 'outcome'], 'cilium_endpoint_regenerations_total'),
    'cilium:endpoint_regeneration_seconds:quantile_rate5m': quantiles(
      seen('cilium_endpoint_regeneration_time_stats_seconds', ({ scope }) => scope === 'total'),
      ['cluster'],
    ),
    'cilium_node:policy_changes:rate5m': counted([...NODE, 'outcome'], 'cilium_policy_change_total'),
    'cilium_node:bpf_map_pressure:ratio': measured([...NODE, 'map_name'], named('cilium_bpf_map_pressure')),
    'cilium_node:drops:rate5m': counted([...NODE, 'reason', 'direction'], 'cilium_drop_count_total'),
    'cilium_node:forwards:rate5m': counted([...NODE, 'direction'], 'cilium_forward_count_total'),
    'cilium_node:unreachable:count': [
      ...kind('node', measured(NODE, named('cilium_unreachable_nodes'))),
      ...kind('endpoint', measured(NODE, named('cilium_unreachable_health_endpoints'))),
    ],
    'cilium_node:addresses_used:ratio': isEni
      ? inOrder(
          pool.filter(([, value]) => value >= 1),
          instance,
          pool,
        )
      : pool,
    'cilium:conntrack_gc_seconds:quantile_rate5m': quantiles(seen('cilium_datapath_conntrack_gc_duration_seconds'), [
      'cluster',
      'family',
    ]),
    'cilium_node:datapath_signals:rate5m': counted([...NODE, 'signal'], 'cilium_datapath_signals_handled_total'),
    'cilium_node:hubble_lost_events:rate5m': counted(
      [...NODE, 'source'],
      'hubble_lost_events_total',
      ({ job }) => job !== 'networkobservability-hubble',
    ),
    'cilium_node:api_limiter_wait_seconds:mean': measured(
      [...NODE, 'api_call'],
      ({ metric, labels }) =>
        metric === 'cilium_api_limiter_wait_duration_seconds' && labels['value'] === 'mean' && isMade(labels),
    ),
    'cilium_node:api_limiter_requests:rate5m': counted(
      [...NODE, 'api_call', 'outcome'],
      'cilium_api_limiter_processed_requests_total',
    ),
    'cilium_node:k8s_client_wait_seconds:mean_rate5m': divided(
      byScrape(asCounters(limited, 'sum'), NODE),
      byScrape(asCounters(limited, 'count'), NODE),
    ),
    'cilium:k8s_client_request_seconds:quantile_rate5m': quantiles(seen('cilium_k8s_client_api_latency_time_seconds'), [
      'cluster',
      'method',
    ]),
    'cilium:kvstore_operation_seconds:quantile_rate5m': quantiles(seen('cilium_kvstore_operations_duration_seconds'), [
      'cluster',
      'action',
    ]),
    'cilium:endpointslice_queueing_seconds:quantile_rate5m': quantiles(
      seen('cilium_operator_ces_queueing_delay_seconds'),
      ['cluster'],
    ),
    'cilium:endpointslice_syncs:rate5m': perOperator(
      counted([...byOperator, 'outcome'], 'cilium_operator_ces_sync_total'),
      ['cluster', 'outcome'],
    ),
    'cilium:endpointslice_endpoints:mean_rate5m': divided(
      perOperator(byScrape(asCounters(size, 'sum'), byOperator), ['cluster']),
      perOperator(byScrape(asCounters(size, 'count'), byOperator), ['cluster']),
    ),
  };
}
