import type { Cluster, Labels, MetricFamily } from '../model.ts';
import { constant, family } from './family.ts';

/** Upstream: kube-state-metrics, internal/store/utils.go: characters that Prometheus refuses become underscores, and capitals snake case. */
const exposed = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      `label_${name
        .replaceAll(/[^a-zA-Z0-9_]/g, '_')
        .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
        .toLowerCase()}`,
      value,
    ]),
  );

/** `kube_namespace_labels`, a row for each namespace with those of its labels that are on the allowlist; none where the allowlist has none. */
export function namespaceFamilies({ namespaces }: Cluster): MetricFamily[] {
  if (namespaces === undefined) return [];
  return [
    family(
      'kube_namespace_labels',
      'gauge',
      '[STABLE] Kubernetes labels converted to Prometheus labels.',
      Object.entries(namespaces).map(([namespace, labels]) => constant({ namespace, ...exposed(labels) }, 1)),
    ),
  ];
}
