import { because, type Tree } from '../../model/tree.ts';
import type { Config } from '../../settings/index.ts';
import type { RuleFile } from '../../model/rules.ts';
import type { Target } from '../output.ts';
import { plainRuleFile } from '../prometheus/index.ts';
import { bytesOf } from '../../schema/limits.ts';
import { OUR_LABELS, resourceDrafts, versionAnnotation, type Resource } from '../resource.ts';
import { ruleGroupsTree } from '../rule-groups.ts';

/**
 * Half of what a ConfigMap may hold: the operator writes the rules of an object into one, and refuses more. Upstream:
 * prometheus-operator, pkg/operator, MaxConfigMapDataSize.
 */
const MOST_RULES = 524_288;

const metadata = ({ prometheusOperator: { namespace, labels } }: Config, name: string, version: number): Tree => ({
  name: `azimuth-${name}`,
  namespace,
  labels: because(
    'Prometheus selects its rules by labels; with the defaults of kube-prometheus-stack by the name of its release.',
    {
      ...OUR_LABELS,
      ...labels,
    },
  ),
  annotations: because('Rises by one whenever the rules change.', versionAnnotation(version)),
});

const resource = (config: Config, file: RuleFile): Resource => ({
  path: `rules/prometheus-operator/${file.name}.yaml`,
  what: `rule file ${file.name}`,
  about:
    `${file.about}\n` +
    'The same rules as in rules/prometheus and in the values of kube-prometheus-stack: load them one way, not two.',
  limits: [
    {
      of: 'one PrometheusRule, which the operator writes into a ConfigMap',
      bytes: bytesOf(plainRuleFile(file)),
      most: MOST_RULES,
    },
  ],
  object: (version) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadata(config, file.name, version),
    spec: ruleGroupsTree(file.groups),
  }),
});

/** PrometheusRule objects, one a rule file. Nothing is escaped: the operator passes templates of alerts on as they are. */
export const prometheusOperator: Target = {
  id: 'prometheus-operator',
  emit: ({ ruleFiles }, config) =>
    resourceDrafts(
      config,
      ruleFiles.map((file) => resource(config, file)),
    ),
};
