/** An AWS region as it appears in host names and ARNs. */
export const AWS_REGION = /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/;

/**
 * The region in a workspace endpoint's host name; undefined for any other host. Upstream: the AMP user guide, "Amazon Managed Service
 * for Prometheus endpoints and quotas".
 */
export const regionOfEndpoint = (endpoint: string): string | undefined =>
  /^https:\/\/aps-workspaces\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?\//.exec(endpoint)?.[1];

/** The workspace ID in a remote write URL; undefined for any other path, such as a proxy's. */
export const workspaceOfEndpoint = (endpoint: string): string | undefined =>
  /\/workspaces\/([^/]+)\/api\/v1\/remote_write$/.exec(endpoint)?.[1];

/** The region of an ARN: its fourth field. */
export const regionOfArn = (arn: string): string => arn.split(':')[3] ?? '';

/** Settings that determine the workspace's region. */
interface Regions {
  readonly adot: { readonly enabled: boolean; readonly endpoint: string; readonly region: string };
  readonly cloud: { readonly region: string };
}

/** The workspace's region and the setting it comes from; undefined if no setting gives one. */
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
