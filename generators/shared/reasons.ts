import type { FLOWS } from '../traffic/settings.ts';
import type { Slice } from '../settings/section.ts';

/** The chosen flow source as a reason, such as `flows.source is obi`. */
export const sourceIs = ({ flows }: Slice<{ flows: typeof FLOWS }>): string =>
  `flows.source is ${[flows.source].flat().join(', ')}`;
