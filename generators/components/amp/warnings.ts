import type { Warning } from '../../model/bundle.ts';
import type { TARGETS } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { regionOfArn, workspaceRegion } from '../../shared/aws.ts';
import type { CLOUD } from '../../traffic/settings.ts';
import type { ADOT } from '../adot/settings.ts';
import type { AMP } from './settings.ts';

/**
 * A topic in another region than the workspace. AWS documents that topics must be of the same account and that `sigv4.region` must be
 * given (AMP user guide, "Managing and forwarding alerts" and "Configure alert manager to send messages to your Amazon SNS topic"), and
 * says nothing about regions: so it is no mistake for sure.
 */
export function warnings(
  config: Slice<{ amp: typeof AMP; targets: typeof TARGETS; adot: typeof ADOT; cloud: typeof CLOUD }>,
): readonly Warning[] {
  const { topicArn } = config.amp.alertmanager.sns;
  const workspace = workspaceRegion(config);
  if (!config.targets.includes('amp') || topicArn === null || workspace === undefined) return [];
  const region = regionOfArn(topicArn);
  const reason =
    `the topic is in ${region}, the workspace in ${workspace.region} by ${workspace.setting}; ` +
    'AWS does not say whether AMP publishes to other regions: send a test alert';
  return region === workspace.region
    ? []
    : [{ kind: 'doubtful', settings: ['amp.alertmanager.sns.topicArn', workspace.setting], reason }];
}
