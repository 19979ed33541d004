import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  copied,
  duration,
  either,
  labels,
  promql,
  type Query,
  seconds,
  selector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import type { TrafficConfig } from '../config.ts';
import type { Losses, LossCounter } from '../source.ts';
import { eventNames } from './names.ts';

/** The labels of an agent: `instance` is the node in our jobs, so two ports of one agent are one. */
const agentLabels = (config: TrafficConfig): readonly string[] => [...clusterLabels(config), 'instance'];

/** The labels of an agent in the records: with the flow source in `source`. */
export const agentKey = (config: TrafficConfig): readonly string[] => [...agentLabels(config), 'source'];

/** What each agent counts, by `kept` as well. Two jobs that scrape one agent see the same, so the larger one counts. */
const ofAgents = (config: TrafficConfig, series: Query, ...kept: readonly string[]): Query => {
  const by = [...agentLabels(config), ...kept];
  return aggregate('max', by, aggregate('sum', [...by, 'job'], series));
};

const rate = (config: TrafficConfig, { metric, matchers }: Losses['seen']): Query =>
  promql`rate(${selector(metric, matchers)}[${duration(config.rules.window)}])`;

/** Growth of a counter per second, by its labels; of one that begins with its first loss, that loss too. */
function growth(config: TrafficConfig, seen: Losses['seen'], counter: LossCounter): Query {
  if (counter.beginsWithLoss !== true) return rate(config, counter);
  const ago = duration(config.rules.window);
  // Only where the agent was there a window ago: else the counter may be old, and new to this Prometheus only. Any series of its other
  // counter proves that.
  const begun = promql`
    ${selector(counter.metric, counter.matchers)}
    unless
    ${selector(counter.metric)} offset ${ago}
    and on (${labels(...agentLabels(config))})
    ${selector(seen.metric)} offset ${ago}`;
  return either(promql`${begun} / ${seconds(config.rules.window)}`, rate(config, counter));
}

/** Losses of a counter, with the place of the loss in the label `type`. */
function typed(config: TrafficConfig, seen: Losses['seen'], counter: LossCounter): Query {
  const lost = growth(config, seen, counter);
  if ('name' in counter.type) return withLabel(ofAgents(config, lost), 'type', counter.type.name);
  const { label } = counter.type;
  return ofAgents(config, label === 'type' ? lost : copied(lost, { [label]: 'type' }), 'type');
}

/** The sources that count what they lose. */
const counting = ({ sources }: Pick<TrafficConfig, 'sources'>) =>
  sources.flatMap(({ id, lost }) => (lost === undefined ? [] : [{ id, lost }]));

/** Why there are no records of losses; undefined if there are. */
export const noLosses = (config: Pick<TrafficConfig, 'sources'>): string | undefined =>
  counting(config).length > 0 ? undefined : 'the source does not count what it loses';

/** What to do first about losses: by source, where there are several. */
export function remedies(config: Pick<TrafficConfig, 'sources'>): string {
  const all = counting(config);
  return all.map(({ id, lost }) => (all.length === 1 ? lost.remedy : `for ${id}, ${lost.remedy}`)).join('; ');
}

/** Whether the check of losses reads all flows, for want of another counter of what was seen. */
export const readsAllFlows = (config: TrafficConfig): boolean =>
  counting(config).some(({ lost }) => config.inputs.some(({ metric }) => metric === lost.seen.metric));

/** What each agent handled and lost, and the share that it lost; none if no source counts its losses. */
export function lossRules(config: TrafficConfig): readonly RecordingRule[] {
  const all = counting(config);
  if (all.length === 0) return [];
  const names = eventNames(config);
  const key = agentKey(config);
  const [seen, lost] = [selector(names.seen), selector(names.lost)];
  const none = promql`
    ${withLabel(promql`0 * ${seen}`, 'type', 'none')}
    unless on (${labels(...key)})
    ${lost}`;
  return [
    {
      record: names.seen,
      expr: either(
        ...all.map(({ id, lost: { seen: counter } }) =>
          withLabel(ofAgents(config, rate(config, counter)), 'source', id),
        ),
      ),
      labels: key,
      unit: 'events/s or packets/s',
      cardinality: 'one for each agent',
      comment: 'What each agent handled, in the unit in which it counts what it loses.',
    },
    {
      record: names.lost,
      expr: either(
        ...all.flatMap(({ id, lost: { seen: handled, counters } }) =>
          counters.map((counter) => withLabel(typed(config, handled, counter), 'source', id)),
        ),
      ),
      labels: [...key, 'type'],
      unit: 'events/s or packets/s',
      cardinality: 'one for each place where an agent can lose them',
      comment:
        'What each agent lost before it counted it, by the place of the loss. A series that begins with its first loss counts from there.',
    },
    {
      record: names.lostShare,
      expr: promql`
        ${either(lost, none)}
        / on (${labels(...key)}) group_left ()
        (
          sum by (${labels(...key)}) (
            ${either(lost, seen)}
          ) > 0
        )`,
      labels: [...key, 'type'],
      unit: 'ratio',
      cardinality: 'one for each place where an agent can lose them, or one of type none',
      comment:
        'Lost events as a share (0 to 1) of all that were lost or handled. The types of an agent add up to its whole loss; 0 of type ' +
        'none where it has not lost any.',
    },
  ];
}
