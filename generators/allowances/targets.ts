import type { RecordingRule } from '../model/rules.ts';
import {
  aggregate,
  copied,
  duration,
  either,
  firstOf,
  join,
  labelReplace,
  labels,
  newest,
  not,
  promql,
  type Query,
  quotedList,
  recorded,
  selector,
  UniqueVector,
} from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import { stateMetric } from '../shared/state-metrics.ts';
import { listed } from '../schema/problems.ts';
import { type EthtoolExporter, ourJob } from './exporter.ts';
import type { AllowancesConfig } from './settings.ts';

/**
 * What the records are about: packets over an allowance, or connection tracking. Each has targets of its own, as its rules are a group of
 * their own: a group that read the other's targets would drop the first figures of a node.
 */
type Subject = 'allowance' | 'conntrack';

const targets = (subject: Subject): string => `metric:${subject}_target:info`;
const counted = (subject: Subject): string => `metric:${subject}_target_node:info`;

/** Labels of a record by interface. */
export const interfaceLabels = (config: AllowancesConfig): readonly string[] => [
  ...clusterLabels(config),
  'instance',
  'device',
  'node',
];
/** Labels of a record by node. */
export const instanceLabels = (config: AllowancesConfig): readonly string[] => [
  ...clusterLabels(config),
  'instance',
  'node',
];

/** What tells the targets of a store apart. `node` is empty where the scrape configuration does not set it. */
const targetKey = (config: AllowancesConfig): readonly string[] => [
  ...clusterLabels(config),
  'job',
  'instance',
  'node',
];

/** The host of an instance such as `10.0.1.10:9100` or `[fd00::1]:9100`, as the first or the second group. */
const HOST = String.raw`\[(.+)\](?::[0-9]+)?|([^:]+)(?::[0-9]+)?`;

/**
 * The node behind a host name or an address, if kube-state-metrics tells. Nodes are remembered for half an hour, so that a restart of
 * kube-state-metrics does not rename targets; of two nodes that had an address, the one seen last wins.
 */
function nodesByHost(config: AllowancesConfig): UniqueVector {
  // Without the matcher, a node without the label would be that of every target without a host.
  const by = (label: 'internal_ip' | 'node') => {
    const seen = promql`timestamp(${stateMetric('kube_node_info', { [label]: not('') })})`;
    const last = promql`max_over_time(${seen}[30m:${duration(config.rules.interval)}])`;
    return labelReplace(copied(last, { node: 'name' }), 'host', '$1', label, '(.*)');
  };
  const candidates = either(by('internal_ip'), by('node'));
  return newest([...clusterLabels(config), 'host'], ['name'], candidates);
}

const ourJobs = (exporters: readonly EthtoolExporter[]): string =>
  exporters.length === 1
    ? `the job ${exporters[0]?.job ?? ''} where it reports`
    : `the jobs ${listed(
        exporters.map(({ job }) => job),
        'and',
      )} where one of them reports`;

/**
 * Records every target, and those that count, with the node in the label `name` where it is known.
 * @param series the series of the exporters by which targets are known.
 */
export function targetRules(
  config: AllowancesConfig,
  exporters: readonly EthtoolExporter[],
  subject: Subject,
  series: readonly Query[],
): readonly RecordingRule[] {
  const key = targetKey(config);
  const ours = selector(targets(subject), { job: ourJob(exporters) });
  const all = selector(targets(subject));
  const counting = either(ours, promql`${all} unless on (${labels(...clusterLabels(config))}) ${ours}`);
  const own = labelReplace(counting, 'name', '$1', 'node', '(.+)');
  // A node label is right whatever the address is, so its target gets no host, and no node by it.
  const host = labelReplace(labelReplace(own, 'host', '$1$2', 'instance', HOST), 'host', '', 'node', '.+');
  const byHost = new UniqueVector(join(host, nodesByHost(config), ['name']), key);
  const shared = { unit: '1', cardinality: 'one for each target of an exporter' };
  return [
    {
      ...shared,
      record: targets(subject),
      expr: aggregate(
        'group',
        key,
        either(...series.map((each) => promql`last_over_time(${each}[${duration(config.rules.window)}])`)),
      ),
      labels: key,
      comment: 'Every target within the window.',
    },
    {
      ...shared,
      record: counted(subject),
      expr: aggregate('group', [...key, 'name'], firstOf(byHost, new UniqueVector(own, key)).query),
      labels: [...key, 'name'],
      comment:
        `The targets that count: those of ${ourJobs(exporters)}, as another exporter with the same statistics (such as ` +
        'node_exporter of kube-prometheus-stack) repeats them; elsewhere all. The label name is the node: that of the label ' +
        'node, else the one with the address or name of the target in kube_node_info.',
    },
  ];
}

/**
 * The series that count, with the name of the node as `node` and `instance` where it is known. Several targets of a node have these labels in
 * common then: aggregate. The label `host` keeps them apart until that, as two series with the same labels would fail the whole rule.
 */
export function onNodes(config: AllowancesConfig, subject: Subject, series: Query): Query {
  const known = join(series, recorded(counted(subject), targetKey(config)), ['name']);
  const apart = promql`
    label_join(
      ${known},
      ${quotedList('host', '/', 'instance', 'node')}
    )`;
  return labelReplace(labelReplace(apart, 'instance', '$1', 'name', '(.+)'), 'node', '$1', 'name', '(.+)');
}
