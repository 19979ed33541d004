import type { DomainConfig } from '../domain.ts';
import { WORKLOADS } from '../identity/index.ts';
import { LINE } from '../schema/formats.ts';
import { oneOrMore, SECTION, value } from '../schema/settings.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import { type Names, typed } from '../settings/section.ts';

/** Settings of the section `ethtool` that select the counters. */
export const ALLOWANCE_SETTINGS = ({ exporters }: Names) => ({
  exporter: oneOrMore(
    exporters,
    'showmax',
    "Exporter of the ENA counters: showmax (Showmax's ethtool exporter), node-exporter (see nodeExporter), network-flow-monitor (see networkFlowMonitor) or cloudwatch-agent (see cloudwatchAgent); " +
      'or a list, where clusters or nodes of one store differ: of a node that several have, the first counts. none: no rules and dashboards for network allowances.',
  ),
  device: value(
    LINE,
    'eth.*|ens.*|enp.*',
    "Regular expression that matches the network interfaces. network-flow-monitor reports the instance's interfaces by their IDs, and nothing else.",
  ),
});

/** The settings of the section `ethtool` that the domain reads. The others belong to the exporter. */
export const ETHTOOL_COUNTERS = typed<{ readonly exporter: string | readonly string[]; readonly device: string }>()(
  (names: Names) => ({
    ...SECTION,
    properties: ALLOWANCE_SETTINGS(names),
  }),
);

/** Sections that the domain reads. It owns none. */
export const READS = {
  ethtool: ETHTOOL_COUNTERS,
  workloads: WORKLOADS,
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The part of the configuration that rules and dashboards for ENA allowances read. */
export type AllowancesConfig = DomainConfig<typeof READS>;
