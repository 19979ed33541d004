import { alertsFor } from '../alerts/spec.ts';
import { type Built, domain } from '../domain.ts';
import type { Skipped } from '../model/report.ts';
import type { Rule, RuleFile } from '../model/rules.ts';
import { checkOf, rejectedRegex } from '../settings/check.ts';
import { regexProblem } from '../settings/regex.ts';
import { noAgents } from './agents.ts';
import { agentAlerts, pipelineAlerts, usageAlerts } from './alerts.ts';
import { flowPipeline } from './dashboard/index.ts';
import { PIPELINE_LABELS } from './names.ts';
import { noPackets, packetRules } from './packets.ts';
import { seriesRules, upRules, usageRules } from './records.ts';
import { PACKETS, type PipelineConfig, READS, SETTINGS } from './settings.ts';

const nodesWithout = checkOf<Pick<PipelineConfig, 'flowPipeline'>>()(
  ['flowPipeline.nodesWithout'],
  ({ flowPipeline: { nodesWithout: regex } }) =>
    rejectedRegex('flowPipeline.nodesWithout', regex, regexProblem(regex), ' such as fargate-.*'),
);

function ruleFiles(config: PipelineConfig): Built<RuleFile> {
  const reason = noAgents(config);
  if (reason !== undefined) return { built: [], skipped: [{ kind: 'rules on the flow pipeline', reason }] };
  const group = (name: string, rules: readonly Rule[]) => ({ name, interval: config.rules.interval, rules });
  const groups = [
    group('azimuth-flow-agents', [...upRules(config), ...seriesRules(config), ...alertsFor(config, agentAlerts)]),
    group(
      'azimuth-flow-agent-usage',
      config.workloads.resources ? [...usageRules(config), ...alertsFor(config, usageAlerts)] : [],
    ),
    group('azimuth-packets', packetRules(config)),
  ].filter(({ rules }) => rules.length > 0);
  const packets = noPackets(config);
  const skipped: readonly Skipped[] = [
    ...(config.workloads.resources
      ? []
      : [{ kind: 'records of what flow agents use', reason: 'workloads.resources is false' }]),
    ...(packets === undefined ? [] : [{ kind: PACKETS, reason: packets }]),
  ];
  const header =
    'The observer itself: whether agents work, what they cost, and the packets that go wrong. Records and alerts.';
  return { built: groups.length === 0 ? [] : [{ name: 'flow-pipeline', header, groups }], skipped };
}

/** The flow pipeline: whether the agents that observe traffic work, what they lose and what they cost. */
export const flowPipelineDomain = domain({
  id: 'flow-pipeline',
  settings: SETTINGS,
  reads: READS,
  checks: [nodesWithout],
  enabled: (config) => noAgents(config) ?? true,
  ruleFiles,
  stateMetrics: () => ({ resources: ['nodes'], labels: {} }),
  alerts: pipelineAlerts,
  dashboards: [
    {
      uid: 'flow-pipeline',
      build: (config) => {
        const reason = noAgents(config);
        return reason === undefined ? flowPipeline(config) : { reason };
      },
    },
  ],
  labels: PIPELINE_LABELS,
});
