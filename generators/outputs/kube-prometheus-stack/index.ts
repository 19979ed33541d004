import { plain, type Tree } from '../../model/tree.ts';
import type { Target } from '../output.ts';
import { bringsRules } from '../../components/kube-prometheus-stack/values.ts';
import { ruleGroupsTree } from '../rule-groups.ts';
import { yamlDocument } from '../yaml.ts';

const CHART = 'kube-prometheus-stack';

const isMapping = (tree: Tree): tree is { readonly [key: string]: Tree } => typeof plain(tree) === 'object';

/**
 * Values of kube-prometheus-stack that bring the rules too, unless PrometheusRule objects of their own do: Prometheus would load both,
 * and evaluate and alert twice. The chart does not template them, so nothing is escaped.
 */
export const kubePrometheusStack: Target = {
  id: CHART,
  emit: ({ ruleFiles, helmValues }, config) =>
    helmValues
      .filter(({ chart }) => chart === CHART)
      .map(({ about, values }) => ({
        path: `helm-values/${CHART}.yaml`,
        kind: 'helm-values',
        render: () =>
          yamlDocument(about, {
            ...(isMapping(values) ? values : {}),
            additionalPrometheusRulesMap: bringsRules(config)
              ? Object.fromEntries(ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]))
              : undefined,
          }),
      })),
};
