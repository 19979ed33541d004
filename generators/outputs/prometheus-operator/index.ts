import { bytesOf } from '../../schema/limits.ts';
import { because, type Tree } from '../../model/tree.ts';
import type { RuleFile } from '../../model/rules.ts';
import { PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, resourceDrafts, versionAnnotation, type Resource } from '../resource.ts';
import { plainRuleFile, ruleGroupsTree } from '../rule-groups.ts';
import { kinds } from './kinds.ts';
import { PROMETHEUS_OPERATOR } from './settings.ts';

const FOLDER = 'rules/prometheus-operator';

type OperatorConfig = Slice<{ prometheusOperator: typeof PROMETHEUS_OPERATOR; packaging: typeof PACKAGING }>;

/**
 * Half of what a ConfigMap may hold: the operator writes the rules of an object into one, and refuses more. Upstream:
 * prometheus-operator, pkg/operator, MaxConfigMapDataSize.
 */
const MAX_RULE_BYTES = 524_288;

const metadata = (
  { prometheusOperator: { namespace, labels } }: OperatorConfig,
  name: string,
  version: number,
): Tree => ({
  name: `azimuth-${name}`,
  namespace,
  labels: because(
    'Prometheus selects its rules by labels; with the defaults of kube-prometheus-stack by the name of its release.',
    { ...PART_OF_AZIMUTH, ...labels },
  ),
  annotations: because('Rises by one whenever the rules change.', versionAnnotation(version)),
});

const resource = (config: OperatorConfig, file: RuleFile): Resource => ({
  path: `${FOLDER}/${file.name}.yaml`,
  header:
    `${file.about}\n` +
    'The same rules as in rules/prometheus and in the values of kube-prometheus-stack: load them one way, not two.',
  sizes: [
    {
      of: 'one PrometheusRule, which the operator writes into a ConfigMap',
      size: bytesOf(plainRuleFile(file)),
      max: MAX_RULE_BYTES,
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
export const prometheusOperator = output({
  id: 'prometheus-operator',
  folder: FOLDER,
  settings: { prometheusOperator: PROMETHEUS_OPERATOR },
  reads: { packaging: PACKAGING },
  kinds,
  emit: ({ ruleFiles }, config) =>
    resourceDrafts(
      config,
      ruleFiles.map((file) => resource(config, file)),
    ),
});
