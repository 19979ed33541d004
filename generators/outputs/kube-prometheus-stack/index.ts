import type { RuleFile } from '../../model/rules.ts';
import { isMapping, type Tree } from '../../model/tree.ts';
import { output } from '../output.ts';
import { ruleGroupsTree } from '../rule-groups.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'helm-values';

/** Rule files in the format of the chart: one key per file. */
const rulesByName = (ruleFiles: readonly RuleFile[]): Tree =>
  Object.fromEntries(ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]));

/**
 * Values of kube-prometheus-stack, with the rules under `rulesKey`. The chart does not evaluate rules as templates, so nothing is escaped.
 */
export const kubePrometheusStack = output({
  id: 'kube-prometheus-stack',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: ({ ruleFiles, valuesWithRules }) =>
    valuesWithRules.map(({ chart, header, values, rulesKey }) => ({
      path: `${FOLDER}/${chart}.yaml`,
      kind: 'helm-values',
      format: 'yaml',
      document: 'syntax',
      render: () =>
        yamlDocument(
          header,
          rulesKey === undefined
            ? values
            : { ...(isMapping(values) ? values : {}), [rulesKey]: rulesByName(ruleFiles) },
        ),
    })),
});
