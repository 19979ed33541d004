import type { Labels } from './allowances-input.ts';
import { EXPOSED, type Row } from './control-plane-world.ts';
import { only, perSecond } from './dns-truth.ts';
import { grouped, type Held, type Truth } from './held.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

type World = Readonly<Record<string, readonly Row[]>>;
type Where = (labels: Labels) => boolean;
const all: Where = () => true;

/** Rows of a metric that count, each process once: its larger scrape. With `leader`, the larger of all processes. */
function counting(
  world: World,
  metric: string,
  where: Where,
  leader = false,
): readonly (Row & { readonly each: readonly number[] })[] {
  const { job, kind, process } = EXPOSED[metric] ?? { job: '', kind: 'counter' };
  const rows = (world[metric] ?? []).filter(({ labels }) => labels['job'] === job && where(labels));
  const own = ({ prometheus_replica: _replica, ...labels }: Labels): Labels =>
    leader || process === 'node'
      ? Object.fromEntries(Object.entries(labels).filter(([name]) => name !== 'instance'))
      : labels;
  return grouped(rows, ({ labels }) => own(labels)).map(([labels, same]) => {
    const values = same.map(({ of }) =>
      kind === 'gauge' ? [of[0]?.units ?? 0] : of.map((_, index) => perSecond(of.slice(0, index + 1))),
    );
    // Cumulative, as buckets are: of each the largest.
    const each = (values[0] ?? []).map((_, index) => Math.max(...values.map((one) => one[index] ?? 0)));
    return { labels, of: same[0]?.of ?? [], each };
  });
}

/** What a histogram with these cumulative rates says, linear within a bucket. */
function quantileOf(quantile: number, bounds: readonly string[], cumulative: readonly number[]): number {
  const rank = quantile * (cumulative.at(-1) ?? 0);
  const index = cumulative.findIndex((value) => value >= rank);
  const upper = Number(bounds[index]?.replace('+Inf', 'Infinity'));
  const lower = index === 0 ? 0 : Number(bounds[index - 1]);
  const below = index === 0 ? 0 : (cumulative[index - 1] ?? 0);
  if (!Number.isFinite(upper)) return lower;
  return lower + (upper - lower) * ((rank - below) / ((cumulative[index] ?? 0) - below));
}

const isEnding: Where = ({ verb = '', subresource = '' }) =>
  !['WATCH', 'CONNECT'].includes(verb) && subresource !== 'log';
const isQueuing: Where = ({ priority_level: level }) => level !== 'exempt';

/** Kinds of requests with what Kubernetes promises, and the bound of that among those of the world. */
const KINDS: readonly (readonly [kind: string, where: Where, bound: number])[] = [
  ['change', ({ verb = '' }) => ['POST', 'APPLY'].includes(verb), 2],
  ['read', ({ verb = '', scope = '' }) => ['GET', 'LIST'].includes(verb) && ['resource', ''].includes(scope), 2],
  [
    'list',
    ({ verb = '', scope = '' }) => ['GET', 'LIST'].includes(verb) && ['namespace', 'cluster'].includes(scope),
    4,
  ],
];

/** What every record of processes must hold, from what they expose. */
export function truthOfProcesses(world: World): Truth {
  const total = (metric: string, by: readonly string[], where = all, leader = false): readonly Held[] =>
    grouped(counting(world, metric, where, leader), ({ labels }) => only(labels, ['cluster', ...by])).map(
      ([labels, same]): Held => [labels, sum(same.map(({ each }) => each.at(-1) ?? 0))],
    );
  const largest = (metric: string, by: readonly string[], where = all): readonly Held[] =>
    grouped(counting(world, metric, where), ({ labels }) => only(labels, ['cluster', ...by])).map(
      ([labels, same]): Held => [labels, Math.max(...same.map(({ each }) => each[0] ?? 0))],
    );
  const quantiles = (
    metric: string,
    by: readonly string[],
    {
      wanted = ['0.99'],
      where = all,
      leader = false,
      more = {},
    }: { wanted?: readonly string[]; where?: Where; leader?: boolean; more?: Labels } = {},
  ): readonly Held[] => {
    const { bounds = [] } = EXPOSED[metric] ?? {};
    return grouped(counting(world, metric, where, leader), ({ labels }) => only(labels, ['cluster', ...by])).flatMap(
      ([labels, same]) => {
        const cumulative = bounds.map((_, index) => sum(same.map(({ each }) => each[index] ?? 0)));
        return wanted.map((quantile): Held => [
          { ...labels, ...more, quantile },
          quantileOf(Number(quantile), bounds, cumulative),
        ]);
      },
    );
  };
  const SLI = 'apiserver_request_sli_duration_seconds';
  const ofKinds = (value: (each: readonly number[], bound: number) => number): readonly Held[] =>
    KINDS.flatMap(([kind, where, bound]) =>
      grouped(
        counting(world, SLI, (labels) => where(labels) && labels['subresource'] !== 'log'),
        ({ labels }) => only(labels, ['cluster']),
      ).map(([labels, same]): Held => [{ ...labels, kind }, sum(same.map(({ each }) => value(each, bound)))]),
    );
  const renamed = (held: readonly Held[]): readonly Held[] =>
    grouped(held, ([labels]) => labels).map(([labels, same]): Held => [labels, sum(same.map(([, value]) => value))]);
  const ofCache = total('apiserver_cache_list_fetched_objects_total', ['resource_prefix', 'resource']).map(
    ([{ resource_prefix: prefix = '', resource, ...labels }, value]): Held => [
      {
        ...labels,
        ...only({ resource: prefix === '' ? (resource ?? '') : (prefix.split('/').at(-1) ?? '') }, ['resource']),
      },
      value,
    ],
  );
  const events = total('apiserver_watch_events_total', ['kind', 'resource']).map(
    ([{ kind = '', resource = '', ...labels }, value]): Held => [
      { ...labels, ...only({ object: resource === '' ? kind : resource }, ['object']) },
      value,
    ],
  );
  const seats = (metric: string) => {
    const held = grouped(counting(world, metric, isQueuing), ({ labels }) =>
      only(labels, ['cluster', 'instance', 'priority_level']),
    ).map(([labels, same]): Held => [labels, sum(same.map(({ each }) => each[0] ?? 0))]);
    return new Map(held.map(([labels, value]) => [JSON.stringify(labels), value]));
  };
  const limits = seats('apiserver_flowcontrol_current_limit_seats');
  const shares = [...seats('apiserver_flowcontrol_current_executing_seats')].flatMap(
    ([key, taken]): readonly Held[] => {
      const limit = limits.get(key) ?? Number.NaN;
      return limit === 0 ? [] : [[only(JSON.parse(key) as Labels, ['cluster', 'priority_level']), taken / limit]];
    },
  );
  const stages = {
    without_images: 'kubelet_pod_start_sli_duration_seconds',
    image_pull: 'kubelet_image_pull_duration_seconds',
    total: 'kubelet_pod_start_total_duration_seconds',
  };
  const quotas = new Map(
    largest('etcd_server_quota_backend_bytes', ['instance']).map(([labels, value]) => [JSON.stringify(labels), value]),
  );
  const leader = (metric: string, by: readonly string[]) => largest(metric, by);
  return {
    'apiserver_verb_resource:requests:rate5m': total('apiserver_request_total', ['verb', 'resource']),
    'apiserver_verb_resource:request_errors:rate5m': total(
      'apiserver_request_total',
      ['verb', 'resource', 'code'],
      ({ code = '' }) => ['500', '429'].includes(code),
    ),
    'apiserver_verb_resource:request_sli_duration_seconds:quantile_rate5m': quantiles(SLI, ['verb', 'resource'], {
      where: isEnding,
    }),
    'apiserver_kind:slo_requests:rate5m': ofKinds((each) => each.at(-1) ?? 0),
    'apiserver_kind:slo_slow_requests:rate5m': ofKinds((each, bound) => (each.at(-1) ?? 0) - (each[bound] ?? 0)),
    'apiserver_instance:inflight_requests:max': largest('apiserver_current_inflight_requests', [
      'instance',
      'request_kind',
    ]),
    'apiserver_instance:memory_bytes:max': largest('process_resident_memory_bytes', ['instance']),
    'apiserver_instance:cpu_cores:rate5m': total('process_cpu_seconds_total', ['instance']),
    'apiserver_priority_level:queued_requests:sum': total(
      'apiserver_flowcontrol_current_inqueue_requests',
      ['priority_level'],
      isQueuing,
    ),
    'apiserver_priority_level:rejected_requests:rate5m': total('apiserver_flowcontrol_rejected_requests_total', [
      'priority_level',
      'reason',
    ]),
    'apiserver_priority_level:wait_duration_seconds:quantile_rate5m': quantiles(
      'apiserver_flowcontrol_request_wait_duration_seconds',
      ['priority_level'],
      { where: isQueuing },
    ),
    'apiserver_priority_level:seats_used:ratio': grouped(shares, ([labels]) => labels).map(([labels, same]): Held => [
      labels,
      Math.max(...same.map(([, value]) => value)),
    ]),
    'apiserver_resource:list_objects:rate5m': [
      ...total('apiserver_storage_list_fetched_objects_total', ['resource']).map(([labels, value]): Held => [
        { ...labels, served: 'etcd' },
        value,
      ]),
      ...renamed(ofCache).map(([labels, value]): Held => [{ ...labels, served: 'cache' }, value]),
    ],
    'apiserver_resource:list_response_bytes:rate5m': total(
      'apiserver_response_sizes_sum',
      ['resource'],
      ({ verb }) => verb === 'LIST',
    ),
    'apiserver_resource:watchers:sum': total(
      'apiserver_longrunning_requests',
      ['resource'],
      ({ verb }) => verb === 'WATCH',
    ),
    'apiserver_object:watch_events:rate5m': renamed(events),
    'apiserver_resource:stored_objects:max': largest('apiserver_storage_objects', ['resource']).filter(
      ([, value]) => value >= 0,
    ),
    'etcd_operation:requests:rate5m': total('etcd_request_duration_seconds', ['operation']),
    'etcd_operation:request_errors:rate5m': total('etcd_request_errors_total', ['operation']),
    'etcd_operation:request_duration_seconds:quantile_rate5m': quantiles('etcd_request_duration_seconds', [
      'operation',
    ]),
    'cluster:etcd_database_bytes:max': largest('apiserver_storage_size_bytes', []),
    'scheduler_queue:pending_pods:max': leader('scheduler_pending_pods', ['queue']),
    'scheduler_result:schedule_attempts:rate5m': total('scheduler_schedule_attempts_total', ['result'], all, true),
    'cluster:scheduling_duration_seconds:quantile_rate5m': quantiles(
      'scheduler_pod_scheduling_sli_duration_seconds',
      [],
      { wanted: ['0.5', '0.99'], leader: true },
    ),
    // A pod has one profile, so these are other pods.
    'scheduler_plugin:unschedulable_pods:sum': total('scheduler_unschedulable_pods', ['plugin'], all, true),
    'controller_queue:depth:max': leader('workqueue_depth', ['name']),
    'controller_queue:wait_duration_seconds:quantile_rate5m': quantiles('workqueue_queue_duration_seconds', ['name'], {
      leader: true,
    }),
    'controller_queue:adds:rate5m': total('workqueue_adds_total', ['name'], all, true),
    'etcd_member:wal_fsync_duration_seconds:quantile_rate5m': quantiles('etcd_disk_wal_fsync_duration_seconds', [
      'instance',
    ]),
    'etcd_member:backend_commit_duration_seconds:quantile_rate5m': quantiles(
      'etcd_disk_backend_commit_duration_seconds',
      ['instance'],
    ),
    'etcd_member:database_quota_used:ratio': largest('etcd_mvcc_db_total_size_in_bytes', ['instance']).flatMap(
      ([labels, value]): readonly Held[] => {
        const quota = quotas.get(JSON.stringify(labels)) ?? Number.NaN;
        return quota === 0 ? [] : [[labels, value / quota]];
      },
    ),
    'etcd_member:leader_changes:rate5m': total('etcd_server_leader_changes_seen_total', ['instance']),
    'cluster_stage:pod_start_duration_seconds:quantile_rate5m': Object.entries(stages).flatMap(([stage, metric]) =>
      quantiles(metric, [], { wanted: ['0.5', '0.99'], more: { stage } }),
    ),
    'cluster_node:pod_sandbox_errors:rate5m': total('kubelet_run_podsandbox_errors_total', ['node']),
    'cluster_node:pods_started:rate5m': total('kubelet_started_pods_total', ['node']),
  };
}
