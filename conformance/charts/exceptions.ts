import { isDeepStrictEqual } from 'node:util';
import type { Leaf, Path } from '../shared/tree.ts';
import type { Install } from './command.ts';

/** A leaf that may be without effect, and why it is written all the same. */
export interface Exception {
  readonly chart: string;
  /** Versions of the chart, undefined for all. */
  readonly versions?: readonly string[];
  /** Where it stands; `*` stands for any one key or index. */
  readonly path: Path;
  /** The value that may be idle, undefined for any. */
  readonly value?: unknown;
  readonly reason: string;
}

const TWO_CHARTS =
  'Charts of kube-state-metrics before 5.19.1 read this key, newer ones read the one below http: which of them runs is not known, as ' +
  'kube-prometheus-stack may be another than the one that the file names.';

/** Every exception. A leaf that is not here must have an effect. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    chart: 'kube-prometheus-stack',
    path: ['kube-state-metrics', 'prometheus', 'monitor', 'relabelings', '*', '*'],
    reason: TWO_CHARTS,
  },
  {
    chart: 'cilium',
    path: ['ipam', 'mode'],
    value: 'eni',
    reason:
      'Beside eni.enabled the templates take eni whatever stands here (cilium-configmap.yaml, seen in 1.19.5). It is written so that the ' +
      'values do not say cluster-pool, the default of the chart, of a cluster that has none.',
  },
];

const matches = (pattern: Path, path: Path): boolean =>
  pattern.length === path.length && pattern.every((key, index) => key === '*' || key === path[index]);

/** The exception for a leaf, if there is one. */
export const exceptionFor = (
  { chart, version }: Pick<Install, 'chart' | 'version'>,
  { path, value }: Leaf,
  all: readonly Exception[] = EXCEPTIONS,
): Exception | undefined =>
  all.find(
    (one) =>
      one.chart === chart &&
      (one.versions?.includes(version) ?? true) &&
      (one.value === undefined || isDeepStrictEqual(one.value, value)) &&
      matches(one.path, path),
  );
