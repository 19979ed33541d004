import { readsFrom } from '../traffic/index.ts';
import type { FLOWS } from '../traffic/settings.ts';
import type { Slice } from '../settings/section.ts';

type WithFlows = Slice<{ flows: typeof FLOWS }>;

/** The chosen flow sources as a reason, such as `flows.source is obi`. */
export const sourceIs = ({ flows }: WithFlows): string => `flows.source is ${[flows.source].flat().join(', ')}`;

/** True if one of these flow sources is chosen; otherwise the reason. */
export const isChosen = (config: WithFlows, ...ids: readonly string[]): true | string =>
  readsFrom(config, ...ids) || sourceIs(config);
