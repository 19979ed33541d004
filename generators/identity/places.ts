import { firstOf, recorded, type UniqueVector } from '../promql/index.ts';
import { clusterLabels } from '../settings/general.ts';
import type { IdentityConfig } from './config.ts';
import { zoneFilter } from './vocabulary.ts';
import { NODE_ZONE, REFUSED_ZONE } from './names.ts';

/** Labels that a node gives to its pods and addresses: the zone, and the reason for an unknown one where zones can be refused. */
export const placeLabels = (config: IdentityConfig): readonly string[] =>
  zoneFilter(config) === undefined ? ['zone'] : ['zone', 'reason'];

/** Every node with these labels, unique by cluster and node. */
export function nodePlaces(config: IdentityConfig): UniqueVector {
  const key = [...clusterLabels(config), 'node'];
  const zones = recorded(NODE_ZONE, key);
  return zoneFilter(config) === undefined ? zones : firstOf(recorded(REFUSED_ZONE, key), zones);
}
