import type { Config } from '../config/schema.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { selector } from '../promql/index.ts';
import { trafficNames } from '../recordings/names.ts';
import type { FlowSource } from '../sources/flow-source.ts';
import { commonVariables } from './variables.ts';
import { overviewPanels, pairPanels } from './zone-traffic-panels.ts';
import { podPairs } from './zone-traffic-pods.ts';

const place = (width: number, height: number) => ({ width, height });

/** How much traffic crosses zones, whether it rises, and who sends it. */
export function zoneTraffic(config: Config, source: FlowSource): Dashboard {
  const names = trafficNames(config, source);
  const overview = overviewPanels(config, source);
  const pairs = pairPanels(config, source);
  return {
    uid: 'zone-traffic',
    title: 'Zone traffic',
    description: `Traffic between availability zones, counted in ${source.unitLabel}: how much crosses, is it rising, who does it.`,
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(names.cluster)),
      {
        kind: 'query',
        name: 'namespace',
        label: 'Namespace',
        description: 'Namespaces in the tables of workloads, at either end.',
        query: { selector: selector(names.workloadPair), label: 'source_namespace' },
        multi: true,
      },
      {
        kind: 'query',
        name: 'pods_namespace',
        label: 'Pods of',
        description: 'The one namespace whose pods the last table shows; pod pairs of all at once would be too many.',
        query: { selector: selector(names.workloadPair), label: 'source_namespace' },
        multi: false,
      },
    ],
    sections: [
      {
        panels: [
          { key: 'cross-zone', ...place(6, 4), panel: overview.crossZone },
          { key: 'cross-zone-share', ...place(6, 4), panel: overview.crossZoneShare },
          { key: 'top-pairs', ...place(12, 8), panel: pairs.topPairs },
          { key: 'total', ...place(4, 4), panel: overview.total },
          { key: 'same-zone', ...place(4, 4), panel: overview.sameZone },
          { key: 'unknown-share', ...place(4, 4), panel: overview.unknownShare },
          { key: 'locality', ...place(12, 8), panel: overview.locality },
          { key: 'matrix', ...place(12, 8), panel: pairs.matrix },
        ],
      },
      {
        title: 'Who talks across zones',
        panels: [
          { key: 'workload-pairs', ...place(24, 10), panel: pairs.workloadPairs },
          { key: 'zone-pairs', ...place(24, 8), panel: pairs.zonePairs },
        ],
      },
      {
        title: 'Pods of $pods_namespace',
        panels: [{ key: 'pod-pairs', ...place(24, 10), panel: podPairs(config, source) }],
      },
    ],
  };
}
