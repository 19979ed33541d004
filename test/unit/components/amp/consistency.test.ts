import { describe, expect, test } from '@jest/globals';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';

const OURS = 'ws-12345678-abcd-1234-abcd-123456789012';
const OTHER = 'ws-87654321-abcd-1234-abcd-123456789012';

const endpoint = (id: string, region = 'eu-west-1') =>
  `https://aps-workspaces.${region}.amazonaws.com/workspaces/${id}/api/v1/remote_write`;

const given = (workspaceId: string | null, url: string, rest: object = {}) => ({
  cloud: { region: 'eu-west-1' },
  adot: { enabled: true, endpoint: url },
  amp: { workspaceId, ...(workspaceId === null && { workspace: { name: 'own' } }) },
  targets: ['amp', 'manifests'],
  ...rest,
});

describe('the workspace of the rules is that of the collector', () => {
  test('or both are reported', () => {
    expect(complaints(given(OURS, endpoint(OURS)))).toEqual([]);
    expect(complaints(given(OURS, endpoint(OTHER)))).toEqual([
      `amp.workspaceId: got "${OURS}", expected ${OTHER}, the workspace of adot.endpoint, as rules read only the series of their own workspace`,
    ]);
  });

  test.each([
    ['the collector is not written', given(OURS, endpoint(OTHER), { adot: { endpoint: endpoint(OTHER) } })],
    ['the rules are not', given(OURS, endpoint(OTHER), { targets: ['prometheus', 'manifests'] })],
    ['the workspace is a resource', given(null, endpoint(OTHER))],
    ['the endpoint does not name it', given(OURS, 'https://proxy.example.com/api/v1/remote_write')],
  ])('unless %s', (_name, config) => {
    expect(complaints(config)).toEqual([]);
  });
});

describe('doubtful regions', () => {
  const topic = (region: string) => ({
    workspaceId: OURS,
    alertmanager: { sns: { topicArn: `arn:aws:sns:${region}:123456789012:alerts` } },
  });
  const doubtful = (config: object) =>
    generate({ rules: { ruler: 'amp' }, ...config })
      .warnings.filter(({ kind }) => kind === 'doubtful')
      .map(({ settings }) => settings);

  test.each<[string, object, readonly (readonly string[])[]]>([
    ['a topic in the region of the workspace', given(OURS, endpoint(OURS), { amp: topic('eu-west-1') }), []],
    [
      'a topic in another region than the collector writes to',
      given(OURS, endpoint(OURS), { amp: topic('us-east-1') }),
      [['amp.alertmanager.sns.topicArn', 'adot.endpoint']],
    ],
    [
      'a topic in another region than cloud.region',
      { cloud: { region: 'eu-west-1' }, amp: topic('us-east-1'), targets: ['amp'] },
      [['amp.alertmanager.sns.topicArn', 'cloud.region']],
    ],
    [
      'a topic, and a proxy in front of the workspace',
      {
        ...given(OURS, 'https://proxy.example.com/api/v1/remote_write', { amp: topic('us-east-1') }),
        cloud: {},
        adot: { enabled: true, region: 'eu-west-1', endpoint: 'https://proxy.example.com/api/v1/remote_write' },
      },
      [['amp.alertmanager.sns.topicArn', 'adot.region']],
    ],
    ['a topic, and no region known', { amp: topic('us-east-1'), targets: ['amp'] }, []],
    ['a region that is not one of AWS', { cloud: { region: 'Dublin' }, amp: topic('us-east-1'), targets: ['amp'] }, []],
    ['a topic that is not written', { cloud: { region: 'eu-west-1' }, amp: topic('us-east-1') }, []],
    [
      'a workspace in another region than the cluster',
      {
        ...given(OURS, endpoint(OURS), { amp: topic('eu-west-1') }),
        cloud: { region: 'us-east-1' },
        adot: { enabled: true, region: 'eu-west-1', endpoint: endpoint(OURS) },
      },
      [['adot.endpoint', 'cloud.region']],
    ],
  ])('%s', (_name, config, expected) => {
    expect(doubtful(config)).toEqual(expected);
  });
});
