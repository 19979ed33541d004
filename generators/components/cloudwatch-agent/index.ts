import { AVAILABLE, COUNTERS, type EthtoolExporter } from '../../allowances/index.ts';
import type { Warning } from '../../model/report.ts';
import { matches, type Query, seconds, selector, selectorOfAny } from '../../promql/index.ts';
import { checkOf } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { isExporter, readsExporter } from '../../shared/exporters.ts';
import { component } from '../contract.ts';
import { type CloudWatchAgentConfig, READS, SETTINGS, workspaceOf } from './settings.ts';
import { cloudWatchAgentValues, JOB } from './values.ts';

const ID = 'cloudwatch-agent';

/** The agent reads the statistics once a minute, and only a setting for all that it collects would change that. */
const MINUTES_OF_WINDOW = 4;

const metric = (statistic: string): string => `ethtool_${statistic}`;

const statistic = (name: string, device: string): Query => selector(metric(name), { interface: matches(device) });

/**
 * The CloudWatch agent: one metric without a type for each statistic, cumulative as the driver has it, with the labels `interface` and `driver`
 * and those that our configuration appends. Pushed by remote write, so without `instance` and `up`.
 * Upstream: aws/amazon-cloudwatch-agent, receiver/adapter/accumulator/metrics.go (a gauge whose tags are attributes) and
 * translator/translate/otel/pipeline/host/translator.go (the destination AMP); aws/telegraf, plugins/inputs/ethtool; opentelemetry-collector-contrib,
 * pkg/translator/prometheusremotewrite/helper.go (attributes become labels).
 */
const agent: EthtoolExporter = {
  id: ID,
  job: JOB,
  counts: 'counter',
  interfaceLabel: 'interface',
  labels: ['driver'],
  exceeded: (allowance, { device }) => statistic(`${allowance}_allowance_exceeded`, device),
  conntrackAvailable: ({ device }) => statistic(AVAILABLE, device),
  anyExceeded: ({ device }) => selectorOfAny(COUNTERS.map(metric), { interface: matches(device) }),
};

const sameWorkspace = checkOf<CloudWatchAgentConfig>()(
  ['ethtool.exporter', 'targets', 'amp.workspaceId', 'cloudwatchAgent.workspaceId'],
  ({ ethtool, targets, amp, cloudwatchAgent: { workspaceId } }) =>
    problemIf(
      readsExporter({ ethtool }, ID) &&
        targets.includes('amp') &&
        workspaceId !== null &&
        amp.workspaceId !== null &&
        workspaceId !== amp.workspaceId,
      'cloudwatchAgent.workspaceId',
      workspaceId,
      `null or ${String(amp.workspaceId)}, which is amp.workspaceId, as rules read only the series of their own workspace`,
    ),
);

/** By which route the series reach the rules, or that they do not. */
function route(config: CloudWatchAgentConfig): readonly Warning[] {
  const workspace = workspaceOf(config);
  if (workspace === null) {
    const settings = ['ethtool.exporter', 'cloudwatchAgent.workspaceId'];
    const reason =
      'the series of the CloudWatch agent reach CloudWatch only, and no Prometheus, so no rule on allowances has data: set the AMP workspace ' +
      'that they go to and whose rules read them, or choose an exporter that is scraped';
    return [{ kind: 'doubtful', settings, reason }];
  }
  if (config.targets.includes('amp')) return [];
  const reason =
    `the series of the CloudWatch agent reach the AMP workspace ${workspace} only, by remote write of the agents, so no other Prometheus has them: ` +
    'expected amp in targets, or the rules uploaded to that workspace';
  return [{ kind: 'doubtful', settings: ['ethtool.exporter', 'targets'], reason }];
}

/** A window that holds too few of the agent's samples. */
const fewSamples = ({ rules: { window } }: CloudWatchAgentConfig): readonly Warning[] =>
  seconds(window) >= MINUTES_OF_WINDOW * 60
    ? []
    : [
        {
          kind: 'doubtful',
          settings: ['rules.window', 'ethtool.exporter'],
          reason: `the CloudWatch agent reads the counters once a minute, and ${window} of that may hold no two samples: expected at least ${MINUTES_OF_WINDOW}m`,
        },
      ];

/** A cluster label that arrives otherwise than it is written. */
function changedLabel({ cluster: { label, name } }: CloudWatchAgentConfig): readonly Warning[] {
  if (label === null) return [];
  return [
    ...(/\$\{?\w/.test(name)
      ? [{ setting: 'cluster.name', change: 'puts in environment variables that a $ begins' }]
      : []),
    ...(label.startsWith('_') ? [{ setting: 'cluster.label', change: 'calls a label that begins with _ key_' }] : []),
  ].map(({ setting, change }) => ({
    kind: 'doubtful',
    settings: [setting, 'ethtool.exporter'],
    reason: `the CloudWatch agent ${change}, so its series may have another cluster than all others`,
  }));
}

/** The CloudWatch agent of the EKS add-on amazon-cloudwatch-observability as the exporter of ENA counters. */
export const cloudWatchAgent = component({
  id: ID,
  settings: SETTINGS,
  reads: READS,
  checks: [sameWorkspace],
  enabled: (config) => isExporter(config, ID),
  exports: { 'ethtool_*': 'the CloudWatch agents' },
  exporters: { [ID]: agent },
  warnings: (config) => [...route(config), ...fewSamples(config), ...changedLabel(config)],
  skipped: (config) =>
    readsExporter(config, ID) && workspaceOf(config) !== null
      ? [
          {
            kind: 'scrape job for ENA counters',
            reason: `the CloudWatch agents write them to the AMP workspace ${workspaceOf(config)} themselves`,
          },
        ]
      : [],
  helmValues: (config) => [cloudWatchAgentValues(config)],
});
