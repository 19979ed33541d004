import { AWS_REGION, regionOfArn, regionOfEndpoint } from '../shared/aws.ts';
import type { Config } from '../settings/index.ts';
import type { Note } from '../model/warning.ts';

/** Where the workspace is, and which setting says so; undefined where none does. */
function workspaceRegion({ adot, cloud }: Config): { readonly region: string; readonly said: string } | undefined {
  const known = [
    { on: adot.enabled, region: regionOfEndpoint(adot.endpoint) ?? '', said: 'adot.endpoint' },
    { on: adot.enabled, region: adot.region, said: 'adot.region' },
    { on: true, region: cloud.region, said: 'cloud.region' },
  ];
  return known.find(({ on, region }) => on && AWS_REGION.test(region));
}

/**
 * A topic in another region than the workspace. AWS documents that topics must be of the same account and that `sigv4.region` must be
 * given (AMP user guide, "Managing and forwarding alerts" and "Configure alert manager to send messages to your Amazon SNS topic"), and
 * says nothing about regions: so it is no mistake for sure.
 */
function distantTopic(config: Config): readonly Note[] {
  const { topicArn } = config.amp.alertmanager.sns;
  const workspace = workspaceRegion(config);
  if (!config.targets.includes('amp') || topicArn === null || workspace === undefined) return [];
  const region = regionOfArn(topicArn);
  const reason =
    `the topic is in ${region}, the workspace in ${workspace.region} by ${workspace.said}; ` +
    'AWS does not say whether AMP publishes to other regions: send a test alert';
  return region === workspace.region
    ? []
    : [{ kind: 'doubtful', settings: ['amp.alertmanager.sns.topicArn', workspace.said], reason }];
}

/** A collector that writes into another region than that of the cluster: it works, and what it sends is billed. */
function distantWorkspace(config: Config): readonly Note[] {
  const { adot, cloud } = config;
  const workspace = workspaceRegion(config);
  if (!adot.enabled || workspace === undefined || !AWS_REGION.test(cloud.region)) return [];
  const reason = `the workspace is in ${workspace.region}, the cluster in ${cloud.region}; traffic between regions is billed`;
  return workspace.region === cloud.region
    ? []
    : [{ kind: 'doubtful', settings: [workspace.said, 'cloud.region'], reason }];
}

/** Settings that may not fit each other, though that is no mistake for sure. */
export const doubtsAbout = (config: Config): readonly Note[] => [...distantTopic(config), ...distantWorkspace(config)];
