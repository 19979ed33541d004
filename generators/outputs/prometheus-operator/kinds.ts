import type { Kinds } from '../../schema/kinds.ts';
import { IN_NAMESPACE, object } from '../../schema/objects.ts';
import { repeatedGroups, RULE_GROUPS } from '../rule-groups-schema.ts';

/** Upstream: prometheus-operator, example/prometheus-operator-crd, monitoring.coreos.com_prometheusrules.yaml, v1. */
export const kinds: Kinds = {
  'monitoring.coreos.com/v1 PrometheusRule': {
    schema: () => object(IN_NAMESPACE, { spec: RULE_GROUPS }),
    check: (document) => repeatedGroups('spec.groups', (document as { readonly spec: unknown }).spec),
  },
};
