/** A region of AWS, as hosts and ARNs have it. */
export const AWS_REGION = /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/;

/**
 * The region in the host of a workspace's endpoint; undefined where the host does not tell. Upstream: the AMP user guide, "Amazon
 * Managed Service for Prometheus endpoints and quotas".
 */
export const regionOfEndpoint = (endpoint: string): string | undefined =>
  /^https:\/\/aps-workspaces\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\//.exec(endpoint)?.[1];

/** The ID of the workspace in a remote write URL; undefined where its path is another, such as that of a proxy. */
export const workspaceOfEndpoint = (endpoint: string): string | undefined =>
  /\/workspaces\/([^/]+)\/api\/v1\/remote_write$/.exec(endpoint)?.[1];

/** The region of an ARN, its fourth part. */
export const regionOfArn = (arn: string): string => arn.split(':')[3] ?? '';

/** Settings that tell where a workspace is. */
interface Regions {
  readonly adot: { readonly enabled: boolean; readonly endpoint: string; readonly region: string };
  readonly cloud: { readonly region: string };
}

/** The region of the workspace, and the setting that tells it; undefined where none does. */
export function workspaceRegion({
  adot,
  cloud,
}: Regions): { readonly region: string; readonly setting: string } | undefined {
  const known = [
    ...(adot.enabled
      ? [
          { region: regionOfEndpoint(adot.endpoint) ?? '', setting: 'adot.endpoint' },
          { region: adot.region, setting: 'adot.region' },
        ]
      : []),
    { region: cloud.region, setting: 'cloud.region' },
  ];
  return known.find(({ region }) => AWS_REGION.test(region));
}
