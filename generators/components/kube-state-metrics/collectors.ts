import type { Config } from '../../settings/index.ts';
import { trafficRuleFiles } from '../../traffic/rule-files.ts';

/** The collector behind the metrics of a kind. Upstream: kube-state-metrics, internal/store/builder.go. */
const COLLECTORS: Readonly<Record<string, string>> = {
  cronjob: 'cronjobs',
  daemonset: 'daemonsets',
  deployment: 'deployments',
  endpointslice: 'endpointslices',
  job: 'jobs',
  namespace: 'namespaces',
  node: 'nodes',
  pod: 'pods',
  replicaset: 'replicasets',
  service: 'services',
  statefulset: 'statefulsets',
};

/** The metrics of kube-state-metrics in a query; names of records, which hold such a name behind a colon, are none. */
const metricsIn = (query: string): readonly string[] =>
  [...query.matchAll(/(?<![\w:])kube_[a-z_]+(?![\w:])/g)].map(([metric]) => metric);

/**
 * The collectors of kube-state-metrics without which rules miss something, in the order of the alphabet.
 * @throws TypeError for a metric whose collector is not known here: it would silently be missing.
 */
export function collectorsRead(config: Config): readonly string[] {
  const rules = trafficRuleFiles(config).made.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const metrics = new Set(rules.flatMap(({ expr }) => metricsIn(expr.text)));
  const collectors = [...metrics].map((metric) => {
    const collector = COLLECTORS[metric.split('_')[1] ?? ''];
    if (collector === undefined) throw new TypeError(`no collector of kube-state-metrics is known for ${metric}`);
    return collector;
  });
  return [...new Set(collectors)].toSorted();
}
