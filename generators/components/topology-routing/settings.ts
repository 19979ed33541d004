import { ROUTING } from '../../routing/settings.ts';
import { KUBERNETES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** Sections that it reads. It has none of its own: `routing` belongs to the domain, which shows what the patches mend. */
export const READS = { kubernetes: KUBERNETES, routing: ROUTING };
export type RoutedConfig = Slice<typeof READS>;
