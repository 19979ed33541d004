import type { Warning } from '../../model/report.ts';
import { checkOf } from '../../settings/check.ts';
import { AWS_REGION, regionOfEndpoint, workspaceRegion } from '../../shared/aws.ts';
import { problemIf } from '../../shared/checks.ts';
import { component } from '../contract.ts';
import { adotCollector, adotRoles } from './collector.ts';
import { kinds } from './kinds.ts';
import { type AdotConfig, READS, SETTINGS } from './settings.ts';

const REMOTE_WRITE =
  'the remote write URL of the workspace: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/api/v1/remote_write';

const collector = checkOf<AdotConfig>()(
  ['adot', 'cloud.region'],
  ({ adot: { enabled, region, endpoint, mode, targetAllocator, replicas }, cloud }) => {
    if (!enabled) return [];
    const signed = region === '' ? cloud.region : region;
    const isRegion = AWS_REGION.test(signed);
    const isEndpoint = /^https:\/\/[^/$]+\/[^$]*api\/v1\/remote_write$/.test(endpoint);
    const isElsewhere = isRegion && isEndpoint && (regionOfEndpoint(endpoint) ?? signed) !== signed;
    return [
      ...problemIf(!isRegion, 'adot.region', signed, 'the AWS region of the workspace such as ap-northeast-2'),
      ...problemIf(!isEndpoint, 'adot.endpoint', endpoint, REMOTE_WRITE),
      ...problemIf(
        isElsewhere,
        'adot.endpoint',
        endpoint,
        `a workspace in ${signed}, the region that requests are signed for`,
      ),
      ...problemIf(
        targetAllocator && mode !== 'statefulset',
        'adot.mode',
        mode,
        'statefulset, as the operator refuses a target allocator in any other mode',
      ),
      ...problemIf(
        replicas > 1 && !targetAllocator,
        'adot.replicas',
        replicas,
        '1, or adot.targetAllocator: true; without it every replica scrapes every target',
      ),
    ];
  },
);

/** Writing to another region works, but the traffic is billed. */
function otherRegion(config: AdotConfig): readonly Warning[] {
  const { cloud } = config;
  const workspace = workspaceRegion(config);
  if (workspace === undefined || !AWS_REGION.test(cloud.region)) return [];
  const reason = `the workspace is in ${workspace.region}, the cluster in ${cloud.region}; traffic between regions is billed`;
  return workspace.region === cloud.region
    ? []
    : [{ kind: 'doubtful', settings: [workspace.setting, 'cloud.region'], reason }];
}

/** A collector of the AWS Distro for OpenTelemetry that runs our scrape jobs and writes to an AMP workspace. */
export const adot = component({
  id: 'adot',
  settings: SETTINGS,
  reads: READS,
  checks: [collector],
  enabled: ({ adot: { enabled } }) => enabled || 'adot.enabled is false',
  warnings: otherRegion,
  demands: [{ output: 'manifests', setting: 'adot.enabled', when: ({ adot: { enabled } }) => enabled }],
  manifests: (config, { scrapeJobs }) => [adotCollector(config, scrapeJobs()), ...adotRoles(config, scrapeJobs())],
  kinds,
});
