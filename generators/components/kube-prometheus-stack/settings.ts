import { ADOT } from '../adot/settings.ts';
import { MONITORS, TARGETS } from '../../settings/general.ts';
import { GRAFANA } from '../../settings/grafana.ts';
import { type Slice } from '../../settings/section.ts';

/** Its sections of the configuration. */
export const SETTINGS = {};

/** Sections of others that it reads. */
export const READS = { adot: ADOT, monitors: MONITORS, targets: TARGETS, grafana: GRAFANA };

/** The part of the configuration that the component sees. */
export type StackConfig = Slice<typeof SETTINGS & typeof READS>;
