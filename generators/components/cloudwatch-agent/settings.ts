import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { flag, orNull, section, value } from '../../schema/settings.ts';
import { CLUSTER, RULES, TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { AMP, WORKSPACE_ID } from '../amp/settings.ts';

/** The CloudWatch agent as exporter of ENA counters. */
export const CLOUDWATCH_AGENT = section(
  'The CloudWatch agent as exporter of ENA counters (ethtool.exporter: cloudwatch-agent). It writes to Amazon Managed Service for Prometheus itself.',
  {
    workspaceId: value(
      orNull(WORKSPACE_ID),
      null,
      "ID of the workspace that the agents write to, in the agents' region; null means amp.workspaceId. Without either, the counters reach CloudWatch only.",
    ),
    containerInsights: flag(
      true,
      "Whether the agents collect Container Insights, as they do by default: our configuration replaces the add-on's.",
    ),
    applicationSignals: flag(true, 'The same for Application Signals.'),
  },
);

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { cloudwatchAgent: CLOUDWATCH_AGENT };
export const READS = { ethtool: ETHTOOL_COUNTERS, amp: AMP, cluster: CLUSTER, rules: RULES, targets: TARGETS };
export type CloudWatchAgentConfig = Slice<typeof SETTINGS & typeof READS>;

/** The workspace that the agents write to; null if they write to CloudWatch only. */
export const workspaceOf = ({ cloudwatchAgent, amp }: CloudWatchAgentConfig): string | null =>
  cloudwatchAgent.workspaceId ?? amp.workspaceId;
