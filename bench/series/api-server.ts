import type { Labels, MetricFamily } from '../model.ts';
import type { ApiRequest, ControlPlane } from '../model/control-plane.ts';
import { constant, family, growing, type Sample } from './family.ts';
import { classicHistogram, type Observed } from './histogram.ts';

/** Upstream: staging/src/k8s.io/apiserver/pkg/endpoints/metrics/metrics.go. */
export const SLI_BOUNDS: readonly number[] = [
  0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
const SIZE_BOUNDS: readonly number[] = Array.from({ length: 7 }, (_, index) => 1000 * 10 ** index);
/** Upstream: staging/src/k8s.io/apiserver/pkg/util/flowcontrol/metrics/metrics.go. */
export const WAIT_BOUNDS: readonly number[] = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
/** Upstream: staging/src/k8s.io/apiserver/pkg/storage/etcd3/metrics/metrics.go. */
export const ETCD_BOUNDS: readonly number[] = [0.005, 0.025, ...SLI_BOUNDS];

const labelsOf = ({ verb, group, resource, subresource = '', scope }: ApiRequest): Labels => ({
  verb,
  group,
  version: 'v1',
  resource,
  subresource,
  scope,
  component: 'apiserver',
});

/**
 * What one of the API servers exposes, Kubernetes 1.33: an equal part of what comes in. Of its hundreds of metrics, those that the rules read.
 * Upstream: kubernetes/kubernetes, the files above and storage/cacher/metrics.
 */
export function apiServerFamilies(plane: ControlPlane): MetricFamily[] {
  const part = 1 / plane.apiServers.length;
  const requests = plane.requests.map((request) => ({ ...request, perSecond: request.perSecond * part }));
  const ofRequests = (mean: (request: ApiRequest) => number): readonly Observed[] =>
    requests.map((request) => ({
      labels: labelsOf(request),
      rate: request.perSecond,
      mean: mean(request),
    }));
  const levels = plane.levels.map((level) => ({
    level,
    labels: { priority_level: level.name, flow_schema: level.name },
  }));
  const type = '*core.Pod';
  return [
    counter(
      'apiserver_request_total',
      'Counter of apiserver requests.',
      requests.flatMap((request) => {
        const { perSecond, failing = {} } = request;
        const labels = { ...labelsOf(request), dry_run: '' };
        const failed = Object.entries(failing).map(([code, rate]) => ({ code, rate: rate * part }));
        const rest = failed.reduce((left, { rate }) => left - rate, perSecond);
        return [
          growing({ ...labels, code: request.verb === 'POST' ? '201' : '200' }, rest),
          ...failed.map(({ code, rate }) => growing({ ...labels, code }, rate)),
        ];
      }),
    ),
    classicHistogram(
      'apiserver_request_sli_duration_seconds',
      'Response latency distribution, not counting webhooks and queues.',
      SLI_BOUNDS,
      ofRequests(({ seconds }) => seconds),
    ),
    classicHistogram(
      'apiserver_response_sizes',
      'Response size distribution in bytes.',
      SIZE_BOUNDS,
      ofRequests(({ bytes = 0 }) => bytes).filter(({ labels }) => ['GET', 'LIST'].includes(labels['verb'] ?? '')),
    ),
    gauge(
      'apiserver_longrunning_requests',
      'Gauge of all active long-running apiserver requests.',
      plane.watches.map(({ group, resource, open }) =>
        constant(
          { verb: 'WATCH', group, version: 'v1', resource, subresource: '', scope: 'cluster', component: 'apiserver' },
          open,
        ),
      ),
    ),
    counter(
      'apiserver_watch_events_total',
      'Number of events sent in watch clients.',
      plane.watches.map(({ group, kind, events }) => growing({ group, version: 'v1', kind }, events * part)),
    ),
    gauge('apiserver_current_inflight_requests', 'Maximal number of currently used inflight request limit.', [
      constant({ request_kind: 'readOnly' }, inflight(plane, true)),
      constant({ request_kind: 'mutating' }, inflight(plane, false)),
    ]),
    gauge(
      'apiserver_flowcontrol_current_inqueue_requests',
      'Number of requests currently pending in queues of the API Priority and Fairness subsystem.',
      levels.map(({ level, labels }) => constant(labels, level.queued)),
    ),
    gauge(
      'apiserver_flowcontrol_current_executing_seats',
      'Concurrency (number of seats) occupied by the currently executing requests.',
      levels.map(({ level, labels }) => constant(labels, level.executing)),
    ),
    gauge(
      'apiserver_flowcontrol_current_limit_seats',
      'current derived number of execution seats available to each priority level.',
      levels.map(({ level }) => constant({ priority_level: level.name }, level.seats)),
    ),
    counter(
      'apiserver_flowcontrol_rejected_requests_total',
      'Number of requests rejected by API Priority and Fairness subsystem.',
      levels.map(({ level, labels }) => growing({ ...labels, reason: 'queue-full' }, level.rejected * part)),
    ),
    classicHistogram(
      'apiserver_flowcontrol_request_wait_duration_seconds',
      'Length of time a request spent waiting in its queue.',
      WAIT_BOUNDS,
      levels.map(({ level, labels }) => ({
        labels: { ...labels, execute: 'true' },
        rate: level.perSecond * part,
        mean: level.waits,
      })),
    ),
    gauge(
      'apiserver_storage_objects',
      'Number of stored objects at the time of last check split by kind.',
      Object.entries(plane.objects).map(([resource, count]) => constant({ resource }, count)),
    ),
    gauge('apiserver_storage_size_bytes', 'Size of the storage database file physically allocated in bytes.', [
      constant({ storage_cluster_id: 'etcd-0' }, plane.databaseBytes),
    ]),
    counter(
      'apiserver_storage_list_fetched_objects_total',
      'Number of objects read from storage in the course of serving a LIST request.',
      plane.lists.map(({ resource, fromEtcd }) => growing({ resource }, fromEtcd * part)),
    ),
    counter(
      'apiserver_cache_list_fetched_objects_total',
      'Number of objects read from watch cache in the course of serving a LIST request.',
      plane.lists.map(({ resource, fromCache }) =>
        growing({ resource_prefix: `/${resource}`, index: '' }, fromCache * part),
      ),
    ),
    classicHistogram(
      'etcd_request_duration_seconds',
      'Etcd request latency in seconds for each operation and object type.',
      ETCD_BOUNDS,
      plane.etcd.map(({ operation, perSecond, seconds }) => ({
        labels: { operation, type },
        rate: perSecond * part,
        mean: seconds,
      })),
    ),
    counter(
      'etcd_request_errors_total',
      'Etcd failed request counts for each operation and object type.',
      plane.etcd.map(({ operation, failing }) => growing({ operation, type }, failing * part)),
    ),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', [constant({}, plane.memory)]),
    family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', [
      { ...growing({}, plane.cpu), isFractional: true },
    ]),
  ];
}

const gauge = (name: string, help: string, samples: readonly Sample[]) => family(name, 'gauge', help, samples);
const counter = (name: string, help: string, samples: readonly Sample[]) => family(name, 'counter', help, samples);
const reads = (verb: string): boolean => ['GET', 'LIST'].includes(verb);

/** Requests in flight at each API server: those that come in, times how long they take. */
export function inflight({ requests, apiServers }: ControlPlane, isReading: boolean): number {
  const all = requests
    .filter(({ verb }) => verb !== 'WATCH' && reads(verb) === isReading)
    .reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0);
  return Math.ceil((2 * all) / apiServers.length);
}
