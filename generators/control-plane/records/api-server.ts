import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  either,
  labels,
  type Matchers,
  matches,
  promql,
  type Query,
  selector,
  withLabel,
} from '../../promql/index.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { controlPlaneNames } from './names.ts';
import { gauged, labelled, quantiles, rated, rule, summedRate } from './shared.ts';

/** Requests that end: watches, tunnels and proxies last as long as their client wants. */
const ENDING: Matchers = {
  verb: { operator: '!~', value: 'WATCH|WATCHLIST|CONNECT|PROXY' },
  subresource: { operator: '!~', value: 'proxy|attach|log|exec|portforward' },
};

/** A kind of requests with a promise of its own: 99 % take at most so long. */
interface Kind {
  readonly kind: string;
  readonly where: Matchers;
  /** Bound of a bucket that kube-prometheus-stack keeps. */
  readonly seconds: number;
}

/**
 * The promise of Kubernetes on latency: 1 s for changes and reads of one object, 30 s for reads of a namespace or the cluster, 99 % of them.
 * Upstream: kubernetes/community, sig-scalability/slos/api_call_latency.md.
 */
export const KINDS: readonly Kind[] = [
  { kind: 'change', where: { verb: matches('POST|PUT|PATCH|DELETE|APPLY') }, seconds: 1 },
  { kind: 'read', where: { verb: matches('GET|LIST'), scope: matches('resource|') }, seconds: 1 },
  { kind: 'list', where: { verb: matches('GET|LIST'), scope: matches('namespace|cluster') }, seconds: 30 },
];

const SLI = 'apiserver_request_sli_duration_seconds';

/** Requests of each kind; those that were fast enough with `fast`. */
function byKind(config: ControlPlaneConfig, fast: boolean): readonly Query[] {
  return KINDS.map(({ kind, where, seconds }) => {
    const subresource = ENDING['subresource'] ?? [];
    const matchers: Matchers = { ...where, subresource };
    // Prometheus 3 writes bounds of whole seconds as 1.0.
    const read = fast
      ? ({ where: { ...matchers, le: matches(`${seconds}([.]0)?`) }, suffix: '_bucket', oneBucket: true } as const)
      : ({ where: matchers, suffix: '_count' } as const);
    return withLabel(aggregate('sum', labelled(config), rated(config, SLI, read)), 'kind', kind);
  });
}

/** Records how many requests the API servers get, how long they take, and how many fail. */
export function requestRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const each = { labels: ['verb', 'resource'], cardinality: 'one for each verb and resource that is asked for' };
  const ofKind = { labels: ['kind'], unit: 'requests/s', cardinality: 'three: change, read, list' };
  return [
    rule(config, {
      ...each,
      record: names.requests,
      expr: summedRate(config, 'apiserver_request_total', each.labels),
      unit: 'requests/s',
      comment: 'Requests to the API servers. A watch counts when it ends.',
    }),
    rule(config, {
      record: names.errors,
      expr: summedRate(config, 'apiserver_request_total', [...each.labels, 'code'], {
        where: { code: matches('5..|429') },
      }),
      labels: [...each.labels, 'code'],
      unit: 'requests/s',
      cardinality: 'one for each verb, resource and code that fails',
      comment:
        'Requests that the server failed (5xx) or refused as there were too many (429). Other 4xx are mistakes of the client.',
    }),
    rule(config, {
      record: names.latency,
      expr: quantiles(config, SLI, each.labels, ['0.99'], { where: ENDING }),
      labels: [...each.labels, 'quantile'],
      unit: 'seconds',
      cardinality: each.cardinality,
      comment:
        'One request in a hundred takes this long or longer, without webhooks and without waiting in queues. A figure between 0.1 s and 1 s is rough where ' +
        'the buckets between are not stored, as with kube-prometheus-stack.',
    }),
    rule(config, {
      ...ofKind,
      record: names.sloRequests,
      expr: either(...byKind(config, false)),
      comment:
        'Requests by what Kubernetes promises: changes and reads of one object within 1 s, reads of a namespace or the cluster (list) within 30 s.',
    }),
    rule(config, {
      ...ofKind,
      record: names.sloSlow,
      // After the rule above, in the same group.
      expr: promql`
        clamp_min(
          ${selector(names.sloRequests)}
          - on (${labels(...labelled(config, 'kind'))})
          ${either(...byKind(config, true))},
          0
        )`,
      comment: 'Those of them that took longer. The bounds are buckets that kube-prometheus-stack keeps.',
    }),
  ];
}

/** Records what the API servers hold: requests in flight, and what they use. */
export function processRules(config: ControlPlaneConfig): readonly RecordingRule[] {
  const names = controlPlaneNames(config);
  const each = { labels: ['instance'], cardinality: 'one for each API server' };
  return [
    rule(config, {
      record: names.inflight,
      expr: gauged(config, 'apiserver_current_inflight_requests'),
      labels: ['instance', 'request_kind'],
      unit: 'requests',
      cardinality: 'two for each API server',
      comment:
        'The most requests in flight within the second before the scrape; by default 400 that read and 200 that change fit.',
    }),
    rule(config, {
      ...each,
      record: names.memory,
      expr: gauged(config, 'process_resident_memory_bytes'),
      unit: 'bytes',
      comment:
        'Memory of each API server. Beside what lists read, as a list holds all its objects at once before 1.33.',
    }),
    rule(config, {
      ...each,
      record: names.cpu,
      expr: rated(config, 'process_cpu_seconds_total'),
      unit: 'cores',
      comment: 'CPU of each API server.',
    }),
  ];
}
