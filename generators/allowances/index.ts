import { alertsFor } from '../alerts/spec.ts';
import { checkOf, rejectedRegex } from '../settings/check.ts';
import { regexProblem } from '../settings/regex.ts';
import { domain, type Built } from '../domain.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { allowanceAlerts, conntrackAllowanceLow, sourceAndExceededAlerts } from './alerts.ts';
import { nodeAllowances } from './dashboard.ts';
import { noHeadroom } from './exporter.ts';
import { INSTANCE_TYPE } from './limits.ts';
import { ALLOWANCE_LABELS, eventRules, exceededRules, headroomRules } from './records.ts';
import { READS, type AllowancesConfig } from './settings.ts';

export { ALLOWANCES, AVAILABLE, COUNTERS, STATISTICS, type EthtoolExporter } from './exporter.ts';
export { exceededName } from '../shared/record-names.ts';

const NO_EXPORTER = 'ethtool.exporter is none';

const deviceRegex = checkOf<Pick<AllowancesConfig, 'ethtool'>>()(['ethtool.device'], ({ ethtool }) => {
  const why = ethtool.device === '' ? 'it matches nothing' : regexProblem(ethtool.device);
  return rejectedRegex('ethtool.device', ethtool.device, why, ' such as eth.*|ens.*');
});

function ruleFiles(config: AllowancesConfig): Built<RuleFile> {
  const { exporter, rules } = config;
  if (exporter === undefined) {
    return { built: [], skipped: [{ kind: 'rules on ENA allowances', reason: NO_EXPORTER }] };
  }
  const group = (name: string, groupRules: readonly Rule[]) => ({ name, interval: rules.interval, rules: groupRules });
  // One group of both would exceed the 20 rules that Mimir allows.
  const groups = [
    group('azimuth-ena-allowances', [
      ...exceededRules(config, exporter),
      // In the same group: others run at times of their own, and would see the packets of an evaluation before.
      ...eventRules(config),
      ...alertsFor(config, sourceAndExceededAlerts),
    ]),
    group('azimuth-ena-conntrack', [...headroomRules(config, exporter), ...alertsFor(config, [conntrackAllowanceLow])]),
  ].filter(({ rules: groupRules }) => groupRules.length > 0);
  const without = noHeadroom(exporter);
  const header = 'Network limits of EC2 nodes (ENA allowances): records and alerts.';
  return {
    built: [{ name: 'ena-allowances', header, groups }],
    skipped: [
      {
        kind: `ENA counters of jobs other than ${exporter.job}`,
        reason: 'in every cluster where that job reports; elsewhere all count',
      },
      ...(without === undefined ? [] : [{ kind: 'records of connections left', reason: without }]),
    ],
  };
}

/** Network limits of EC2 nodes: packets over the allowances of the instance type, and the headroom of connection tracking. */
export const allowancesDomain = domain({
  id: 'allowances',
  settings: {},
  reads: READS,
  checks: [deviceRegex],
  enabled: ({ exporter }) => exporter !== undefined || NO_EXPORTER,
  ruleFiles,
  stateMetrics: () => ({ resources: ['nodes'], labels: { nodes: [INSTANCE_TYPE.kubernetes] } }),
  alerts: allowanceAlerts,
  dashboards: [
    {
      uid: 'node-allowances',
      build: (config) => (config.exporter === undefined ? { reason: NO_EXPORTER } : nodeAllowances(config)),
    },
  ],
  labels: ALLOWANCE_LABELS,
});
