import type { Dashboard, Variable } from '../../model/dashboard.ts';
import { panelsOf } from '../../panels/needs.ts';
import { commonVariables } from '../../panels/shared.ts';
import { selector } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { trafficNames } from '../records/names.ts';
import { missing, type Need, namesPods, type PanelSpec } from './panel-spec.ts';
import { overviewPanels, pairPanels } from './panels.ts';
import { podPairs } from './pods.ts';

/** Variables for namespaces; none if no workloads are recorded. */
function namespaceVariables(config: TrafficConfig, input: FlowInput): readonly Variable[] {
  if (config.flows.granularity === 'zone') return [];
  const query = { selector: selector(trafficNames(config, input).workloadPair), label: 'source_namespace' };
  const pods: Variable = {
    kind: 'query',
    name: 'pods_namespace',
    label: 'Pods of',
    description: 'The namespace whose pods the last table shows; the pod pairs of all namespaces would be too many.',
    query,
    multi: false,
  };
  return [
    {
      kind: 'query',
      name: 'namespace',
      label: 'Namespace',
      description: 'Namespaces that the workload panels show, at either end.',
      query,
      multi: true,
    },
    ...(namesPods(input) ? [pods] : []),
  ];
}

/** Traffic across zones: how much, its trend, and the workloads behind it. */
export function zoneTraffic(config: TrafficConfig, input: FlowInput): Dashboard {
  const uid = 'zone-traffic';
  const all = { ...overviewPanels(config, input), ...pairPanels(config, input), 'pod-pairs': podPairs(config, input) };
  const sections: readonly { readonly title?: string; readonly keys: readonly (keyof typeof all)[] }[] = [
    {
      keys: [
        'cross-zone',
        'cross-zone-share',
        'top-pairs',
        'total',
        'same-zone',
        'unknown-share',
        'events-lost',
        'locality',
        'matrix',
      ],
    },
    // Workload pairs come last, so the pods that they link to are right below.
    { title: 'Who talks across zones', keys: ['zone-pairs', 'workload-pairs'] },
    { title: 'Pods of $pods_namespace', keys: ['pod-pairs'] },
  ];
  return {
    uid,
    title: 'Zone traffic',
    description: `Traffic between availability zones, in ${input.unitLabel}: how much crosses zones, its trend, and the workloads behind it.`,
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(trafficNames(config, input).cluster)),
      ...namespaceVariables(config, input),
    ],
    ...panelsOf(
      uid,
      (need: Need) => missing(config, input, [need]),
      sections.map(({ keys, ...section }) => ({
        ...section,
        panels: keys.map((key): PanelSpec & { readonly key: string } => ({ key, ...all[key] })),
      })),
    ),
  };
}
