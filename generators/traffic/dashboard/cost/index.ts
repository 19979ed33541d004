import type { Dashboard } from '../../../model/dashboard.ts';
import { panelsOf } from '../../../panels/needs.ts';
import { commonVariables } from '../../../panels/shared.ts';
import { selector } from '../../../promql/index.ts';
import type { TrafficConfig } from '../../config.ts';
import type { FlowInput } from '../../input.ts';
import { crossZonePrice } from '../../prices/index.ts';
import { costNames } from '../../records/names.ts';
import type { IsBuilt } from '../links.ts';
import { changePanels } from './changes.ts';
import { externalPanels } from './external.ts';
import { listPanels } from './lists.ts';
import { ownerPanels } from './owners.ts';
import { pairPanels } from './pairs.ts';
import { type CostPanel, missing } from './shown.ts';
import { graphs, tiles, trust } from './summary.ts';

/** What traffic between zones costs: how much, for what, by whom, and what could be avoided. */
export function zoneCost(config: TrafficConfig, input: FlowInput, isBuilt: IsBuilt): Dashboard {
  const uid = 'zone-cost';
  const sections: readonly { readonly title?: string; readonly panels: readonly CostPanel[] }[] = [
    { panels: [...tiles(config), ...graphs(config), ...trust(config)] },
    { title: 'Who pays, and for what', panels: [...ownerPanels(config), ...pairPanels(config, isBuilt)] },
    { title: 'What leaves the region', panels: externalPanels(config, isBuilt) },
    { title: 'Week over week', panels: changePanels(config) },
    { title: 'Export and prices', panels: listPanels(config) },
  ];
  return {
    uid,
    title: 'Zone cost',
    description: `What traffic between availability zones costs, in ${crossZonePrice(config).currency}: how much, for what, who pays, and what could be avoided.`,
    tags: ['azimuth', 'network'],
    from: 'now-7d',
    refresh: '5m',
    variables: commonVariables(config, selector(costNames(config).cluster)),
    ...panelsOf(uid, (need) => missing(config, input, need), sections),
  };
}
