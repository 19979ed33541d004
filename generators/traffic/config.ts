import { WORKLOADS, ZONES } from '../identity/index.ts';
import type { DomainConfig } from '../domain.ts';
import { CLUSTER, RULES, SCRAPE } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import { CLOUD } from '../settings/cloud.ts';
import { COST } from '../settings/cost.ts';
import { FLOWS, NODES } from './settings.ts';

/** Sections of the domain. Their schemas are in settings.ts, which `domain.ts` needs and which therefore cannot import it. */
export const SETTINGS = { zones: ZONES, nodes: NODES, cloud: CLOUD, cost: COST, flows: FLOWS } as const;

/** Sections of other parts that the domain reads. */
export const READS = {
  workloads: WORKLOADS,
  cluster: CLUSTER,
  scrape: SCRAPE,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of traffic see it. */
export type TrafficConfig = DomainConfig<typeof SETTINGS & typeof READS>;
