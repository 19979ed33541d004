import { isMapping } from '../../model/tree.ts';
import { output } from '../output.ts';
import { ruleGroupsTree } from '../rule-groups.ts';
import { yamlDocument } from '../yaml.ts';

const FOLDER = 'helm-values';

/**
 * Values of kube-prometheus-stack, with the rules where the values name the key for them. The chart does not template rules, so nothing
 * is escaped.
 */
export const kubePrometheusStack = output({
  id: 'kube-prometheus-stack',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: (bundle) =>
    bundle.valuesWithRules.map(({ chart, about, values, rulesKey }) => {
      const rules = () =>
        Object.fromEntries(bundle.ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]));
      return {
        path: `${FOLDER}/${chart}.yaml`,
        kind: 'helm-values',
        format: 'yaml',
        document: 'syntax',
        render: () =>
          yamlDocument(
            about,
            rulesKey === undefined ? values : { ...(isMapping(values) ? values : {}), [rulesKey]: rules() },
          ),
      };
    }),
});
