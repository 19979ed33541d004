import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import { IDENTITY_GROUP, identityMetrics, identityRules, workloadRules } from '../identity/index.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { resourceAlerts } from './alerts.ts';
import { workloadResources } from './dashboard.ts';
import { RESOURCE_LABELS } from './records/names.ts';
import {
  activePodRule,
  allotmentRules,
  limitUsedRule,
  podRestartsRule,
  podWorkloadRule,
  throttlingRules,
  usageRules,
} from './records/pods.ts';
import { workloadCountRules, workloadThrottlingRules, workloadUsageRules } from './records/workloads.ts';
import { noResources, READS, SETTINGS, type WorkloadsConfig } from './settings.ts';

export { CADVISOR } from './records/kubelet.ts';

function ruleFiles(config: WorkloadsConfig): Built<RuleFile> {
  const reason = noResources(config);
  if (reason !== undefined) return { built: [], skipped: [{ kind: 'rules on resources of workloads', reason }] };
  const group = (name: string, rules: readonly Rule[]) => ({ name, interval: config.rules.interval, rules });
  const groups = [
    // With flows, the group of the file zone-traffic begins with the same rules.
    ...(config.sources.length > 0 ? [] : [group(IDENTITY_GROUP, identityRules(config))]),
    group('azimuth-workloads', [
      podWorkloadRule(config),
      activePodRule(config),
      podRestartsRule(config),
      ...allotmentRules(config),
      limitUsedRule(config),
      ...workloadCountRules(config),
    ]),
    group('azimuth-workload-usage', [
      ...usageRules(config, 'cpu', 'workingSet', 'rss'),
      ...throttlingRules(config),
      ...workloadUsageRules(config, 'cpu', 'workingSet', 'rss'),
      ...workloadThrottlingRules(config),
      // They read this group and the one before it, so that no two groups read each other.
      ...alertsFor(config, resourceAlerts),
    ]),
    group('azimuth-workload-network', [
      ...usageRules(config, 'receive', 'transmit'),
      ...workloadUsageRules(config, 'receive', 'transmit'),
    ]),
  ];
  const header = 'What pods and workloads use, request and may use: records and alerts.';
  return { built: [{ name: 'workload-resources', header, groups }], skipped: [] };
}

/** What workloads use and request: CPU, memory, network, throttling and restarts, of pods and of the workloads that own them. */
export const workloadsDomain = domain({
  id: 'workloads',
  settings: SETTINGS,
  reads: READS,
  checks: [workloadRules],
  enabled: (config) => noResources(config) ?? true,
  ruleFiles,
  stateMetrics: identityMetrics,
  alerts: resourceAlerts,
  dashboards: [
    {
      uid: 'workload-resources',
      build: (config) => {
        const reason = noResources(config);
        return reason === undefined ? workloadResources(config) : { reason };
      },
    },
  ],
  labels: RESOURCE_LABELS,
});
