import { alertsFor } from '../alerts/spec.ts';
import { checkOf, problem, regexProblem } from '../settings/check.ts';
import { domain, type Built } from '../domain.ts';
import type { RuleFile } from '../model/rules.ts';
import { allowanceAlerts } from './alerts.ts';
import { nodeAllowances } from './dashboard.ts';
import { ALLOWANCE_LABELS, allowanceRules } from './records.ts';
import { READS, type AllowancesConfig } from './settings.ts';

export { ALLOWANCES, STATISTICS, type EthtoolExporter } from './exporter.ts';
export { exceededName } from './records.ts';

const NO_EXPORTER = 'ethtool.exporter is none';

const deviceRegex = checkOf<Pick<AllowancesConfig, 'ethtool'>>()(['ethtool.device'], ({ ethtool }) => {
  const why = ethtool.device === '' ? 'it matches nothing' : regexProblem(ethtool.device);
  const expected = `a regular expression as Prometheus reads it (RE2) such as eth.*|ens.* (${why})`;
  return why === undefined ? [] : [problem('ethtool.device', ethtool.device, expected)];
});

function ruleFiles(config: AllowancesConfig): Built<RuleFile> {
  const { exporter, rules } = config;
  if (exporter === undefined) {
    return { built: [], skipped: [{ kind: 'rules on ENA allowances', reason: NO_EXPORTER }] };
  }
  const group = {
    name: 'azimuth-ena-allowances',
    interval: rules.interval,
    rules: [...allowanceRules(config, exporter), ...alertsFor(config, allowanceAlerts)],
  };
  const header = 'Network limits of EC2 nodes (ENA allowances): records and alerts.';
  return { built: [{ name: 'ena-allowances', header, groups: [group] }], skipped: [] };
}

/** Network limits of EC2 nodes: packets over the allowances of the instance type, and the headroom of connection tracking. */
export const allowancesDomain = domain({
  id: 'allowances',
  settings: {},
  reads: READS,
  checks: [deviceRegex],
  enabled: ({ exporter }) => exporter !== undefined || NO_EXPORTER,
  ruleFiles,
  alerts: allowanceAlerts,
  dashboards: [
    {
      uid: 'node-allowances',
      build: (config) => (config.exporter === undefined ? { reason: NO_EXPORTER } : nodeAllowances(config)),
    },
  ],
  labels: ALLOWANCE_LABELS,
});
