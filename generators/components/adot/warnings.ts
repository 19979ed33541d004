import type { Warning } from '../../model/bundle.ts';
import type { Slice } from '../../settings/section.ts';
import { AWS_REGION, workspaceRegion } from '../../shared/aws.ts';
import type { CLOUD } from '../../traffic/settings.ts';
import type { ADOT } from './settings.ts';

/** A collector that writes into another region than that of the cluster: it works, and what it sends is billed. */
export function warnings(config: Slice<{ adot: typeof ADOT; cloud: typeof CLOUD }>): readonly Warning[] {
  const { adot, cloud } = config;
  const workspace = workspaceRegion(config);
  if (!adot.enabled || workspace === undefined || !AWS_REGION.test(cloud.region)) return [];
  const reason = `the workspace is in ${workspace.region}, the cluster in ${cloud.region}; traffic between regions is billed`;
  return workspace.region === cloud.region
    ? []
    : [{ kind: 'doubtful', settings: [workspace.setting, 'cloud.region'], reason }];
}
