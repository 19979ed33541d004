import type { Dashboard } from '../../../model/dashboard.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import type { IsBuilt } from '../links.ts';
import { built, type SpecSection } from '../panel-spec.ts';
import { zoneWorkloadVariables } from '../variables.ts';
import { changePanels } from './changes.ts';
import { externalPanels } from './external.ts';
import { peerPanels } from './peers.ts';
import { podPanels } from './pods.ts';
import { summaryPanels } from './summary.ts';

/** Why there is no dashboard of a workload; undefined if there is one. */
export const noZoneWorkload = (config: TrafficConfig, { source }: FlowInput): string | undefined => {
  if (config.flows.granularity === 'zone') return 'flows.granularity is zone, so no workloads are recorded';
  return source.locality === undefined
    ? undefined
    : `${source.id} counts cross-zone traffic only, and does not name the other end`;
};

/** One workload: what it sends and receives by zone, with whom, where its pods are, what that costs, and what would change it. */
export function zoneWorkload(config: TrafficConfig, input: FlowInput, isBuilt: IsBuilt): Dashboard {
  const all = {
    ...summaryPanels(config, input),
    ...peerPanels(config, input, isBuilt),
    ...externalPanels(config, input),
    ...podPanels(config, input),
    ...changePanels(config, input),
  };
  const sections: readonly SpecSection<keyof typeof all>[] = [
    { keys: ['cross-zone', 'cross-zone-share', 'cost', 'avoidable', 'sent', 'received', 'zones', 'spread'] },
    { title: 'By zone', keys: ['sent-by-zone', 'received-by-zone'] },
    { title: 'With whom', keys: ['peers', 'leaving'] },
    { title: 'What would change it', keys: ['changes'] },
    { title: 'Pods', keys: ['pods'] },
  ];
  const uid = 'zone-workload';
  return {
    uid,
    title: 'Zone traffic of a workload',
    description: `One workload: what it sends and receives across zones, in ${input.unitLabel}, with whom, where its pods are, and what would change it.`,
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: zoneWorkloadVariables(config, input),
    ...built(config, input, uid, all, sections),
  };
}
