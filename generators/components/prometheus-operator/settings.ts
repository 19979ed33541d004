import { MONITORS, PACKAGING } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';

/** Its sections of the configuration. */
export const SETTINGS = { monitors: MONITORS };

/** Sections of others that it reads. */
export const READS = { packaging: PACKAGING };

/** The part of the configuration that the component sees. */
export type MonitorsConfig = Slice<typeof SETTINGS & typeof READS>;
