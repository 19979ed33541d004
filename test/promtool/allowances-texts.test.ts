import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { counting, exposed, growing, INTERVAL, type Labels, phases, scrapes } from './allowances-input.ts';

/** The words of each alert on packets over an allowance. */
const EXCEEDED = [
  {
    alert: 'PPSAllowanceExceeded',
    allowance: 'pps',
    severities: ['warning', 'critical'],
    summary: 'A node sends and receives more packets per second than its instance type allows.',
    what:
      'queued or dropped because the instance exceeds its packet rate (both directions together). Connections slow down and ' +
      'retransmit.',
    first: 'find the pods with the most packets on this node; spread them or use a larger instance type.',
  },
  {
    alert: 'BWINAllowanceExceeded',
    allowance: 'bw_in',
    severities: ['warning', 'critical'],
    summary: 'A node receives more than the bandwidth of its instance type.',
    what:
      'queued or dropped because inbound traffic exceeds the bandwidth of the instance. Downloads and replies to this node ' +
      'slow down.',
    first:
      'find the pods that receive most on this node; spread them or use an instance type with more baseline bandwidth.',
  },
  {
    alert: 'BWOutAllowanceExceeded',
    allowance: 'bw_out',
    severities: ['warning', 'critical'],
    summary: 'A node sends more than the bandwidth of its instance type.',
    what:
      'queued or dropped because outbound traffic exceeds the bandwidth of the instance. Uploads and replies from this node ' +
      'slow down.',
    first:
      'find the pods that send most on this node; spread them or use an instance type with more baseline bandwidth.',
  },
  {
    alert: 'ConntrackAllowanceExceeded',
    allowance: 'conntrack',
    severities: ['critical'],
    summary: 'A node drops packets because it cannot track more connections.',
    what: 'dropped because the instance cannot track more connections. New connections fail until old ones close.',
    first:
      'find the pod on this node that opens connections without closing them; move load away or use a larger instance type.',
  },
  {
    alert: 'LinkLocalAllowanceExceeded',
    allowance: 'linklocal',
    severities: ['warning', 'critical'],
    summary: 'A node drops packets to Amazon DNS, instance metadata or time sync.',
    what:
      'dropped on the way to Amazon DNS, instance metadata or time sync: an interface may send them 1,024 packets per ' +
      'second. DNS lookups fail, or take seconds longer.',
    first:
      'check whether CoreDNS runs on this node and how many queries it forwards; add CoreDNS replicas or NodeLocal DNSCache.',
  },
] as const;

/** Text inside a query of a URL. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

/** The window in minutes, other than the default. */
const MINUTES = 8;
const generated = generate({
  grafana: { url: 'https://grafana.example.com/' },
  rules: { window: `${MINUTES}m`, runbookBaseUrl: 'https://runbooks.example.com/azimuth/' },
});
const runbook = (alert: string): string => `https://runbooks.example.com/azimuth/${alert}.md`;
const dashboard = ({ cluster, node }: Labels): string =>
  'https://grafana.example.com/d/node-allowances?from=now-3h&to=now' +
  (cluster === undefined ? '' : `&var-cluster=${escaped(cluster)}`) +
  (node === undefined ? '' : `&var-node=${escaped(node)}`);

/** Where an alert may fire, and how its description calls that place. */
const PLACES: readonly { readonly name: string; readonly labels: Labels; readonly called: string }[] = [
  {
    name: 'a node in a cluster',
    labels: { cluster: 'production', instance: 'ip-10-0-1-2', node: 'ip-10-0-1-2' },
    called: 'Node ip-10-0-1-2 of cluster production',
  },
  {
    name: 'names that a URL must escape',
    labels: { cluster: 'EU west/1 & "2"', instance: 'a+b=c?d#e%f', node: 'a+b=c?d#e%f' },
    called: 'Node a+b=c?d#e%f of cluster EU west/1 & "2"',
  },
  {
    name: 'a target without a node',
    labels: { cluster: 'production', instance: '10.0.1.3:9417' },
    called: 'Node 10.0.1.3:9417 of cluster production',
  },
  {
    name: 'a node without a cluster',
    labels: { instance: 'ip-10-0-1-2', node: 'ip-10-0-1-2' },
    called: 'Node ip-10-0-1-2',
  },
];

describe.each(PLACES)('$name', ({ labels, called }) => {
  const expectTexts = (
    alert: string,
    severities: readonly string[],
    series: InputSeries,
    expected: Labels,
    said: object,
  ) =>
    testRules(
      [generated.file(RULES.allowances)],
      [
        {
          name: alert,
          interval: INTERVAL,
          input_series: [series],
          alert_rule_test: [
            {
              alertname: alert,
              eval_time: '50m',
              exp_alerts: severities.map((severity) => ({
                exp_labels: { ...expected, severity },
                exp_annotations: { ...said, runbook_url: runbook(alert), dashboard_url: dashboard(labels) },
              })),
            },
          ],
        },
      ],
    );

  test.each(EXCEEDED)('$alert', async ({ alert, allowance, severities, summary, what, first }) => {
    const perMinute = 470;
    const humanized = `${(perMinute * MINUTES) / 1000}k`;
    const packets = growing(phases([51, perMinute]));
    const expected = { ...labels, device: 'ens5' };
    const description = `${called}, interface ens5: ${humanized} packets in the last ${MINUTES}m were ${what} First: ${first}`;
    await expectTexts(alert, severities, exposed(`${allowance}_allowance_exceeded`, expected, packets), expected, {
      summary,
      description,
    });
  });

  test('ConntrackAllowanceLow', async () => {
    const series = exposed(
      'conntrack_allowance_available',
      { ...labels, device: 'ens5' },
      scrapes(phases([10, 8000], [41, 300])),
    );
    await expectTexts('ConntrackAllowanceLow', ['warning'], series, labels, {
      summary: 'A node will soon be unable to track new connections.',
      description:
        `${called} has only ${(300 / 8000) * 100}% of its connection tracking left, relative to the maximum of the last 7 days. ` +
        'When nothing is left, new connections fail. First: find the pod on this node that opens connections without closing ' +
        'them, and move load away.',
    });
  });
});

test.each(['linklocal', 'conntrack'] as const)('%s: counts the packets of the default window', async (allowance) => {
  const alert = EXCEEDED.find((one) => one.allowance === allowance)?.alert ?? '';
  const tiers = EXCEEDED.find((one) => one.allowance === allowance)?.severities ?? [];
  const labels = { cluster: 'production', instance: 'ip-10-0-1-2', node: 'ip-10-0-1-2', device: 'ens5' };
  await testRules(
    [counting(generate().file(RULES.allowances))],
    [
      {
        name: alert,
        interval: INTERVAL,
        input_series: [exposed(`${allowance}_allowance_exceeded`, labels, growing(phases([30, 100])))],
        alert_rule_test: [
          {
            alertname: alert,
            eval_time: '29m',
            exp_alerts: tiers.map((severity) => ({
              exp_labels: { ...labels, severity },
              exp_annotations: { counted: '500' },
            })),
          },
        ],
      },
    ],
  );
});
