import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { agentAlerts, apiAlerts, ciliumAlerts, datapathAlerts } from './alerts.ts';
import { ciliumHealth } from './dashboard/index.ts';
import { CILIUM_LABELS } from './names.ts';
import { agentRules } from './records/agents.ts';
import { apiRules } from './records/api.ts';
import { datapathRules } from './records/datapath.ts';
import { type CiliumHealthConfig, noHealth, READS } from './settings.ts';

export { noHealth } from './settings.ts';
export { CILIUM_METRICS, type CiliumMetric, type CiliumMetricName, TURNED_ON } from './metrics.ts';

/** Why nothing on Cilium is recorded; undefined if it is. */
const off = ({ cilium, sources }: CiliumHealthConfig): string | undefined =>
  noHealth(
    cilium,
    sources.some(({ id }) => id === 'cilium-hubble'),
  );

function ruleFiles(config: CiliumHealthConfig): Built<RuleFile> {
  const reason = off(config);
  if (reason !== undefined) return { built: [], skipped: [{ kind: 'rules on Cilium', reason }] };
  const { rules } = config;
  const group = (name: string, groupRules: readonly Rule[]) => ({ name, interval: rules.interval, rules: groupRules });
  const groups = [
    group('azimuth-cilium-agents', [...agentRules(config), ...alertsFor(config, agentAlerts)]),
    group('azimuth-cilium-datapath', [...datapathRules(config), ...alertsFor(config, datapathAlerts)]),
    group('azimuth-cilium-api', [...apiRules(config), ...alertsFor(config, apiAlerts)]),
  ];
  return { built: [{ name: 'cilium', header: 'Health of Cilium: records and alerts.', groups }], skipped: [] };
}

/** The health of Cilium: agents, operator, datapath, addresses, and what they ask of the API server. Only where Cilium is the network. */
export const ciliumDomain = domain({
  id: 'cilium-health',
  settings: {},
  reads: READS,
  enabled: (config) => off(config) ?? true,
  ruleFiles,
  alerts: ciliumAlerts,
  dashboards: [
    {
      uid: 'cilium-health',
      build: (config) => {
        const reason = off(config);
        return reason === undefined ? ciliumHealth(config) : { reason };
      },
    },
  ],
  labels: CILIUM_LABELS,
});
