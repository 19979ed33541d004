import type { DomainConfig } from '../domain.ts';
import { LINE } from '../schema/formats.ts';
import { choice, SECTION, value } from '../schema/settings.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';
import { type Names, typed } from '../settings/section.ts';

/** Settings of the section `ethtool` that say which counters are read. */
export const ALLOWANCE_SETTINGS = ({ exporters }: Names) => ({
  exporter: choice(
    [...exporters, 'none'],
    'showmax',
    'Exporter: that of Showmax, or node_exporter (see nodeExporter); none generates nothing on allowances.',
  ),
  device: value(LINE, 'eth.*|ens.*|enp.*', 'Network interfaces, as a regular expression.'),
});

/** The section `ethtool` as the domain sees it; its other settings belong to the exporter. */
export const ETHTOOL_COUNTERS = typed<{ readonly exporter: string; readonly device: string }>()((names: Names) => ({
  ...SECTION,
  properties: ALLOWANCE_SETTINGS(names),
}));

/** Sections of other parts that the domain reads; it has none of its own. */
export const READS = {
  ethtool: ETHTOOL_COUNTERS,
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of allowances see it. */
export type AllowancesConfig = DomainConfig<typeof READS>;
