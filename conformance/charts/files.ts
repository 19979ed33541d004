import { type Build, type HelmValues, plain, rulesByName } from '../../generators/index.ts';
import { CannotRun } from '../shared/program.ts';
import { type Install, installOf } from './command.ts';

/** A values file of a build. */
export interface ValuesFile {
  readonly install: Install;
  /** The file as it is written. */
  readonly text: string;
  /** What it holds, from the model: not read back from the text. */
  readonly values: unknown;
  /** Major and minor version of Kubernetes. */
  readonly kubernetes: string;
}

/** The values of a chart, in the model. */
function valuesOf({ bundle }: Build, chart: string): HelmValues {
  const found = [...bundle.helmValues, ...bundle.valuesWithRules].find((one) => one.chart === chart);
  if (found === undefined) throw new CannotRun(`the bundle has no values for ${chart}`);
  return found;
}

/** Values as plain data, with the rules where the chart takes them: its output adds them. */
const plainValues = ({ bundle }: Build, { values, rulesKey }: HelmValues): unknown =>
  rulesKey === undefined
    ? plain(values)
    : { ...(plain(values) as object), [rulesKey]: plain(rulesByName(bundle.ruleFiles)) };

/**
 * Every values file of a build for a chart of a repository, with the command that the bundle gives for it.
 * @throws CannotRun when a command cannot be read.
 */
export const valuesFilesOf = (build: Build): readonly ValuesFile[] =>
  build.artifacts
    .filter(({ kind }) => kind === 'helm-values')
    .flatMap(({ path, text }) => {
      const chart = /^helm-values\/(.+)\.yaml$/.exec(path)?.[1] ?? '';
      const values = valuesOf(build, chart);
      if (values.addOn !== undefined) return [];
      const install = installOf(values.header, build.config.cilium.version);
      if (install.chart !== chart) throw new CannotRun(`${path}: its command installs ${install.chart}`);
      return [{ install, text, values: plainValues(build, values), kubernetes: build.config.kubernetes.version }];
    });
