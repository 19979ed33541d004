import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { promtool } from '../../bench/process/prometheus.ts';
import { runTool } from '../../bench/process/tools.ts';
import { isRecording } from '../../generators/index.ts';
import { alertmanagerOf, objectsIn, packaged, SECRET, TOPIC } from '../support/packagings.ts';
import { inTempDir } from '../support/temp-dir.ts';

jest.setTimeout(60_000);

const RULES: readonly (readonly [string, object])[] = [
  ['the defaults', {}],
  ['bytes', { flows: { source: 'obi' }, cluster: { label: null } }],
  ['awkward text', { cluster: { name: `a "b" 'c' # d` }, rules: { labels: { note: '50% "sure"' } } }],
];

/** What promtool says about rule files, mistakes that it only warns of included. */
const checkRules = async (files: Readonly<Record<string, string>>) =>
  inTempDir(async (dir) => {
    await Promise.all(Object.entries(files).map(async ([name, text]) => writeFile(join(dir, `${name}.yaml`), text)));
    const names = Object.keys(files).map((name) => `${name}.yaml`);
    const { code, stdout, stderr } = await promtool(['check', 'rules', '--lint=all', '--lint-fatal', ...names], {
      cwd: dir,
    });
    const counts = [...stdout.matchAll(/Checking (\S+)\.yaml\s+SUCCESS: (\d+) rules found/g)];
    return { code, stderr, counts: Object.fromEntries(counts.map(([, name, count]) => [name, Number(count)])) };
  });

describe.each(RULES)('promtool check rules accepts: %s', (_name, given) => {
  const { artifacts, bundle } = packaged(given);
  const counts = Object.fromEntries(
    bundle.ruleFiles.map(({ name, groups }) => [name, groups.flatMap(({ rules }) => rules).length]),
  );

  test('the document inside a RuleGroupsNamespace', async () => {
    const carried = Object.entries(objectsIn(artifacts, 'rules/amp')).map(([name, { spec }]) => [
      name,
      String(spec['configuration']),
    ]);
    expect(await checkRules(Object.fromEntries(carried) as Record<string, string>)).toEqual({
      code: 0,
      stderr: '',
      counts,
    });
  });

  test('the spec of a PrometheusRule', async () => {
    const specs = Object.entries(objectsIn(artifacts, 'rules/prometheus-operator')).map(([name, { spec }]) => [
      name,
      dump(spec),
    ]);
    expect(await checkRules(Object.fromEntries(specs) as Record<string, string>)).toEqual({
      code: 0,
      stderr: '',
      counts,
    });
  });
});

const sns = { topicArn: TOPIC };
const pagerduty = { secretArn: SECRET };

interface Receiver {
  readonly name: string;
  readonly sns_configs?: readonly { readonly topic_arn: string; readonly sigv4: unknown; readonly subject: string }[];
  readonly pagerduty_configs?: readonly { readonly routing_key: unknown; readonly severity: string }[];
}

/** Alertmanager's configuration of a configuration of ours, with the key of PagerDuty as text: AMP's own form is none of Alertmanager's. */
function inner(alertmanager: object, given: object = {}) {
  const generated = packaged({ ...given, amp: { workspaceId: 'ws-1', alertmanager } });
  const text = alertmanagerOf(generated);
  const data = load(text) as { readonly route: Record<string, unknown>; readonly receivers: readonly Receiver[] };
  const receivers = data.receivers.map((receiver) => ({
    ...receiver,
    ...(receiver.pagerduty_configs !== undefined && {
      pagerduty_configs: receiver.pagerduty_configs.map((one) => ({ ...one, routing_key: 'a key' })),
    }),
  }));
  const asAlertmanager = text.includes('aws_secrets_manager') ? dump({ ...data, receivers }) : text;
  return { generated, data, asAlertmanager };
}

const amtool = async (args: readonly string[], text: string) =>
  inTempDir(async (dir) => {
    await writeFile(join(dir, 'alertmanager.yaml'), text);
    return runTool('amtool', args, { cwd: dir });
  });

/** The receivers that an alert of a severity reaches, as amtool walks the routes. */
async function reached(text: string, severity: string): Promise<string> {
  const args = ['config', 'routes', 'test', '--config.file=alertmanager.yaml', `severity=${severity}`, 'alertname=A'];
  return (await amtool(args, text)).stdout.trim();
}

describe.each([
  ['a topic', { sns }],
  ['PagerDuty', { pagerduty }],
  ['both', { sns, pagerduty: { ...pagerduty, severities: ['critical', 'warning'] } }],
  ['critical alerts only', { sns: { ...sns, severities: ['critical'] }, repeatInterval: '5d' }],
])('amtool check-config accepts an Alertmanager that tells %s', (_name, alertmanager) => {
  const { data, asAlertmanager } = inner(alertmanager);
  const told = alertmanager as {
    readonly sns?: { readonly severities?: readonly string[] };
    readonly pagerduty?: { readonly severities?: readonly string[] };
  };

  test('as it is, with route and receivers side by side', async () => {
    expect(Object.keys(data)).toEqual(['route', 'receivers']);
    const { code, stdout, stderr } = await amtool(['check-config', 'alertmanager.yaml'], asAlertmanager);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('SUCCESS');
    expect(stdout).toContain(`${data.receivers.length} receivers`);
  });

  test('and routes every severity to whom it concerns, others to the one that is there', async () => {
    for (const severity of ['critical', 'warning', 'info']) {
      const name = await reached(asAlertmanager, severity);
      const receiver = data.receivers.find((one) => one.name === name);
      expect({
        severity,
        sns: receiver?.sns_configs !== undefined,
        pagerduty: receiver?.pagerduty_configs !== undefined,
      }).toEqual({
        severity,
        sns: told.sns !== undefined && (told.sns.severities ?? [severity]).includes(severity),
        pagerduty: told.pagerduty !== undefined && (told.pagerduty.severities ?? ['critical']).includes(severity),
      });
    }
    const others = data.receivers.find((one) => one.name === 'others');
    expect(await reached(asAlertmanager, 'page')).toBe('others');
    expect(others?.[told.sns === undefined ? 'pagerduty_configs' : 'sns_configs']).toHaveLength(1);
  });

  test("with the topic's region and the secret, never a key", () => {
    for (const { sns_configs: topics = [], pagerduty_configs: services = [] } of data.receivers) {
      for (const topic of topics)
        expect(topic).toMatchObject({ topic_arn: TOPIC, sigv4: { region: 'ap-northeast-2' } });
      for (const { routing_key: key } of services) {
        expect(key).toEqual({
          aws_secrets_manager: { secret_arn: SECRET, secret_key: 'routing_key', refresh_interval: '5m' },
        });
      }
    }
  });
});

test('groups by the cluster label that there is', () => {
  const groupBy = (given: object) => inner({ sns }, given).data.route['group_by'];
  expect(groupBy({})).toEqual(['alertname', 'cluster']);
  expect(groupBy({ cluster: { label: 'k8s' } })).toEqual(['alertname', 'k8s']);
  expect(groupBy({ cluster: { label: null } })).toEqual(['alertname']);
});

// SNS cuts a subject after 100 characters and replaces one that is not ASCII by an error.
test('the default subject of every alert fits', () => {
  const { generated, data } = inner({ sns });
  const [template] = data.receivers.flatMap(({ sns_configs: topics = [] }) => topics.map(({ subject }) => subject));
  const rules = generated.bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const subjects = rules.flatMap((rule) =>
    isRecording(rule)
      ? []
      : [
          (template ?? '')
            .replace('{{ .Status }}', 'resolved')
            .replace('{{ .GroupLabels.alertname }}', rule.alert)
            .replace('{{ .CommonLabels.severity }}', rule.labels.severity),
        ],
  );
  expect(subjects.length).toBeGreaterThan(10);
  expect(subjects.filter((subject) => !/^[ -~]{1,100}$/.test(subject) || subject.includes('{{'))).toEqual([]);
});

// A document that was published so: receivers are indented under route.
test('amtool would refuse a document whose receivers are no sibling of route', async () => {
  const { asAlertmanager } = inner({ sns });
  const broken = asAlertmanager.replace(/^receivers:$/m, ' receivers:');
  expect(broken).not.toBe(asAlertmanager);
  expect((await amtool(['check-config', 'alertmanager.yaml'], broken)).code).not.toBe(0);
});
