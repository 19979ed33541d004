import type { DomainConfig } from '../domain.ts';
import { WORKLOADS, ZONES } from '../identity/index.ts';
import { CLOUD } from '../settings/cloud.ts';
import { CLUSTER, RULES, SCRAPE } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';

/** The section of the domain. Its schema is in identity/, as traffic reads the names of workloads too. */
export const SETTINGS = { workloads: WORKLOADS } as const;

/** Sections of other parts that the domain reads: zones and the provider for the records of identity. */
export const READS = {
  zones: ZONES,
  cloud: CLOUD,
  cluster: CLUSTER,
  scrape: SCRAPE,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of workloads see it. */
export type WorkloadsConfig = DomainConfig<typeof SETTINGS & typeof READS>;

/** Why nothing is recorded; undefined if it is. */
export const noResources = ({ workloads }: Pick<WorkloadsConfig, 'workloads'>): string | undefined =>
  workloads.resources ? undefined : 'workloads.resources is false';
