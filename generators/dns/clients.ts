import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  duration,
  join,
  labelReplace,
  not,
  promql,
  type Query,
  recorded,
  selector,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { POD_IDENTITY } from '../identity/index.ts';
import { dnsNames } from './names.ts';
import type { DnsConfig } from './settings.ts';

type Source = DnsConfig['sources'][number];
type Counters = Extract<Exclude<Source['dns'], undefined>, { readonly queries: string }>;

/** A source whose counters say who asks. */
export interface Asking {
  readonly source: Source;
  readonly counters: Counters;
}

/** The source whose counters say who asks, or why there is none. */
export function asking({ dns, sources }: DnsConfig): Asking | { readonly reason: string } {
  const reasons = sources.map((source): Asking | string => {
    const counters = source.dns;
    if (counters === undefined) return `${source.id} does not count DNS`;
    if ('reason' in counters) return counters.reason;
    if (counters.withNames === true && !dns.names) return 'dns.names is false';
    return { source, counters };
  });
  const found = reasons.find((one) => typeof one !== 'string');
  if (found === undefined) return { reason: reasons.map(String).join('; ') || 'flows.source is none' };
  // Last, as it decides nothing where no source can say it.
  return dns.clients ? found : { reason: 'dns.clients is false' };
}

/**
 * The rate of messages of each pod with a DNS server, as its own node sees them: the messages of others pass other nodes too. Labels `by` are
 * kept beside the workload of the pod.
 */
function byWorkload(
  config: DnsConfig,
  { source }: Asking,
  {
    metric,
    side,
    by,
  }: { readonly metric: string; readonly side: 'source' | 'destination'; readonly by: readonly string[] },
): Query {
  const cluster = clusterLabels(config);
  const { namespace, pod } = source.ends[side];
  if (namespace === undefined || pod === undefined) throw new TypeError(`${source.id} counts DNS, but names no pods`);
  const messages = promql`rate(${selector(metric, { [pod]: not('') })}[${duration(config.rules.window)}])`;
  const seen = aggregate('sum', [...cluster, 'node', namespace, pod, ...by], messages);
  const named = copied(seen, { [namespace]: 'namespace', [pod]: 'pod' });
  // With the node in its key, the join keeps only what the agent on the pod's own node says.
  const identity = recorded(POD_IDENTITY, [...cluster, 'namespace', 'pod', 'node']);
  return aggregate('sum', [...clientLabels(config), ...by], join(named, identity, ['workload_type', 'workload']));
}

/** Labels of a workload that asks. */
export const clientLabels = (config: DnsConfig): readonly string[] => [
  ...clusterLabels(config),
  'namespace',
  'workload_type',
  'workload',
];

/** Answers by code, under its name in DNS and in the label `rcode`, whatever the source calls either. */
function standard(config: DnsConfig, query: Query, { rcode, codes }: Counters): Query {
  const named = Object.entries(codes).reduce(
    (inner, [code, name]) => labelReplace(inner, 'rcode', code, 'rcode', name),
    rcode === 'rcode' ? query : copied(query, { [rcode]: 'rcode' }),
  );
  return rcode === 'rcode' ? named : aggregate('sum', [...clientLabels(config), 'rcode'], named);
}

/** Records which workloads ask, and what they are told. */
export function clientRules(config: DnsConfig, from: Asking): readonly RecordingRule[] {
  const names = dnsNames(config);
  const own = clientLabels(config);
  const { queries, answers, rcode } = from.counters;
  const answered = byWorkload(config, from, { metric: answers, side: 'destination', by: [rcode] });
  return [
    {
      record: names.queries,
      expr: byWorkload(config, from, { metric: queries, side: 'source', by: [] }),
      labels: own,
      unit: 'queries/s',
      cardinality: 'one for each workload that asks',
      comment: `Queries of each workload, each counted once: on the node of the pod that asks. Not seen: ${from.counters.blindSpot}`,
    },
    {
      record: names.answers,
      expr: standard(config, answered, from.counters),
      labels: [...own, 'rcode'],
      unit: 'answers/s',
      cardinality: 'one for each workload that asks and code of answers',
      comment:
        'Answers to each workload by code. Many NXDOMAIN are names that its search path completes, or that do not exist.',
    },
  ];
}
