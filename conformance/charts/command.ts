import { CannotRun } from '../shared/program.ts';

/** What a values file tells its reader to install. */
export interface Install {
  readonly release: string;
  readonly chart: string;
  /** Where the chart comes from: the address of a repository, or all but the last part of an OCI reference. */
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
}

/** What stands for a version that the author of a configuration knows and Azimuth does not. */
const UNKNOWN_VERSION = 'VERSION';

/** The value of an option, and a sentence where it is missing. */
function valueOf(words: readonly string[], option: string): string {
  const value = words[words.indexOf(option) + 1];
  if (words.includes(option) && value !== undefined && !value.startsWith('--')) return value;
  throw new CannotRun(`the command at the top of a values file has no ${option}: ${words.join(' ')}`);
}

/**
 * Reads the command that stands at the top of a values file, `helm upgrade [--install] RELEASE CHART --repo URL ...` or
 * `helm upgrade [--install] RELEASE oci://... ...`, from what the bundle says about the file.
 * @param about the text of the bundle, before it is broken into lines.
 * @param runs the version that takes the place of VERSION, where the command goes to a chart that runs already.
 * @throws CannotRun when there is no such command, or one without a version, a namespace or a source.
 */
export function installOf(about: string, runs: string): Install {
  const command = about.split('\n').find((line) => line.startsWith('helm upgrade '));
  if (command === undefined) throw new CannotRun(`no line begins with "helm upgrade": ${about}`);
  const words = command
    .split(' ')
    .slice(2)
    .filter((word) => word !== '--install' && word !== '');
  const [release = '', reference = ''] = words;
  if (release.startsWith('--') || reference === '' || reference.startsWith('--'))
    throw new CannotRun(`expected a release and a chart behind "helm upgrade": ${command}`);
  const version = valueOf(words, '--version');
  const common = {
    release,
    version: version === UNKNOWN_VERSION ? runs : version,
    namespace: valueOf(words, '--namespace'),
  };
  const oci = /^(oci:\/\/.+)\/([^/]+)$/.exec(reference);
  return oci === null
    ? { ...common, chart: reference, repository: valueOf(words, '--repo') }
    : { ...common, chart: oci[2] ?? '', repository: oci[1] ?? '' };
}

/** How `helm pull` gets the chart into a folder. */
export const pullArguments = ({ chart, repository, version }: Install, folder: string): readonly string[] => [
  'pull',
  ...(repository.startsWith('oci://') ? [`${repository}/${chart}`] : [chart, '--repo', repository]),
  '--version',
  version,
  '--destination',
  folder,
];

/**
 * How `helm template` renders a chart that lies here, without a cluster.
 * @param kubernetes major and minor version of the control plane.
 */
export const templateArguments = (
  install: Install,
  chart: string,
  values: string,
  kubernetes: string,
): readonly string[] => [
  'template',
  install.release,
  chart,
  '--namespace',
  install.namespace,
  '--kube-version',
  `${kubernetes}.0`,
  // Monitors are rendered only where the definitions of Prometheus Operator are.
  '--api-versions',
  'monitoring.coreos.com/v1',
  '--values',
  values,
];
