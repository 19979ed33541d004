import { createRandom } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import { type Labels, scrapes } from './allowances-input.ts';
import { type Counted, MINUTES, series as counter } from './dns-world.ts';

export { type Counted, MINUTES, perMinute } from './dns-world.ts';

/** A scrape of an agent: two jobs may scrape one, a pod may have replaced another, and the label of the node may be missing. */
export interface Scraped {
  readonly labels: Labels;
}

/** Agents of two clusters with nodes of one name. `again` is a second job of the same agent; `pod` tells the pods of before and after a restart apart. */
export const AGENTS: readonly Scraped[] = [
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'cilium-agent' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'cilium-agent', pod: 'after' },
  { cluster: 'c1', node: 'n1', instance: '10.0.0.1:9962', job: 'cilium-agent' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'again' },
  { cluster: 'c1', node: 'n2', instance: 'n2', job: 'cilium-agent' },
  { cluster: 'c2', node: 'n1', instance: 'n1', job: 'cilium-agent' },
  { cluster: 'c1', node: '', instance: 'x', job: 'cilium-agent' },
].map((labels) => ({ labels }));

/** Hubble's metrics of the same agents, and of another Hubble on the same nodes. */
const HUBBLES: readonly Scraped[] = [
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'cilium-hubble' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'cilium-hubble', pod: 'after' },
  { cluster: 'c1', node: 'n1', instance: 'other', job: 'cilium-hubble' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'hubble-metrics' },
  { cluster: 'c2', node: 'n1', instance: 'n1', job: 'hubble-metrics' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'networkobservability-hubble' },
  { cluster: 'c1', node: 'n9', instance: 'n9', job: 'networkobservability-hubble' },
].map((labels) => ({ labels }));

/** Operators: the leader, its second scrape, one that waits, and one of another cluster. */
export const OPERATORS: readonly Scraped[] = [
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'cilium-operator' },
  { cluster: 'c1', node: 'n1', instance: 'n1', job: 'again' },
  { cluster: 'c1', node: 'n2', instance: 'n2', job: 'cilium-operator' },
  { cluster: 'c2', node: 'n1', instance: 'n1', job: 'cilium-operator' },
].map((labels) => ({ labels }));

/** Something that a program counts. */
export interface Counter {
  readonly metric: string;
  readonly labels: Labels;
  readonly of: readonly Counted[];
}

/** Something that it measures. */
export interface Gauge {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
}

/** Upper bounds of buckets. */
export const BOUNDS = ['0.5', '1', '2', '+Inf'] as const;

/** A histogram of one set of labels: what falls into each bucket, and what it adds to the sum. */
export interface Observed {
  readonly metric: string;
  readonly labels: Labels;
  readonly buckets: readonly Counted[];
  readonly sum: Counted;
}

const crossed = (one: string, ones: readonly string[], other: string, others: readonly string[]): readonly Labels[] =>
  ones.flatMap((first) => others.map((second) => ({ [one]: first, [other]: second })));

/** What everything counts and measures, drawn anew for each seed. Each label that a record must drop has two values. */
export function worldOf(seed: number) {
  const random = createRandom(seed);
  const some = (course: Counted['course'] = 0): Counted => ({ units: random.int(1, 60), course });
  const counters = (of: readonly Scraped[], metric: string, ...more: readonly Labels[]): readonly Counter[] =>
    of.flatMap(({ labels }) => more.map((own) => ({ metric, labels: { ...labels, ...own }, of: [some()] })));
  const gauges = (of: readonly Scraped[], metric: string, ...more: readonly Labels[]): readonly Gauge[] =>
    of.flatMap(({ labels }) =>
      more.map((own) => ({ metric, labels: { ...labels, ...own }, value: random.int(1, 900) / 1000 })),
    );
  const observed = (of: readonly Scraped[], metric: string, ...more: readonly Labels[]): readonly Observed[] =>
    of.flatMap(({ labels }) =>
      more.map((own) => ({
        metric,
        labels: { ...labels, ...own },
        buckets: [some(0), some(1), some(2), { units: 0, course: 0 }],
        sum: some(),
      })),
    );
  return {
    gauges: [
      ...gauges(AGENTS, 'cilium_hive_status', { status: 'degraded' }, { status: 'ok' }),
      ...gauges(AGENTS, 'cilium_reconciler_errors_current', { module_id: 'a' }, { module_id: 'b' }),
      ...gauges(
        AGENTS.slice(-2),
        'cilium_reconciler_incremental_errors_current',
        { module_id: 'b' },
        { module_id: 'c' },
      ),
      ...gauges(AGENTS, 'cilium_bpf_map_pressure', { map_name: 'ct4_global' }, { map_name: 'lb4_services_v2' }),
      ...gauges(AGENTS, 'cilium_unreachable_nodes', {}),
      ...gauges(AGENTS, 'cilium_unreachable_health_endpoints', {}),
      ...gauges(AGENTS, 'cilium_ip_addresses', { family: 'ipv4' }, { family: 'ipv6' }),
      ...gauges(AGENTS, 'cilium_ipam_capacity', { family: 'ipv4' }, { family: 'ipv6' }),
      ...gauges(
        AGENTS,
        'cilium_api_limiter_wait_duration_seconds',
        ...crossed('api_call', ['endpoint-create', 'endpoint-delete'], 'value', ['mean', 'max']),
      ),
      ...gauges(OPERATORS, 'cilium_operator_ipam_used_ips', { target_node: 'n1' }, { target_node: 'n3' }),
      ...gauges(OPERATORS, 'cilium_operator_ipam_available_ips', { target_node: 'n1' }, { target_node: 'n3' }),
    ],
    counters: [
      ...counters(AGENTS, 'cilium_endpoint_regenerations_total', { outcome: 'success' }, { outcome: 'fail' }),
      ...counters(AGENTS, 'cilium_policy_change_total', { outcome: 'success' }, { outcome: 'fail' }),
      ...counters(
        AGENTS,
        'cilium_drop_count_total',
        ...crossed('reason', ['Policy denied', 'Service backend not found'], 'direction', ['INGRESS', 'EGRESS']),
      ),
      ...counters(AGENTS, 'cilium_forward_count_total', { direction: 'INGRESS' }, { direction: 'EGRESS' }),
      ...counters(
        AGENTS,
        'cilium_datapath_signals_handled_total',
        ...crossed('signal', ['ct_fill_up', 'nat_fill_up'], 'data', ['ipv4', 'ipv6']),
      ),
      ...counters(
        // Calls of one kind alone are made on most nodes: the wait of the other is old there.
        AGENTS,
        'cilium_api_limiter_processed_requests_total',
        { api_call: 'endpoint-create', outcome: 'success', return_code: '200' },
        { api_call: 'endpoint-create', outcome: 'success', return_code: '201' },
        { api_call: 'endpoint-create', outcome: 'fail-limit-wait', return_code: '429' },
      ),
      ...counters(
        HUBBLES,
        'hubble_lost_events_total',
        { source: 'observer_events_queue' },
        { source: 'hubble_ring_buffer' },
      ),
      ...counters(
        OPERATORS,
        'cilium_operator_ces_sync_total',
        { outcome: 'success' },
        { outcome: 'fail', failure_type: 'transient' },
        { outcome: 'fail', failure_type: 'fatal' },
      ),
    ],
    observed: [
      ...observed(
        AGENTS,
        'cilium_endpoint_regeneration_time_stats_seconds',
        ...crossed('scope', ['total', 'mapSync'], 'status', ['success', 'failure']),
      ),
      ...observed(
        AGENTS,
        'cilium_datapath_conntrack_gc_duration_seconds',
        ...crossed('family', ['ipv4', 'ipv6'], 'protocol', ['TCP', 'non-TCP']),
      ),
      ...observed(AGENTS, 'cilium_k8s_client_rate_limiter_duration_seconds', { path: '/a' }, { path: '/b' }),
      ...observed(
        AGENTS,
        'cilium_k8s_client_api_latency_time_seconds',
        ...crossed('method', ['GET', 'PUT'], 'path', ['/a', '/b']),
      ),
      ...observed(
        AGENTS,
        'cilium_kvstore_operations_duration_seconds',
        ...crossed('action', ['get', 'set'], 'scope', ['a', 'b']),
      ),
      ...observed(OPERATORS, 'cilium_operator_ces_queueing_delay_seconds', { queue: 'fast' }, { queue: 'standard' }),
      ...observed(OPERATORS, 'cilium_operator_number_of_ceps_per_ces', {}),
    ],
  };
}

export type World = ReturnType<typeof worldOf>;

/** Everything that rules read. */
export const seriesOf = ({ gauges, counters, observed }: World): readonly InputSeries[] => [
  ...[...AGENTS, ...OPERATORS].map(({ labels }) => ({ series: seriesText('up', labels), values: `1x${2 * MINUTES}` })),
  ...gauges.map(({ metric, labels, value }) => ({
    series: seriesText(metric, labels),
    values: scrapes(Array.from({ length: MINUTES }, () => value)),
  })),
  ...counters.map(counter),
  ...observed.flatMap(({ metric, labels, buckets, sum }) => [
    ...BOUNDS.map((le, index) =>
      counter({ metric: `${metric}_bucket`, labels: { ...labels, le }, of: buckets.slice(0, index + 1) }),
    ),
    counter({ metric: `${metric}_count`, labels, of: buckets }),
    counter({ metric: `${metric}_sum`, labels, of: [sum] }),
  ]),
];
