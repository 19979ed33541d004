import type { Variable } from '../model/dashboard.ts';
import { inCluster } from '../panels/shared.ts';
import { matches, selector } from '../promql/index.ts';
import { resourceNames } from './records/names.ts';
import type { WorkloadsConfig } from './settings.ts';

/** Namespace, kind and workload: each offers what those before it leave. */
export function workloadVariables(config: WorkloadsConfig): readonly Variable[] {
  const record = resourceNames(config).workload('cpu', 'sum');
  const inNamespace = { ...inCluster(config), namespace: matches('$namespace') };
  return [
    {
      kind: 'query',
      name: 'namespace',
      label: 'Namespace',
      description: 'Namespaces to show.',
      query: { selector: selector(record, inCluster(config)), label: 'namespace' },
      multi: true,
    },
    {
      kind: 'query',
      name: 'kind',
      label: 'Kind',
      description: 'Kinds of workloads to show, such as Deployment or DaemonSet.',
      query: { selector: selector(record, inNamespace), label: 'workload_type' },
      multi: true,
    },
    {
      kind: 'query',
      name: 'workload',
      label: 'Workload',
      description: 'Workloads to show.',
      query: { selector: selector(record, { ...inNamespace, workload_type: matches('$kind') }), label: 'workload' },
      multi: true,
    },
  ];
}
