import { isMapping } from '../../model/tree.ts';
import { output } from '../output.ts';
import { rulesByName } from '../rule-groups.ts';
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
