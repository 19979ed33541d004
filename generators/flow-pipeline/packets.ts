import { POD_IDENTITY } from '../identity/index.ts';
import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  duration,
  either,
  join,
  type Matchers,
  matches,
  promql,
  type Query,
  recorded,
  selector,
  withLabel,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { PacketCounter, PacketCounters } from '../shared/agents.ts';
import { pipelineNames } from './names.ts';
import type { PipelineConfig } from './settings.ts';

/** A source with counters of packets that go wrong. */
interface Counting {
  readonly id: string;
  readonly counters: PacketCounters;
}

/** The sources that count packets that go wrong. */
const counting = ({ sources }: Pick<PipelineConfig, 'sources'>): readonly Counting[] =>
  sources.flatMap(({ id, packets }) => ('reason' in packets ? [] : [{ id, counters: packets }]));

/** The sources with one of these counters. */
const having = <K extends keyof PacketCounters>(config: PipelineConfig, kind: K) =>
  counting(config).flatMap(({ id, counters }) => {
    const counter = counters[kind];
    return counter === undefined ? [] : [{ id, counter }];
  });

/** Why there is no record of a kind of packets; undefined if there is. */
export function noPackets(config: PipelineConfig, kind?: keyof PacketCounters): string | undefined {
  const { sources, flowPipeline } = config;
  if (!flowPipeline.enabled) return 'flowPipeline.enabled is false';
  if (counting(config).length === 0)
    return (
      sources.map(({ packets }) => ('reason' in packets ? packets.reason : '')).join('; ') || 'flows.source is none'
    );
  if (!flowPipeline.packets) return 'flowPipeline.packets is false';
  if (kind === undefined || having(config, kind).length > 0) return undefined;
  return `${counting(config)
    .map(({ id }) => id)
    .join(', ')} counts no ${kind}`;
}

/** No pod: sources leave the label empty or say so. */
const NOBODY = '|unknown';

/** What each agent counts per second, by labels. Two jobs that scrape one agent see the same, so the larger one counts. */
function rateOf(config: PipelineConfig, metric: string, where: Matchers, by: readonly string[]): Query {
  const agent = [...clusterLabels(config), 'node', 'instance', ...by];
  const rate = promql`rate(${selector(metric, where)}[${duration(config.rules.window)}])`;
  return aggregate('max', agent, aggregate('sum', [...agent, 'job'], rate));
}

/** The packets of each workload at the first end that is a pod; labels `by` are kept. `where` is the node of the agent that counts, or any. */
function byWorkload(
  config: PipelineConfig,
  { metric, matchers, ends }: PacketCounter,
  by: readonly string[],
  where: 'own node' | 'any node',
): Query {
  const cluster = clusterLabels(config);
  // With the node in the key, only what the agent on the pod's own node says is left: agents of both ends see a packet.
  const place = where === 'own node' ? ['node'] : [];
  const parts = ends.map(({ namespace, pod }, index) => {
    const earlier = Object.fromEntries(ends.slice(0, index).map((end) => [end.pod, matches(NOBODY)]));
    const isPod: Matchers = { ...matchers, ...earlier, [pod]: { operator: '!~', value: NOBODY } };
    const seen = aggregate(
      'sum',
      [...cluster, ...place, namespace, pod, ...by],
      rateOf(config, metric, isPod, [namespace, pod, ...by]),
    );
    const renamed = { ...(namespace !== 'namespace' && { [namespace]: 'namespace' }), [pod]: 'pod' };
    // Only under the new names, as a pod may be at either end.
    return aggregate('sum', [...cluster, ...place, 'namespace', 'pod', ...by], copied(seen, renamed));
  });
  const identity = recorded(POD_IDENTITY, [...cluster, 'namespace', 'pod', ...place]);
  const own = [...cluster, 'namespace', 'workload_type', 'workload', ...by];
  const [first, ...others] = parts.map((part) =>
    aggregate('sum', own, join(part, identity, ['workload_type', 'workload'])),
  );
  if (first === undefined) throw new TypeError(`${metric} names no end`);
  if (others.length === 0) return first;
  const marked = [first, ...others].map((part, index) => withLabel(part, 'end', String(index)));
  return aggregate('sum', own, either(...marked));
}

/** Packets of workloads, summed over the sources that count them. */
function ofWorkloads(config: PipelineConfig, kind: 'resets' | 'retransmits'): Query {
  const parts = having(config, kind).map(({ id, counter }) =>
    withLabel(byWorkload(config, counter, [], 'own node'), 'source', id),
  );
  return either(...parts);
}

/** Puts the reason of a drop into the label `reason`. */
const perReason = (query: Query, reason: string): Query =>
  reason === 'reason' ? query : copied(query, { [reason]: 'reason' });

/** Records packets that are dropped, reset connections, or are sent again. */
export function packetRules(config: PipelineConfig): readonly RecordingRule[] {
  if (noPackets(config) !== undefined) return [];
  const names = pipelineNames(config);
  const cluster = clusterLabels(config);
  const own = [...cluster, 'source', 'namespace', 'workload_type', 'workload'];
  const drops = having(config, 'drops');
  const of = (expr: (one: (typeof drops)[number]) => Query): Query =>
    either(...drops.map((one) => withLabel(expr(one), 'source', one.id)));
  const each = (record: string, kind: 'resets' | 'retransmits', comment: string): readonly RecordingRule[] =>
    noPackets(config, kind) === undefined
      ? [
          {
            record,
            expr: ofWorkloads(config, kind),
            labels: own,
            unit: 'packets/s',
            cardinality: 'one for each workload that sends any',
            comment,
          },
        ]
      : [];
  return [
    ...(drops.length === 0
      ? []
      : [
          {
            record: names.dropsByReason,
            expr: of(({ counter: { metric, matchers, reason } }) =>
              perReason(aggregate('sum', [...cluster, reason], rateOf(config, metric, matchers, [reason])), reason),
            ),
            labels: [...cluster, 'source', 'reason'],
            unit: 'packets/s',
            cardinality: 'one for each reason',
            comment:
              'All packets that were dropped, whoever sent them, by the reason that the kernel or a policy gives.',
          },
          {
            record: names.drops,
            expr: of(({ counter }) =>
              perReason(byWorkload(config, counter, [counter.reason], 'any node'), counter.reason),
            ),
            labels: [...own, 'reason'],
            unit: 'packets/s',
            cardinality: 'one for each workload with drops and reason',
            comment:
              'Dropped packets of each workload: of that which sent them, or where that is no pod, of that which should have received them. Those of pods ' +
              'that nobody describes are in the record by reason only.',
          },
        ]),
    ...each(
      names.resets,
      'resets',
      'Packets with the flag RST that each workload sends, as the agent on its own node sees them. With dataAggregationLevel low, Hubble sees one at the ' +
        'interface of the pod and again at that of the node.',
    ),
    ...each(
      names.retransmits,
      'retransmits',
      'TCP segments that each workload sends again, as the kernel of its node counts them.',
    ),
  ];
}
