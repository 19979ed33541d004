import type { RecordingRule } from '../../model/rules.ts';
import { aggregate, copied, either, labelReplace, promql, type Query, withLabel } from '../../promql/index.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { controlPlaneNames } from './names.ts';
import { gauged, labelled, largest, quantiles, rated, rule, summedRate } from './shared.ts';

/** A label of its own for what is listed or watched: whichever of these labels has it, the last that does. Nothing else has a label `object`. */
const objectOf = (query: Query, ...from: readonly (readonly [label: string, regex: string])[]): Query =>
  from.reduce((inner, [label, regex]) => labelReplace(inner, 'object', '$1', label, regex), query);

/** What lists read, by resource: without the path that the cache has before it in Kubernetes before 1.34. */
function listed(config: ControlPlaneConfig): Query {
  const byResource = labelled(config, 'resource');
  const fromEtcd = summedRate(config, 'apiserver_storage_list_fetched_objects_total', ['resource']);
  // While a cluster is upgraded, its API servers have either label.
  const fromCache = aggregate(
    'sum',
    labelled(config, 'object'),
    objectOf(
      rated(config, 'apiserver_cache_list_fetched_objects_total'),
      ['resource_prefix', '(?:.*/)?([^/]+)'],
      ['resource', '(.+)'],
    ),
  );
  return either(
    withLabel(fromEtcd, 'served', 'etcd'),
    withLabel(aggregate('sum', byResource, copied(fromCache, { object: 'resource' })), 'served', 'cache'),
  );
}

/** Records what lists and watches cost. */
export function costRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const each = { labels: ['resource'], cardinality: 'one for each resource' };
  return [
    rule(config, {
      record: names.listObjects,
      expr: listed(config),
      labels: ['resource', 'served'],
      unit: 'objects/s',
      cardinality: 'two for each resource',
      comment:
        'Objects that lists read, from the cache of the API server or from etcd. Those from etcd cost most: a client asked for the newest state, or page by page.',
    }),
    rule(config, {
      ...each,
      record: names.listBytes,
      expr: summedRate(config, 'apiserver_response_sizes', each.labels, { where: { verb: 'LIST' }, suffix: '_sum' }),
      unit: 'bytes/s',
      comment: 'Bytes of the answers to lists. Clients that list often, and watches that begin again, show here first.',
    }),
    rule(config, {
      ...each,
      record: names.watchers,
      expr: aggregate(
        'sum',
        labelled(config, 'resource'),
        gauged(config, 'apiserver_longrunning_requests', { where: { verb: 'WATCH' } }),
      ),
      unit: 'watches',
      comment: 'Watches that are open.',
    }),
    rule(config, {
      record: names.watchEvents,
      expr: aggregate(
        'sum',
        labelled(config, 'object'),
        objectOf(rated(config, 'apiserver_watch_events_total'), ['kind', '(.+)'], ['resource', '(.+)']),
      ),
      labels: ['object'],
      unit: 'events/s',
      cardinality: 'one for each resource',
      comment:
        'Events sent to watches: each change, times the watches that see it. By kind (Pod) before Kubernetes 1.34, by resource (pods) since.',
    }),
    rule(config, {
      ...each,
      record: names.objects,
      expr: promql`${largest(config, 'apiserver_storage_objects', 'resource')} >= 0`,
      unit: 'objects',
      comment: 'Objects that are stored. -1 means that counting failed, and is left out.',
    }),
  ];
}

/** Records etcd as the API servers see it: also where nobody else can. */
export function etcdRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const each = { labels: ['operation'], cardinality: 'one for each operation, about six' };
  return [
    rule(config, {
      ...each,
      record: names.etcdRequests,
      expr: summedRate(config, 'etcd_request_duration_seconds', each.labels, { suffix: '_count' }),
      unit: 'requests/s',
      comment: 'Requests of the API servers to etcd.',
    }),
    rule(config, {
      ...each,
      record: names.etcdErrors,
      expr: summedRate(config, 'etcd_request_errors_total', each.labels),
      unit: 'requests/s',
      comment: 'Those that failed. It should be 0.',
    }),
    rule(config, {
      record: names.etcdLatency,
      expr: quantiles(config, 'etcd_request_duration_seconds', each.labels, ['0.99']),
      labels: ['operation', 'quantile'],
      unit: 'seconds',
      cardinality: each.cardinality,
      comment:
        'One request to etcd in a hundred takes this long or longer. Rough between 0.1 s and 1 s with kube-prometheus-stack, which drops the buckets between.',
    }),
    rule(config, {
      record: names.etcdBytes,
      expr: largest(config, 'apiserver_storage_size_bytes'),
      labels: [],
      unit: 'bytes',
      cardinality: 'one for each cluster',
      comment:
        'Size of the database file of etcd, as the API servers ask for it. The quota is 2 GiB by default, 8 GiB on EKS.',
    }),
  ];
}
