import type { RuleFile } from '../../model/rules.ts';
import { because, type Tree } from '../../model/tree.ts';
import { LABELS } from '../../schema/formats.ts';
import { bytesOf } from '../../schema/limits.ts';
import { IN_NAMESPACE, type Kinds, object } from '../../schema/objects.ts';
import { namespace, section, value } from '../../schema/settings.ts';
import { PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, type Resource, resourceDraft, versionAnnotation } from '../resource.ts';
import { plainRuleFile, repeatedGroups, RULE_GROUPS, ruleGroupsTree } from '../rule-groups.ts';

const FOLDER = 'rules/prometheus-operator';

type OperatorConfig = Slice<{ prometheusOperator: typeof PROMETHEUS_OPERATOR; packaging: typeof PACKAGING }>;

/**
 * Half of what a ConfigMap may hold: the operator writes the rules of an object into a ConfigMap and rejects larger ones. Upstream:
 * prometheus-operator, pkg/operator, MaxConfigMapDataSize.
 */
const MAX_RULE_BYTES = 524_288;

const metadata = ({ prometheusOperator }: OperatorConfig, name: string, version: number): Tree => ({
  name: `azimuth-${name}`,
  namespace: prometheusOperator.namespace,
  labels: because(
    'Prometheus selects rules by these labels; with the defaults of kube-prometheus-stack, by the name of its Helm release.',
    { ...PART_OF_AZIMUTH, ...prometheusOperator.labels },
  ),
  annotations: because('Increases by one whenever the rules change.', versionAnnotation(version)),
});

const resource = (config: OperatorConfig, file: RuleFile): Resource => ({
  path: `${FOLDER}/${file.name}.yaml`,
  header:
    `${file.header}\n` +
    'The same rules as in rules/prometheus and in the values of kube-prometheus-stack: load them in one way only.',
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

/** Upstream: prometheus-operator, example/prometheus-operator-crd, monitoring.coreos.com_prometheusrules.yaml, v1. */
const kinds: Kinds = {
  'monitoring.coreos.com/v1 PrometheusRule': {
    schema: () => object(IN_NAMESPACE, { 'spec!': RULE_GROUPS }),
    check: (document) => repeatedGroups('spec.groups', (document as { readonly spec: unknown }).spec),
  },
};

/** PrometheusRule objects. */
const PROMETHEUS_OPERATOR = section('Target prometheus-operator: PrometheusRule objects.', {
  namespace: namespace('monitoring', 'the rules'),
  labels: value(
    LABELS,
    { release: 'kube-prometheus-stack' },
    'Labels by which Prometheus selects rules; with the defaults of kube-prometheus-stack, the name of its Helm release. ' +
      'Replaces the default as a whole.',
  ),
});

/** PrometheusRule objects, one per rule file. Nothing is escaped: the operator does not evaluate the templates of alerts. */
export const prometheusOperator = output({
  id: 'prometheus-operator',
  folder: FOLDER,
  settings: { prometheusOperator: PROMETHEUS_OPERATOR },
  reads: { packaging: PACKAGING },
  kinds,
  emit: ({ ruleFiles }, config) => ruleFiles.map((file) => resourceDraft(config, resource(config, file))),
});
