import { seconds } from '../promql/index.ts';
import { LABEL_NAME, LABELS, LINE, LINK, PROMETHEUS_DURATION, matching } from '../schema/formats.ts';
import { choice, flag, list, namespace, orNull, section, value, when } from '../schema/settings.ts';
import { ADDRESS_SOURCES, CIDR } from './ranges.ts';
import type { Names, Slice } from './section.ts';

/** The cluster; its label is on every series. */
export const CLUSTER = section('The cluster.', {
  label: value(
    orNull(LABEL_NAME),
    'cluster',
    'Label that identifies the cluster on every series. null: the metrics store holds one cluster and has no such label.',
  ),
  name: when(
    { 'cluster.label': true },
    value(
      { ...LINE, minLength: 1 },
      'production',
      'Value of the cluster label. The generated scrape configurations add it to every series.',
    ),
  ),
  cidrs: when(
    { 'flows.source': ADDRESS_SOURCES },
    list(
      CIDR,
      [],
      'Ranges of addresses of the cluster: of its nodes, pods and Services. An address in them without a known pod, node or Service has the reason unplaced instead ' +
        'of outside. They apply to every cluster of the metrics store.',
    ),
  ),
});

/** Scraping. */
export const SCRAPE = section('Scraping.', {
  interval: value(PROMETHEUS_DURATION, '30s', 'Scrape interval of the metrics that the rules read; at most 5m.'),
});

/** Recording and alerting rules. */
export const RULES = section('Recording and alerting rules.', {
  interval: value(
    PROMETHEUS_DURATION,
    '1m',
    'Evaluation interval of every rule group; at most 5m, with vmalert at most 2m.',
  ),
  ruler: choice(
    ['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp'],
    'prometheus',
    'What evaluates the rules: RuleEvaluationFailing and RuleGroupSlow read its metrics. amp (Amazon Managed Service for Prometheus) has ' +
      'none, so both are left out.',
  ),
  window: value(
    PROMETHEUS_DURATION,
    '5m',
    'Range of every rate(). At least 4 scrape intervals, and at least one evaluation interval plus one scrape interval.',
  ),
  infoLookback: value(
    PROMETHEUS_DURATION,
    '10m',
    'How long the rules can still resolve a pod, node or workload after its last sample. At least rules.window.',
  ),
  labels: value(
    { type: 'object', propertyNames: LABEL_NAME, additionalProperties: LINE },
    {},
    'Labels added to every alerting rule, for example for routing in Alertmanager.',
  ),
  keepFiringFor: flag(
    true,
    'Whether alerts keep firing for a time after their condition has cleared. false leaves keep_firing_for out, which rulers older than Prometheus 2.42 refuse.',
  ),
  runbookBaseUrl: value(
    LINK,
    'docs/runbooks',
    'URL or path where docs/runbooks is published. Alerts link to <base>/<AlertName>.md.',
  ),
  compatibilityRecords: when(
    { 'flows.source': ['retina-hubble', 'cilium-hubble'] },
    flag(
      false,
      'Also record the series pod:*, node:* and traffic:hubble_flows_processed_total:*, for existing queries and dashboards that use these names. ' +
        'Adds two series per flow series, and takes longer to evaluate than all other rules together.',
    ),
  ),
});

/** Kubernetes. */
export const KUBERNETES = section('Kubernetes.', {
  version: value(
    matching(
      '^1\\.[1-9][0-9]$',
      'major and minor version of Kubernetes in quotes, such as "1.33" (without quotes YAML reads 1.30 as 1.3)',
    ),
    '1.33',
    'Minor version of the control plane, in quotes. Some fields of generated objects depend on it.',
  ),
});

/** PodMonitors, and the labels of all PodMonitors and ServiceMonitors. */
export const MONITORS = section(
  'PodMonitors for the Prometheus Operator, instead of scrape jobs in the values for kube-prometheus-stack.',
  {
    enabled: flag(
      false,
      'Whether to write PodMonitors. The values for kube-prometheus-stack then contain no scrape jobs, so that nothing is scraped twice.',
    ),
    namespace: when({ 'monitors.enabled': true }, namespace('monitoring', 'the PodMonitors')),
    labels: value(
      LABELS,
      { release: 'kube-prometheus-stack' },
      'Labels by which Prometheus selects PodMonitors and ServiceMonitors. Replaces the default as a whole.',
    ),
  },
);

/** Rules and dashboards as Kubernetes objects. */
export const PACKAGING = section('Rules and dashboards as Kubernetes objects.', {
  apply: choice(
    ['server-side', 'client-side'],
    'server-side',
    'How you apply the objects. client-side: kubectl stores a copy of each object in an annotation, so the build rejects objects ' +
      'larger than 262,144 bytes.',
  ),
});

/** Output formats to write. */
export const TARGETS = ({ outputs }: Names) => ({
  ...list(
    { enum: outputs },
    ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests', 'grafana'],
    'Output formats to write.',
    { minItems: 1 },
  ),
  note: true,
});

/** Outputs whose rules are evaluated once they are applied. Plain rule files are loaded by hand, and the values yield to these. */
const RULE_LOADERS: readonly string[] = ['amp', 'prometheus-operator'];

/**
 * The outputs that load the rules. Where there are none, the values for kube-prometheus-stack bring them.
 * @example ruleLoaders({ targets: ['amp', 'grafana'] }) // ['amp']
 */
export const ruleLoaders = ({ targets }: { readonly targets: readonly unknown[] }): readonly string[] =>
  RULE_LOADERS.filter((id) => targets.includes(id));

/** Files in the output folders that do not belong to Azimuth. */
export const KEEP = {
  ...list(
    { type: 'string', minLength: 1 },
    [],
    'Your own files in the output folders, or folders with a trailing slash. check does not report them as foreign.',
  ),
  note: true,
};

/** How long after its last sample a query still finds a series, in every engine. Upstream: Prometheus, --query.lookback-delta. */
export const LOOKBACK = '5m';

/**
 * The longest interval at which the groups still find each other's records. vmalert dates samples down to the interval and writes them up
 * to an interval later, so the newest one is up to two intervals old; a minute is left for evaluating and writing. Upstream: app/vmalert/rule/group.go, adjustReqTimestamp.
 */
export const longestInterval = (ruler: string): string => (ruler === 'vmalert' ? '2m' : LOOKBACK);

/**
 * The interval of a group that runs less often than others: `times` intervals, but at most four minutes (or `atMost` seconds), so that the graphs
 * of its records have no gaps. `rules.interval` where that is longer.
 */
export function slower(
  { interval, ruler }: Slice<{ rules: typeof RULES }>['rules'],
  times: number,
  atMost = 240,
): string {
  const slow = Math.min(times * seconds(interval), atMost, seconds(longestInterval(ruler)));
  return slow > seconds(interval) ? `${Math.max(1, Math.round(slow))}s` : interval;
}

/** The cluster label as a list, to prepend to other labels; empty if `cluster.label` is null. */
export const clusterLabels = ({ cluster }: Slice<{ cluster: typeof CLUSTER }>): readonly string[] =>
  cluster.label === null ? [] : [cluster.label];
