import type { Dashboard } from '../../model/dashboard.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import type { IsBuilt } from './links.ts';
import { overviewPanels } from './overview.ts';
import { workloadPairs } from './pair-table.ts';
import { pairPanels } from './pairs.ts';
import { built, type SpecSection } from './panel-spec.ts';
import { podPanels } from './pods.ts';
import { topologyPanels } from './topology.ts';
import { trustPanels } from './trust.ts';
import { zoneTrafficVariables } from './variables.ts';

/** Traffic across zones: how much, its trend and cost, whether the figures can be trusted, and the workloads behind it. */
export function zoneTraffic(config: TrafficConfig, input: FlowInput, isBuilt: IsBuilt): Dashboard {
  const all = {
    ...overviewPanels(config, input),
    ...trustPanels(config, input),
    ...pairPanels(config, input),
    ...topologyPanels(config, input),
    ...podPanels(config, input),
    'workload-pairs': workloadPairs(config, input, isBuilt),
  };
  const sections: readonly SpecSection<keyof typeof all>[] = [
    {
      keys: [
        'cross-zone',
        'cross-zone-share',
        'top-pairs',
        'total',
        'same-zone',
        'unknown-share',
        'cost',
        'locality',
        'matrix',
      ],
    },
    {
      title: 'Can these figures be trusted',
      keys: ['events-lost', 'lost', 'counted-twice', 'silent', 'unattributed', 'firing-alerts'],
    },
    { title: 'Topology', keys: ['zone-topology', 'workload-topology'] },
    // Workload pairs come last, so the pods that they link to are right below.
    { title: 'Who talks across zones', keys: ['zone-pairs', 'workload-pairs'] },
    { title: 'Pods of $pods_namespace', keys: ['pod-pairs', 'pod-pairs-over-time'] },
  ];
  const uid = 'zone-traffic';
  return {
    uid,
    title: 'Zone traffic',
    description: `Traffic between availability zones, in ${input.unitLabel}: how much crosses zones, its trend, and the workloads behind it.`,
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: zoneTrafficVariables(config, input),
    ...built(config, input, uid, all, sections),
  };
}
