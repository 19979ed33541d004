import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import { IDENTITY_GROUP, identityMetrics, identityRules, workloadRules } from '../identity/index.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { seconds } from '../promql/index.ts';
import { slower } from '../settings/general.ts';
import { memoryNearLimit, resourceAlerts, resourceSourceSilent } from './alerts.ts';
import { workloadResources } from './dashboard.ts';
import { RESOURCE_LABELS } from './records/names.ts';
import {
  activePodRule,
  limitUsedRule,
  podWorkloadRule,
  throttlingRules,
  undescribedPodRule,
  usageRules,
} from './records/pods.ts';
import { allotmentRules, restartsRule } from './records/state.ts';
import {
  workloadLimitUsedRule,
  workloadPodsRule,
  workloadThrottlingRule,
  workloadUsageRules,
} from './records/workloads.ts';
import { noResources, READS, SETTINGS, type WorkloadsConfig } from './settings.ts';

export { CADVISOR } from './records/kubelet.ts';

function ruleFiles(config: WorkloadsConfig): Built<RuleFile> {
  const reason = noResources(config);
  if (reason !== undefined) return { built: [], skipped: [{ kind: 'rules on resources of workloads', reason }] };
  const { interval } = config.rules;
  const group = (name: string, rules: readonly Rule[], every = interval) => ({ name, interval: every, rules });
  // Joins with the workloads cost as much as the sums they join, and a rate over five minutes changes little within one. Windows still overlap.
  const { rules, scrape } = config;
  const usage = slower(rules, 2, Math.min(120, seconds(rules.window) - seconds(scrape.interval)));
  const slow = slower(config.rules, 4);
  const groups = [
    // With flows, the group of the file zone-traffic begins with the same rules.
    ...(config.sources.length > 0 ? [] : [group(IDENTITY_GROUP, identityRules(config))]),
    // Windows that follow each other, so that they add up to an hour.
    group('azimuth-workload-restarts', [restartsRule(config)]),
    group('azimuth-workload-undescribed', [undescribedPodRule(config)], slow),
    group(
      'azimuth-workload-cpu',
      [
        podWorkloadRule(config),
        activePodRule(config),
        workloadPodsRule(config),
        ...usageRules(config, 'cpu'),
        ...throttlingRules(config),
        ...workloadUsageRules(config, 'cpu'),
        workloadThrottlingRule(config),
        ...alertsFor(config, [resourceSourceSilent]),
      ],
      usage,
    ),
    group(
      'azimuth-workload-memory',
      [
        ...usageRules(config, 'workingSet', 'rss'),
        limitUsedRule(config),
        ...workloadUsageRules(config, 'workingSet', 'rss'),
        workloadLimitUsedRule(config),
        ...alertsFor(config, [memoryNearLimit]),
      ],
      usage,
    ),
    group(
      'azimuth-workload-network',
      [...usageRules(config, 'receive', 'transmit'), ...workloadUsageRules(config, 'receive', 'transmit')],
      usage,
    ),
    group('azimuth-workload-allotments', allotmentRules(config), slow),
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
