import { AMP } from '../../components/amp/settings.ts';
import { CLUSTER, PACKAGING } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';

/** Sections that rules and the Alertmanager definition for AMP depend on. */
export const READS = { amp: AMP, cluster: CLUSTER, packaging: PACKAGING };

export type AmpConfig = Slice<typeof READS>;
