import type { RecordingRule } from '../../model/rules.ts';
import {
  aggregate,
  duration,
  either,
  type Fragment,
  type Matchers,
  promql,
  type Query,
  selector,
  withLabel,
} from '../../promql/index.ts';
import { clusterLabels } from '../../settings/general.ts';
import { labelsOf, METRICS, type Metric, type MetricName } from '../metrics.ts';
import { type ControlPlaneConfig, JOBS } from '../settings.ts';

export const windowOf = ({ rules }: ControlPlaneConfig): Fragment => duration(rules.window);

/** Matchers of the job that exposes a metric: extension API servers, kubelets and operators have metrics of the same names. */
function ofJob(name: MetricName): Matchers {
  const { from }: Metric = METRICS[name];
  return from === 'stateMetrics' ? {} : { job: JOBS[from] };
}

/** What is read of a metric: matchers, its series (`_bucket` and so on), and labels that identify the process. */
interface Read {
  readonly where?: Matchers;
  readonly suffix?: '_bucket' | '_count' | '_sum';
  /** Whether `where` leaves one bucket only. */
  readonly oneBucket?: boolean;
  /** `leader` where one of several replicas works: the largest value counts, whoever exposes it. EKS shows one at each of its API servers. */
  readonly process?: 'instance' | 'node' | 'leader';
}

/**
 * All labels of the series of a process, so that the same process scraped twice counts once. Without `le` where one bucket is read: Prometheus 3
 * writes its bound otherwise than 2, and of two replicas that differ in that, each has it.
 */
function ownLabels(
  config: ControlPlaneConfig,
  name: MetricName,
  { suffix, process = 'instance', oneBucket = false }: Read,
): readonly string[] {
  return [
    ...clusterLabels(config),
    ...(process === 'leader' ? [] : [process]),
    ...labelsOf(name),
    ...(suffix === '_bucket' && !oneBucket ? ['le'] : []),
  ];
}

/** The rate of a counter, each process counted once: of two scrapes of one process (two replicas of Prometheus, two jobs), the larger counts. */
export const rated = (config: ControlPlaneConfig, name: MetricName, read: Read = {}): Query =>
  aggregate(
    'max',
    ownLabels(config, name, read),
    promql`rate(${selector(`${name}${read.suffix ?? ''}`, { ...ofJob(name), ...read.where })}[${windowOf(config)}])`,
  );

/** A gauge, each process counted once. */
export const gauged = (config: ControlPlaneConfig, name: MetricName, read: Read = {}): Query =>
  aggregate('max', ownLabels(config, name, read), selector(name, { ...ofJob(name), ...read.where }));

/** The largest value of a gauge by labels, whoever exposes it. */
export const largest = (config: ControlPlaneConfig, name: MetricName, ...by: readonly string[]): Query =>
  aggregate('max', labelled(config, ...by), selector(name, ofJob(name)));

/** Labels with that of the cluster. */
export const labelled = (config: ControlPlaneConfig, ...names: readonly string[]): readonly string[] => [
  ...clusterLabels(config),
  ...names,
];

/** The sum of a counter over all processes, by labels. */
export function summedRate(
  config: ControlPlaneConfig,
  name: MetricName,
  by: readonly string[],
  read: Read = {},
): Query {
  const kept = new Set(labelled(config, ...by));
  const each = rated(config, name, read);
  // By all labels that there are, each sum would be of one series.
  return ownLabels(config, name, read).every((label) => kept.has(label)) ? each : aggregate('sum', [...kept], each);
}

/**
 * Quantiles of a histogram over all processes, by labels and `quantile`. They fall between the bounds of the buckets that are stored: kube-prometheus-stack
 * drops most of those of the API server, and keeps 5, 25, 50 and 100 ms, 1, 5, 8, 10, 30 and 60 s.
 */
export const quantiles = (
  config: ControlPlaneConfig,
  name: MetricName,
  by: readonly string[],
  wanted: readonly string[],
  read: Read = {},
): Query =>
  either(
    ...wanted.map((quantile) =>
      withLabel(
        promql`histogram_quantile(${Number(quantile)}, ${summedRate(config, name, [...by, 'le'], { ...read, suffix: '_bucket' })})`,
        'quantile',
        quantile,
      ),
    ),
  );

/** A recording rule with the cluster label before its own. */
export const rule = (
  config: ControlPlaneConfig,
  { labels, ...rest }: Omit<RecordingRule, 'labels'> & { readonly labels: readonly string[] },
): RecordingRule => ({ ...rest, labels: labelled(config, ...labels) });
