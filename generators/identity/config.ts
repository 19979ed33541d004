import type { CLOUD } from '../settings/cloud.ts';
import type { CLUSTER, RULES, SCRAPE } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import type { WORKLOADS, ZONES } from './settings.ts';

/** The sections that the records of identity read. */
export type IdentityConfig = Slice<{
  cluster: typeof CLUSTER;
  scrape: typeof SCRAPE;
  rules: typeof RULES;
  zones: typeof ZONES;
  workloads: typeof WORKLOADS;
  cloud: typeof CLOUD;
}>;
