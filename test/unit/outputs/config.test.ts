import { describe, expect, test } from '@jest/globals';
import { generate } from '../../support/generate.ts';
import { SECRET, TOPIC } from '../../support/packagings.ts';
import { complaints } from '../../support/problems.ts';

const AMP = { targets: ['amp'] };

describe('the workspace of AMP', () => {
  test('must be named where AMP is asked for', () => {
    expect(complaints(AMP)).toEqual([
      'amp: got {"workspaceId":null,"workspace.name":null}, expected workspaceId or workspace.name, as targets includes amp',
    ]);
    expect(complaints({})).toEqual([]);
    expect(complaints({ ...AMP, amp: { workspaceId: 'ws-1' } })).toEqual([]);
    expect(complaints({ ...AMP, amp: { workspace: { name: 'metrics' } } })).toEqual([]);
  });

  test('is one, not two', () => {
    expect(complaints({ amp: { workspaceId: 'ws-1', workspace: { name: 'metrics' } } })).toEqual([
      'amp: got {"workspaceId":"ws-1","workspace.name":"metrics"}, expected workspaceId or workspace.name, not both',
    ]);
  });

  test('has no namespace without a name', () => {
    expect(complaints({ amp: { workspace: { namespace: 'aws' } } })).toEqual([
      'amp.workspace.namespace: got "aws", expected amp.workspace.name to be set as well',
    ]);
  });
});

describe('the Alertmanager of AMP', () => {
  const alertmanager = (settings: object) => complaints({ amp: { alertmanager: settings } });

  test.each(['5d', '120h', '4d23h59m'])('may repeat after %s', (repeatInterval) => {
    expect(alertmanager({ repeatInterval })).toEqual([]);
  });

  test.each(['5d1s', '121h', '1w'])('may not repeat after %s', (repeatInterval) => {
    expect(alertmanager({ repeatInterval })).toEqual([
      `amp.alertmanager.repeatInterval: got "${repeatInterval}", expected at most 5d, as AMP repeats by then anyway`,
    ]);
  });

  test.each(['repeatInterval', 'groupInterval'])('waits for something in %s', (name) => {
    expect(alertmanager({ [name]: '0s' })).toEqual([`amp.alertmanager.${name}: got "0s", must be greater than 0s`]);
  });

  test.each([
    ['TOPIC-ARN', 'arn:aws:sns:ap-northeast-2:123456789012:alerts.fifo', 'arn:aws:sqs:us-east-1:123456789012:alerts'],
  ])('takes no topic such as %s or %s', (...arns) => {
    for (const topicArn of arns) {
      expect(alertmanager({ sns: { topicArn } })).toEqual([
        `amp.alertmanager.sns.topicArn: got "${topicArn}", expected the ARN of a standard SNS topic such as ` +
          'arn:aws:sns:ap-northeast-2:123456789012:alerts, or null',
      ]);
    }
    expect(alertmanager({ sns: { topicArn: 'arn:aws-cn:sns:cn-north-1:123456789012:a_b-c' } })).toEqual([]);
  });

  test('takes a subject of up to 100 ASCII characters', () => {
    expect(alertmanager({ sns: { subject: 'x'.repeat(100) } })).toEqual([]);
    for (const subject of ['x'.repeat(101), '알림', 'two\nlines', '']) {
      expect(alertmanager({ sns: { subject } })).toHaveLength(1);
      expect(alertmanager({ sns: { subject } })[0]).toContain('expected up to 100 ASCII characters');
    }
  });

  test('takes secrets by their ARN, never a key', () => {
    expect(alertmanager({ pagerduty: { secretArn: SECRET } })).toEqual([]);
    expect(alertmanager({ pagerduty: { secretArn: 'R0123456789' } })).toHaveLength(1);
    expect(alertmanager({ pagerduty: { routingKey: 'R0123456789' } })[0]).toMatch(/unknown setting/);
  });

  test('is left out without a receiver, with the reason', () => {
    const amp = { workspaceId: 'ws-1' };
    const skipped = {
      kind: 'Alertmanager definition for AMP',
      reason: 'neither amp.alertmanager.sns.topicArn nor amp.alertmanager.pagerduty.secretArn is set',
    };
    const bare = generate({ ...AMP, amp });
    expect(bare.bundle.skipped).toContainEqual(skipped);
    expect(bare.artifacts.map(({ path }) => path)).not.toContain('rules/amp/alertmanager-definition.yaml');
    const told = generate({ ...AMP, amp: { ...amp, alertmanager: { sns: { topicArn: TOPIC } } } });
    expect(told.bundle.skipped).not.toContainEqual(skipped);
    expect(told.artifacts.map(({ path }) => path)).toContain('rules/amp/alertmanager-definition.yaml');
    expect(generate().bundle.skipped).not.toContainEqual(skipped);
  });
});

describe('other packagings', () => {
  test('AMP evaluates no faster than its quota', () => {
    const fast = { ...AMP, amp: { workspaceId: 'ws-1' }, scrape: { interval: '5s' }, rules: { interval: '15s' } };
    expect(complaints(fast)).toEqual([
      'rules.interval: got "15s", expected at least 30s for AMP (amp.quotas.interval)',
    ]);
    expect(complaints({ ...fast, amp: { workspaceId: 'ws-1', quotas: { interval: '15s' } } })).toEqual([]);
    expect(complaints({ ...fast, targets: ['prometheus'] })).toEqual([]);
  });

  test('a dashboard has one folder', () => {
    expect(complaints({ grafana: { operator: { folder: 'Network', folderRef: 'network' } } })).toEqual([
      'grafana.operator: got {"folder":"Network","folderRef":"network"}, expected at most one of folder, folderUID and folderRef',
    ]);
  });

  test('Git Sync is there from Grafana 12 on', () => {
    const at = (version: number) => complaints({ targets: ['git-sync'], grafana: { version } });
    expect(at(11)).toEqual([
      'grafana.version: got 11, expected 12 or newer for the target git-sync, which older ones do not have',
    ]);
    expect(at(12)).toEqual([]);
    expect(complaints({ grafana: { version: 11 } })).toEqual([]);
  });

  test.each([
    [{ prometheusOperator: { labels: { 'no spaces': 'x' } } }, /labels\.no spaces: .*the key of a Kubernetes label/],
    [{ prometheusOperator: { labels: { release: 'a b' } } }, /labels\.release: .*the value of a Kubernetes label/],
    [{ prometheusOperator: { labels: { release: 'a'.repeat(64) } } }, /up to 63/],
    [{ prometheusOperator: { namespace: 'Monitoring' } }, /a Kubernetes name/],
    [{ amp: { tags: { 'aws:team': 'x' } } }, /without the prefix aws:/],
    [{ amp: { workspaceId: '' } }, /a workspace ID/],
    [{ grafana: { sidecar: { labelValue: '$' } } }, /the value of a Kubernetes label/],
    [{ targets: ['prometheus-oprator'] }, /did you mean prometheus-operator\?/],
  ])('%j is refused', (given, message) => {
    const found = complaints(given);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
});
