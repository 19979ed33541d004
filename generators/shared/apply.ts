import type { PACKAGING } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';

/** The setting that decides how objects are applied. */
export type Applied = Slice<{ packaging: typeof PACKAGING }>;

/**
 * The `kubectl apply` command for files or folders, as set by `packaging.apply`. All objects use the same mode: server-side apply over a
 * client-side applied object conflicts wherever the API server filled in a default inside an atomic field.
 */
export const applyCommand = ({ packaging }: Applied, ...paths: readonly string[]): string =>
  [
    'kubectl apply',
    ...(packaging.apply === 'server-side' ? ['--server-side'] : []),
    ...paths.map((path) => `--filename ${path}`),
  ].join(' ');

/** A chart to install with the file in helm-values that carries its name. */
interface Install {
  /** Chart name, or the OCI reference of a chart that is in no repository. */
  readonly chart: string;
  readonly repository?: string;
  readonly version: string;
  readonly namespace: string;
  /** Release name; defaults to the chart name. */
  readonly release?: string;
}

/** Repository of the charts of the Prometheus community. */
export const PROMETHEUS_COMMUNITY = 'https://prometheus-community.github.io/helm-charts';

/** The `helm upgrade --install` command for a chart and its values file. */
export function helmCommand({ chart, repository, version, namespace, release }: Install): string {
  const name = chart.split('/').at(-1) ?? chart;
  return [
    `helm upgrade --install ${release ?? name} ${chart}`,
    ...(repository === undefined ? [] : [`--repo ${repository}`]),
    `--version ${version} --namespace ${namespace} --values helm-values/${name}.yaml`,
  ].join(' ');
}
