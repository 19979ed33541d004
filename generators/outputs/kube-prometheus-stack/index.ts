import { isMapping } from '../../model/tree.ts';
import { output } from '../output.ts';
import { ruleGroupsTree } from '../rule-groups.ts';
import { yamlDocument } from '../yaml.ts';

/** The chart whose values carry rules. */
export const STACK_CHART = 'kube-prometheus-stack';

const FOLDER = 'helm-values';

/** Values of kube-prometheus-stack, with the rules where the values name the key for them. The chart does not template rules, so nothing is escaped. */
export const kubePrometheusStack = output({
  id: 'kube-prometheus-stack',
  folder: FOLDER,
  settings: {},
  reads: {},
  emit: ({ ruleFiles, helmValues }) =>
    helmValues
      .filter(({ chart }) => chart === STACK_CHART)
      .map(({ about, values, rulesKey }) => ({
        path: `${FOLDER}/${STACK_CHART}.yaml`,
        kind: 'helm-values',
        format: 'yaml',
        document: 'syntax',
        render: () =>
          yamlDocument(
            about,
            rulesKey === undefined
              ? values
              : {
                  ...(isMapping(values) ? values : {}),
                  [rulesKey]: Object.fromEntries(
                    ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]),
                  ),
                },
          ),
      })),
});
