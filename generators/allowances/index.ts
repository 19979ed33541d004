import { alertsFor } from '../alerts/spec.ts';
import { checkOf, rejectedRegex } from '../settings/check.ts';
import { regexProblem } from '../settings/regex.ts';
import { domain, type Built } from '../domain.ts';
import type { Skipped } from '../model/report.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { listed } from '../schema/problems.ts';
import { noExporter } from '../shared/exporters.ts';
import { allowanceAlerts, conntrackAllowanceLow, sourceAndExceededAlerts } from './alerts.ts';
import { nodeAllowances } from './dashboard.ts';
import { AVAILABLE, type EthtoolExporter, noHeadroom, withoutGauge } from './exporter.ts';
import { INSTANCE_TYPE } from './limits.ts';
import { headroomRules } from './headroom.ts';
import { ALLOWANCE_LABELS, eventRules, exceededRules } from './records.ts';
import { READS, type AllowancesConfig } from './settings.ts';

export { ALLOWANCES, AVAILABLE, COUNTERS, STATISTICS, type EthtoolExporter } from './exporter.ts';
export { exceededName } from '../shared/record-names.ts';

const deviceRegex = checkOf<Pick<AllowancesConfig, 'ethtool'>>()(['ethtool.device'], ({ ethtool }) => {
  const why = ethtool.device === '' ? 'it matches nothing' : regexProblem(ethtool.device);
  return rejectedRegex('ethtool.device', ethtool.device, why, ' such as eth.*|ens.*');
});

/** Where connections left are not recorded: everywhere, or on nodes of those exporters that do not have them. */
function connectionsLeft(exporters: readonly EthtoolExporter[]): readonly Skipped[] {
  const reason = noHeadroom(exporters);
  if (reason !== undefined) return [{ kind: 'records of connections left', reason }];
  return withoutGauge(exporters).map(({ id }) => ({
    kind: `connections left of nodes that only ${id} reports`,
    reason: `${id} does not export ${AVAILABLE}`,
  }));
}

function ruleFiles(config: AllowancesConfig): Built<RuleFile> {
  const { exporters, rules } = config;
  const none = noExporter(config);
  if (none !== undefined) return { built: [], skipped: [{ kind: 'rules on ENA allowances', reason: none }] };
  const group = (name: string, groupRules: readonly Rule[]) => ({ name, interval: rules.interval, rules: groupRules });
  // One group of both would exceed the 20 rules that Mimir allows.
  const groups = [
    group('azimuth-ena-allowances', [
      ...exceededRules(config, exporters),
      // In the same group: others run at times of their own, and would see the packets of an evaluation before.
      ...eventRules(config),
      ...alertsFor(config, sourceAndExceededAlerts),
    ]),
    group('azimuth-ena-conntrack', [
      ...headroomRules(config, exporters),
      ...alertsFor(config, [conntrackAllowanceLow]),
    ]),
  ].filter(({ rules: groupRules }) => groupRules.length > 0);
  const jobs = exporters.map(({ job }) => job);
  const header = 'Network limits of EC2 nodes (ENA allowances): records and alerts.';
  return {
    built: [{ name: 'ena-allowances', header, groups }],
    skipped: [
      {
        kind: `ENA counters of jobs other than ${listed(jobs, 'and')}`,
        reason: `in every cluster where ${jobs.length === 1 ? 'that job' : 'one of them'} reports; elsewhere all count`,
      },
      ...connectionsLeft(exporters),
    ],
  };
}

/** Network limits of EC2 nodes: packets over the allowances of the instance type, and the headroom of connection tracking. */
export const allowancesDomain = domain({
  id: 'allowances',
  settings: {},
  reads: READS,
  checks: [deviceRegex],
  enabled: (config) => noExporter(config) ?? true,
  ruleFiles,
  stateMetrics: () => ({ resources: ['nodes'], labels: { nodes: [INSTANCE_TYPE.kubernetes] } }),
  alerts: allowanceAlerts,
  dashboards: [
    {
      uid: 'node-allowances',
      build: (config) => {
        const reason = noExporter(config);
        return reason === undefined ? nodeAllowances(config) : { reason };
      },
    },
  ],
  labels: ALLOWANCE_LABELS,
});
