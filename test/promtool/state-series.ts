import { type InputSeries, seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';

/** What one instance of kube-state-metrics told of one object, and how many seconds ago it did so last. */
export interface Told {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
  readonly seen: number;
  /** Whether the scrape after that did not have it any more. */
  readonly isGone: boolean;
}

/** The moment at which rules are evaluated, in seconds, and the distance of samples. */
export const NOW = 1200;
export const STEP = 5;

export const METRICS = [
  'kube_node_labels',
  'kube_node_info',
  'kube_node_created',
  'kube_node_status_addresses',
  'kube_pod_info',
  'kube_pod_created',
  'kube_pod_ips',
  'kube_pod_status_phase',
  'kube_replicaset_owner',
  'kube_job_owner',
  'kube_service_info',
  'kube_service_created',
] as const;
/** How a cluster may lack a metric: by a label that tells of a scrape that did not honour labels, or altogether. */
export const REFUSALS = ['exported_namespace', 'exported_pod', 'exported_node', undefined] as const;

/** A metric that a cluster lacks, of all objects or of some. */
export interface Refusal {
  readonly metric: string;
  readonly label: (typeof REFUSALS)[number];
  readonly isWhole: boolean;
}

/** Tells texts apart at random. */
const sumOf = (text: string): number =>
  Array.from({ length: text.length }, (_, index) => text.codePointAt(index) ?? 0).reduce((sum, code) => sum + code, 0);

/** Whether a refusal is about this. */
export function isRefused(refusal: Omit<Refusal, 'label'> | undefined, { metric, labels }: Told): boolean {
  if (metric !== refusal?.metric) return false;
  const { instance: _instance = '', ...own } = labels;
  const text = Object.values(own).join('');
  return refusal.isWhole || sumOf(text) % 2 === 0;
}

/** The series of what is told; those of a refused metric are missing, or have the label by which they are refused. */
export function seriesOfState(
  cluster: string,
  told: readonly Told[],
  refusal: Refusal | undefined,
): readonly InputSeries[] {
  return told.flatMap((one, index) => {
    const { metric, labels, value, seen, isGone } = one;
    const isLacking = refusal !== undefined && isRefused(refusal, one);
    if (isLacking && refusal.label === undefined) return [];
    const at = (NOW - seen) / STEP;
    // Some have a sample before that as well. The marker of their end comes half a minute later.
    const before = seen < 300 ? 48 : 12;
    const samples = index % 3 === 0 ? `_x${at - before} ${value} _x${before - 1} ${value}` : `_x${at} ${value}`;
    const exported = isLacking ? { [refusal.label ?? '']: 'x' } : {};
    const all = { cluster, job: 'kube-state-metrics', ...labels, ...exported };
    return [{ series: seriesText(metric, all), values: `${samples}${isGone ? ' _x5 stale' : ''}` }];
  });
}
