import { createRandom } from '../../bench/random.ts';
import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { type Counted, MINUTES, series } from './dns-world.ts';

/** Names of the series that a record reads, as an exporter writes them; these labels vary, each by itself. */
interface Exposed {
  readonly job: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Labels and values: the first of each is the usual one. */
  readonly varying: Readonly<Record<string, readonly string[]>>;
  /** Bounds of the buckets of a histogram. */
  readonly bounds?: readonly string[];
  /** Other usual values: around them, each label varies by itself again. */
  readonly also?: readonly Labels[];
  /** Labels of a process beside cluster and job. */
  readonly process?: 'instance' | 'node';
}

const REQUEST = {
  verb: ['GET', 'LIST', 'POST', 'APPLY', 'WATCH', 'CONNECT'],
  resource: ['pods', 'nodes'],
  scope: ['resource', 'namespace', 'cluster', ''],
  subresource: ['', 'status', 'log'],
  group: ['', 'apps'],
  version: ['v1', 'v1beta1'],
  component: ['apiserver', ''],
} as const;

/** Changes and lists, which have promises of their own. */
const KINDS: readonly Labels[] = [
  { verb: 'POST' },
  { verb: 'LIST', scope: 'namespace' },
  { verb: 'LIST', scope: 'cluster' },
  { verb: 'WATCH', scope: 'cluster' },
];

/** The bounds that kube-prometheus-stack leaves of those of the API server, as Prometheus 3 writes them. */
const KEPT = ['0.05', '0.1', '1.0', '5.0', '30.0', '+Inf'] as const;
const SOME = ['0.5', '1.0', '4.0', '+Inf'] as const;

const LEVELS = { priority_level: ['workload-low', 'exempt', 'system'], flow_schema: ['a', 'b'] } as const;

/** What is exposed, by metric: of Kubernetes before 1.34 and since, as a fleet has both. */
export const EXPOSED: Readonly<Record<string, Exposed>> = {
  apiserver_request_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: { ...REQUEST, dry_run: ['', 'All'], code: ['200', '500', '429', '404'] },
    also: [{ code: '500' }, { code: '429' }],
  },
  apiserver_request_sli_duration_seconds: {
    job: 'apiserver',
    kind: 'histogram',
    varying: REQUEST,
    also: KINDS,
    bounds: KEPT,
  },
  apiserver_response_sizes_sum: { job: 'apiserver', kind: 'counter', varying: REQUEST, also: KINDS },
  apiserver_longrunning_requests: { job: 'apiserver', kind: 'gauge', varying: REQUEST, also: KINDS },
  apiserver_watch_events_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: { kind: ['Pod', ''], resource: ['', 'pods'], group: ['', 'apps'], version: ['v1', 'v2'] },
  },
  apiserver_current_inflight_requests: {
    job: 'apiserver',
    kind: 'gauge',
    varying: { request_kind: ['readOnly', 'mutating'] },
  },
  apiserver_flowcontrol_current_inqueue_requests: { job: 'apiserver', kind: 'gauge', varying: LEVELS },
  apiserver_flowcontrol_current_executing_seats: { job: 'apiserver', kind: 'gauge', varying: LEVELS },
  apiserver_flowcontrol_current_limit_seats: {
    job: 'apiserver',
    kind: 'gauge',
    varying: { priority_level: LEVELS.priority_level },
  },
  apiserver_flowcontrol_rejected_requests_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: { ...LEVELS, reason: ['queue-full', 'time-out'] },
  },
  apiserver_flowcontrol_request_wait_duration_seconds: {
    job: 'apiserver',
    kind: 'histogram',
    varying: { ...LEVELS, execute: ['true', 'false'] },
    bounds: SOME,
  },
  apiserver_storage_objects: { job: 'apiserver', kind: 'gauge', varying: { resource: ['pods', 'deployments.apps'] } },
  apiserver_storage_size_bytes: {
    job: 'apiserver',
    kind: 'gauge',
    varying: { storage_cluster_id: ['etcd-0', 'etcd-1'] },
  },
  apiserver_storage_list_fetched_objects_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: { resource: ['pods', 'events'], group: ['', 'apps'] },
  },
  apiserver_cache_list_fetched_objects_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: {
      resource_prefix: ['/pods', '/apiregistration.k8s.io/apiservices', ''],
      resource: ['', 'pods'],
      group: ['', 'apps'],
      index: ['', 'f:spec.nodeName'],
    },
  },
  etcd_request_duration_seconds: {
    job: 'apiserver',
    kind: 'histogram',
    varying: { operation: ['get', 'list'], type: ['*core.Pod', ''], resource: ['', 'pods'], group: ['', 'apps'] },
    bounds: KEPT,
  },
  etcd_request_errors_total: {
    job: 'apiserver',
    kind: 'counter',
    varying: { operation: ['get', 'list'], type: ['*core.Pod', ''], resource: ['', 'pods'], group: ['', 'apps'] },
  },
  process_resident_memory_bytes: { job: 'apiserver', kind: 'gauge', varying: {} },
  process_cpu_seconds_total: { job: 'apiserver', kind: 'counter', varying: {} },
  scheduler_pending_pods: { job: 'kube-scheduler', kind: 'gauge', varying: { queue: ['active', 'unschedulable'] } },
  scheduler_schedule_attempts_total: {
    job: 'kube-scheduler',
    kind: 'counter',
    varying: { result: ['scheduled', 'error'], profile: ['default-scheduler', 'other'] },
  },
  scheduler_pod_scheduling_sli_duration_seconds: {
    job: 'kube-scheduler',
    kind: 'histogram',
    varying: { attempts: ['1', '2'] },
    bounds: SOME,
  },
  scheduler_unschedulable_pods: {
    job: 'kube-scheduler',
    kind: 'gauge',
    varying: { plugin: ['NodeResourcesFit', 'NodeAffinity'], profile: ['default-scheduler', 'other'] },
  },
  workqueue_depth: { job: 'kube-controller-manager', kind: 'gauge', varying: { name: ['deployment', 'job'] } },
  workqueue_adds_total: { job: 'kube-controller-manager', kind: 'counter', varying: { name: ['deployment', 'job'] } },
  workqueue_queue_duration_seconds: {
    job: 'kube-controller-manager',
    kind: 'histogram',
    varying: { name: ['deployment', 'job'] },
    bounds: SOME,
  },
  etcd_disk_wal_fsync_duration_seconds: { job: 'kube-etcd', kind: 'histogram', varying: {}, bounds: SOME },
  etcd_disk_backend_commit_duration_seconds: { job: 'kube-etcd', kind: 'histogram', varying: {}, bounds: SOME },
  etcd_mvcc_db_total_size_in_bytes: { job: 'kube-etcd', kind: 'gauge', varying: {} },
  etcd_server_quota_backend_bytes: { job: 'kube-etcd', kind: 'gauge', varying: {} },
  etcd_server_leader_changes_seen_total: { job: 'kube-etcd', kind: 'counter', varying: {} },
  kubelet_pod_start_sli_duration_seconds: {
    job: 'kubelet',
    kind: 'histogram',
    varying: {},
    bounds: SOME,
    process: 'node',
  },
  kubelet_pod_start_total_duration_seconds: {
    job: 'kubelet',
    kind: 'histogram',
    varying: {},
    bounds: SOME,
    process: 'node',
  },
  kubelet_image_pull_duration_seconds: {
    job: 'kubelet',
    kind: 'histogram',
    varying: { image_size_in_bytes: ['0-10MB', '10MB-100MB'] },
    bounds: SOME,
    process: 'node',
  },
  kubelet_run_podsandbox_errors_total: {
    job: 'kubelet',
    kind: 'counter',
    varying: { runtime_handler: ['', 'gvisor'] },
    process: 'node',
  },
  kubelet_started_pods_total: { job: 'kubelet', kind: 'counter', varying: {}, process: 'node' },
};

/** Processes whose names repeat in another cluster; one is scraped twice, and the second scrape is behind. A kubelet has another address there. */
const PROCESSES: readonly Labels[] = [
  { cluster: 'c1', process: 'a' },
  { cluster: 'c1', process: 'b' },
  { cluster: 'c2', process: 'a' },
];
const BEHIND: Labels = { cluster: 'c1', process: 'a' };
const again = (process: 'instance' | 'node'): Labels => (process === 'node' ? { instance: 'a' } : {});
/** Another program, such as an extension API server: it has more of the same metrics, and none of them counts. */
const OTHER = 'other';

/** Gauges whose value matters: limits of nothing and of one; resources that nobody could count, that one server could, and that are empty. */
const GIVEN: Readonly<Record<string, readonly (readonly [units: number, labels: Labels])[]>> = {
  apiserver_flowcontrol_current_executing_seats: [
    [3, { instance: 'a', priority_level: 'closed', flow_schema: 'a' }],
    [1, { instance: 'a', priority_level: 'single', flow_schema: 'a' }],
  ],
  apiserver_flowcontrol_current_limit_seats: [
    [0, { instance: 'a', priority_level: 'closed' }],
    [1, { instance: 'a', priority_level: 'single' }],
  ],
  apiserver_storage_objects: [
    [-1, { instance: 'a', resource: 'unknown' }],
    [-1, { instance: 'a', resource: 'known' }],
    [4, { instance: 'b', resource: 'known' }],
    [0, { instance: 'a', resource: 'none' }],
  ],
  etcd_mvcc_db_total_size_in_bytes: [
    [3, { instance: 'closed' }],
    [1, { instance: 'single' }],
  ],
  etcd_server_quota_backend_bytes: [
    [0, { instance: 'closed' }],
    [1, { instance: 'single' }],
  ],
};

/** One series of a metric: labels, and what it counts by bucket; a gauge has the units of the first. */
export interface Row {
  readonly labels: Labels;
  readonly of: readonly Counted[];
}

/** The usual labels, and for each label each of its other values; the same around other usual ones. */
function variants({ varying, also = [] }: Exposed): readonly Labels[] {
  const first = Object.fromEntries(Object.entries(varying).map(([label, [value = '']]) => [label, value]));
  const all = [{}, ...also].flatMap((base) => {
    const usual: Labels = { ...first, ...base };
    return [
      usual,
      ...Object.entries(varying).flatMap(([label, values]) => values.map((value) => ({ ...usual, [label]: value }))),
    ];
  });
  return [...new Map(all.map((labels) => [JSON.stringify(labels), labels])).values()];
}

/** What every process exposes, by metric. */
export function exposedBy(seed: number): Readonly<Record<string, readonly Row[]>> {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(EXPOSED).map(([metric, exposed]) => {
      const { job, kind, bounds = [''], process = 'instance' } = exposed;
      const courses = bounds.map((_, index) => (index % 3) as Counted['course']);
      const counted = (more = 0): readonly Counted[] =>
        courses.map((course, index) => ({
          // Little beyond the last bound, as quantiles there say nothing.
          units: kind === 'histogram' && index === bounds.length - 1 ? 0.25 : more + random.int(1, 60),
          course: kind === 'gauge' ? 0 : course,
        }));
      const labelsOf = (cluster: string, name: string): Labels =>
        process === 'node' ? { cluster, job, node: name, instance: `${name}:10250` } : { cluster, job, instance: name };
      const rows = variants(exposed).flatMap((own) =>
        PROCESSES.map(({ cluster = '', process: name = '' }): Row => ({
          labels: { ...labelsOf(cluster, name), ...own },
          of: counted(),
        })),
      );
      const twice = rows
        .filter(({ labels }) => labels['cluster'] === BEHIND['cluster'] && labels[process] === BEHIND['process'])
        .flatMap(({ labels, of }): readonly Row[] => [
          {
            labels: { ...labels, ...again(process), prometheus_replica: '2' },
            // Not evenly: half of everything has the same quantiles.
            of: of.map(({ units, course }, index) => ({ units: units / (2 + index), course })),
          },
          { labels: { ...labels, job: OTHER }, of: counted(200) },
        ]);
      const given = (GIVEN[metric] ?? []).map(([units, own]): Row => ({
        labels: { cluster: 'c1', job, ...own },
        of: [{ units, course: 0 }],
      }));
      return [metric, [...rows, ...twice, ...given]];
    }),
  );
}

/** Those as series that are scraped. */
export const seriesOfExposed = (all: Readonly<Record<string, readonly Row[]>>): readonly InputSeries[] =>
  Object.entries(all).flatMap(([metric, rows]) => {
    const { kind = 'counter', bounds = [''] } = EXPOSED[metric] ?? {};
    return rows.flatMap(({ labels, of }): readonly InputSeries[] => {
      if (kind === 'gauge')
        return [{ series: seriesText(metric, labels), values: `${of[0]?.units ?? 0}x${2 * MINUTES}` }];
      if (kind === 'counter') return [series({ metric, labels, of })];
      return [
        ...bounds.map((le, index) =>
          series({ metric: `${metric}_bucket`, labels: { ...labels, le }, of: of.slice(0, index + 1) }),
        ),
        series({ metric: `${metric}_count`, labels, of }),
      ];
    });
  });
