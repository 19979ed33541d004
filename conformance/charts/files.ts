import type { Build } from '../../generators/index.ts';
import { plain } from '../../generators/model/tree.ts';
import { ruleGroupsTree } from '../../generators/outputs/rule-groups.ts';
import { bringsRules } from '../../generators/components/kube-prometheus-stack/values.ts';
import { CannotRun } from '../shared/program.ts';
import { installOf, type Install } from './command.ts';

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

/** The values of a chart; those of kube-prometheus-stack carry the rules, which its packaging adds. */
function valuesOf({ config, bundle }: Build, chart: string): unknown {
  const found = bundle.helmValues.find((one) => one.chart === chart);
  if (found === undefined) throw new CannotRun(`the bundle has no values for ${chart}`);
  const values = plain(found.values) as object;
  if (chart !== 'kube-prometheus-stack' || !bringsRules(config)) return values;
  const rules = bundle.ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, plain(ruleGroupsTree(groups))]);
  return { ...values, additionalPrometheusRulesMap: Object.fromEntries(rules) as unknown };
}

/** Every values file of a build, with the command that the bundle gives for it. @throws CannotRun when a command cannot be read. */
export const valuesFilesOf = (build: Build): readonly ValuesFile[] =>
  build.artifacts
    .filter(({ kind }) => kind === 'helm-values')
    .map(({ path, text }) => {
      const chart = /^helm-values\/(.+)\.yaml$/.exec(path)?.[1] ?? '';
      const header = build.bundle.helmValues.find((one) => one.chart === chart)?.header ?? '';
      const install = installOf(header, build.config.cilium.version);
      if (install.chart !== chart) throw new CannotRun(`${path}: its command installs ${install.chart}`);
      return { install, text, values: valuesOf(build, chart), kubernetes: build.config.kubernetes.version };
    });
