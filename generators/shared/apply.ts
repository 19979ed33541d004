import type { PACKAGING } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';

/** How objects are applied. */
export type Applied = Slice<{ packaging: typeof PACKAGING }>;

/**
 * The command that applies files or folders, as `packaging.apply` says. One way for everything: server-side apply over an object that
 * was applied client-side ends in a conflict wherever the API server filled in a default inside a field that is owned as a whole.
 */
export const applyCommand = ({ packaging }: Applied, ...paths: readonly string[]): string =>
  [
    'kubectl apply',
    ...(packaging.apply === 'server-side' ? ['--server-side'] : []),
    ...paths.map((path) => `--filename ${path}`),
  ].join(' ');

/** A chart to install, with the file in helm-values that is named after it. */
interface Install {
  /** Name of the chart; with its registry where it is not in a repository. */
  readonly chart: string;
  readonly repository?: string;
  readonly version: string;
  readonly namespace: string;
  /** Name of the release; that of the chart where it is left out. */
  readonly release?: string;
}

export const PROMETHEUS_COMMUNITY = 'https://prometheus-community.github.io/helm-charts';

/** The command that installs a chart with its file of values. */
export function helmCommand({ chart, repository, version, namespace, release }: Install): string {
  const name = chart.split('/').at(-1) ?? chart;
  return [
    `helm upgrade --install ${release ?? name} ${chart}`,
    ...(repository === undefined ? [] : [`--repo ${repository}`]),
    `--version ${version} --namespace ${namespace} --values helm-values/${name}.yaml`,
  ].join(' ');
}
