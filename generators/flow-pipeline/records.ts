import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  labels,
  type Matchers,
  not,
  promql,
  type Query,
  seconds,
  selector,
} from '../promql/index.ts';
import { POD_WORKING_SET, podCpuName, podPeriodsName } from '../shared/record-names.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { agentKey, kindKey, named, type Observer, observersOf, podsOf, scrapeKey, scrapesOf } from './agents.ts';
import { pipelineNames, REMEMBERED } from './names.ts';
import type { PipelineConfig } from './settings.ts';

/** Agents that Prometheus scrapes. */
export const scraped = (config: PipelineConfig): readonly Observer[] =>
  observersOf(config).filter(({ jobs }) => jobs.length > 0);

/** Agents of which something tells whether they run: scrapes of theirs, else what cAdvisor says of their pods. */
const known = (config: PipelineConfig): readonly Observer[] =>
  observersOf(config).filter(({ jobs }) => jobs.length > 0 || config.workloads.resources);

/** Those that each node must have. */
export const everywhere = (config: PipelineConfig): readonly Observer[] =>
  known(config).filter(({ onEveryNode }) => onEveryNode);

/** Those that may run anywhere. */
export const central = (config: PipelineConfig): readonly Observer[] =>
  known(config).filter(({ onEveryNode }) => !onEveryNode);

/** Whether an agent works, by node. */
const upOf = (config: PipelineConfig, observer: Observer): Query =>
  observer.jobs.length > 0
    ? aggregate('min', scrapeKey(config), ofTargets(config, selector('up', scrapesOf(observer))))
    : aggregate('group', scrapeKey(config), selector(podCpuName(config.rules.window), podsOf(observer)));

/** Agents that tell how much waits in a queue of theirs. */
export const queueing = (config: PipelineConfig): readonly Observer[] =>
  observersOf(config).filter(({ queue }) => queue !== undefined);

/** Series of all agents of a list. */
const ofAll = (observers: readonly Observer[], query: (observer: Observer) => Query): Query =>
  either(...observers.map((observer) => named(observer, query(observer))));

/** One series for each target: replicas of Prometheus scrape a target twice. */
const ofTargets = (config: PipelineConfig, query: Query): Query =>
  aggregate('max', [...scrapeKey(config), 'job', 'instance'], query);

/** The nodes on which these agents must run, as series of each kind of agent. */
function expectedRule(config: PipelineConfig): RecordingRule {
  const { flowPipeline, rules } = config;
  const where: Matchers = {
    node: [not(''), { operator: '!~', value: flowPipeline.nodesWithout }],
    os_image: { operator: '!~', value: 'Windows.*' },
  };
  const nodes = promql`last_over_time(${stateMetric('kube_node_info', where)}[${duration(rules.window)}])`;
  return {
    record: pipelineNames(config).expected,
    expr: ofAll(everywhere(config), () => aggregate('group', scrapeKey(config), nodes)),
    labels: agentKey(config),
    unit: '1',
    cardinality: 'one for each node and kind of agent',
    comment:
      'Nodes that must have an agent: all that kube-state-metrics knows, but for those of flowPipeline.nodesWithout and those with Windows. They are ' +
      'remembered for one window, so that a restart of kube-state-metrics resets no alert.',
  };
}

/** Whether agents answer, and which nodes lack one. */
export function upRules(config: PipelineConfig): readonly RecordingRule[] {
  const names = pipelineNames(config);
  const [key, kind] = [agentKey(config), kindKey(config)];
  const up = selector(names.up);
  const answering = promql`${up} == 1`;
  const rules: readonly RecordingRule[] =
    known(config).length === 0
      ? []
      : [
          {
            record: names.up,
            expr: ofAll(known(config), (observer) => upOf(config, observer)),
            labels: key,
            unit: '0 or 1',
            cardinality: 'one for each agent',
            comment:
              'Whether each agent answers Prometheus: 0 if any of its ports does not. Replicas of Prometheus that scrape one port count once. ' +
              'Agents that export nothing count as up while cAdvisor sees their containers.',
          },
        ];
  if (everywhere(config).length === 0) return rules;
  const nodes = selector(names.expected);
  const total = promql`count by (${labels(...kind)}) (${nodes})`;
  return [
    ...rules,
    expectedRule(config),
    {
      record: names.missing,
      expr: promql`
        ${nodes}
        unless on (${labels(...key)})
        (
          ${answering}
          and on (${labels(...key)})
          avg_over_time(${up}[${duration(REMEMBERED)}]) > 0.5
        )
        and on (${labels(...kind)})
        ${selector(names.up, { node: not('') })} == 1`,
      labels: key,
      unit: '1',
      cardinality: 'one for each node without an agent that works',
      comment:
        'Nodes whose agent does not answer, answered less than half of the last 15 minutes (it crashes again and again), or is not there at all. ' +
        'Only where another agent of the cluster answers: FlowSourceSilent covers clusters without any.',
    },
    {
      record: names.coverage,
      expr: promql`
        (
          count by (${labels(...kind)}) (
            ${nodes}
            and on (${labels(...key)})
            ${answering}
          )
          or on (${labels(...kind)})
          0 * ${total}
        )
        / on (${labels(...kind)})
        ${total}`,
      labels: kind,
      unit: '0 to 1',
      cardinality: 'one for each kind of agent',
      comment:
        'The share of nodes with an agent that answers. Traffic of the others is seen from the other end, or not at all.',
    },
  ];
}

/** What agents expose, and how much of it is new. */
export function seriesRules(config: PipelineConfig): readonly RecordingRule[] {
  if (scraped(config).length === 0) return [];
  const names = pipelineNames(config);
  const window = config.rules.window;
  const key = scrapeKey(config);
  const each = { labels: agentKey(config), cardinality: 'one for each agent' };
  const queues = queueing(config);
  return [
    {
      ...each,
      record: names.series,
      expr: ofAll(scraped(config), (observer) =>
        aggregate('sum', key, ofTargets(config, selector('scrape_samples_scraped', scrapesOf(observer)))),
      ),
      unit: 'series',
      comment: 'Series that each agent exposes, over all of its ports. A port that does not answer has none.',
    },
    {
      ...each,
      record: names.seriesAdded,
      expr: ofAll(
        scraped(config),
        (observer) => promql`
          ${aggregate(
            'sum',
            key,
            ofTargets(
              config,
              promql`sum_over_time(${selector('scrape_series_added', scrapesOf(observer))}[${duration(window)}])`,
            ),
          )}
          / ${seconds(window)}`,
      ),
      unit: 'series/s',
      comment:
        'Series of each agent that its last scrape did not have. Prometheus keeps each for hours, so what comes and goes costs as much as what stays.',
    },
    ...(queues.length === 0
      ? []
      : [
          {
            ...each,
            record: names.queued,
            expr: ofAll(queues, ({ queue }) =>
              aggregate('max', key, selector(queue?.metric ?? '', { ...queue?.matchers })),
            ),
            unit: 'flows',
            comment: `How much waits in the queue of each agent: ${queues.map(({ queue }) => queue?.what).join('; ')}.`,
          },
        ]),
  ];
}

/** What agents use, from the records of pods. */
export function usageRules(config: PipelineConfig): readonly RecordingRule[] {
  const names = pipelineNames(config);
  const { window } = config.rules;
  const key = scrapeKey(config);
  const all = observersOf(config);
  const total = (record: string) => (observer: Observer) => aggregate('sum', key, selector(record, podsOf(observer)));
  const each = { labels: agentKey(config), cardinality: 'one for each agent' };
  return [
    {
      ...each,
      record: names.cpu,
      expr: ofAll(all, total(podCpuName(window))),
      unit: 'cores',
      comment: 'CPU that each agent uses, from what cAdvisor says of its pods.',
    },
    {
      ...each,
      record: names.memory,
      expr: ofAll(all, total(POD_WORKING_SET)),
      unit: 'bytes',
      comment: 'Memory of each agent that the kernel cannot drop at once. Maps of eBPF are not in it with cgroups v1.',
    },
    {
      ...each,
      record: names.throttled,
      expr: ofAll(
        all,
        (observer) => promql`
          ${total(podPeriodsName('throttled_periods', window))(observer)}
          / on (${labels(...key)})
          (${total(podPeriodsName('periods', window))(observer)} > 0)`,
      ),
      unit: '0 to 1',
      cardinality: 'one for each agent with a CPU limit',
      comment: 'The share of their periods in which agents waited for CPU. An agent that waits loses events.',
    },
  ];
}
