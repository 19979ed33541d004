import type { RecordingRule } from '../model/rules.ts';
import type { IdentityConfig } from './config.ts';
import { controllerWorkloadRule, incarnationRule, podIdentityRule } from './pods.ts';
import { zoneLabels } from './vocabulary.ts';
import { zoneRules } from './zones.ts';

/** Name of the group that begins with `identityRules`, whichever domain writes it. */
export const IDENTITY_GROUP = 'azimuth-identity';

/** Who and where each pod is, in order: zones of nodes, workloads of controllers, incarnations of pods, and one row for each pod name. */
export const identityRules = (config: IdentityConfig): readonly RecordingRule[] => [
  ...zoneRules(config),
  controllerWorkloadRule(config),
  incarnationRule(config),
  podIdentityRule(config),
];

/** What kube-state-metrics must export for them. Upstream: kube-state-metrics, internal/store/builder.go. */
export const identityMetrics = (config: IdentityConfig) => ({
  resources: ['jobs', 'nodes', 'pods', 'replicasets'],
  labels: zoneLabels(config).length === 0 ? {} : { nodes: zoneLabels(config) },
});
