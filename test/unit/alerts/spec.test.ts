import { describe, expect, test } from '@jest/globals';
import { allowanceAlerts } from '../../../generators/allowances/alerts.ts';
import { dnsAlerts } from '../../../generators/dns/alerts.ts';
import { type AlertingRule, isRecording, seconds } from '../../../generators/index.ts';
import { trafficAlerts } from '../../../generators/traffic/alerts/index.ts';
import { resourceAlerts } from '../../../generators/workloads/alerts.ts';
import { type Generated, generate } from '../../support/generate.ts';

/** What a configuration needs to have every alert. */
const ALL = { zones: { valid: '.+' }, nodeLocalDns: { scrape: true } };

const alertsOf = ({ bundle }: Generated): readonly AlertingRule[] =>
  bundle.ruleFiles
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .filter((rule): rule is AlertingRule => !isRecording(rule));

/** It is about series without any label that alerts could name. */
const UNLABELLED = new Set(['ClusterLabelMissing']);

/** What is wrong with an alert, for whoever is woken by it. */
function faultsOf(
  { alert, for: pending, keepFiringFor, labels, annotations }: AlertingRule,
  { bundle }: Generated,
): string[] {
  const { summary, description, runbook_url: runbook = '', dashboard_url: link = '' } = annotations;
  const [, uid = '', query = ''] = /\/d\/([\w-]+)\?(.*)$/s.exec(link) ?? [];
  const variables =
    bundle.dashboards
      .find((one) => one.uid === uid)
      ?.variables.flatMap((one) => (one.kind === 'query' ? [one.name] : [])) ?? [];
  const linked = [...query.matchAll(/var-(\w+)=/g)].map(([, name = '']) => name);
  const values = [...description.matchAll(/{{[^}]*\$value[^}]*}}/g)].map(([text]) => text);
  const checks: Readonly<Record<string, boolean>> = {
    for: /^\d+[smhd]$/.test(pending),
    keep_firing_for: /^\d+[smhd]$/.test(keepFiringFor),
    severity: ['info', 'warning', 'critical'].includes(labels.severity),
    'static summary': /^[A-Z][^{]*\.$/.test(summary),
    'humanised value': values.length > 0 && values.every((text) => /\$value \| humanize\w*/.test(text)),
    labels: description.includes('$labels.') || UNLABELLED.has(alert),
    'first step': /First: \S/.test(description),
    runbook: runbook.endsWith(`/${alert}.md`),
    dashboard: variables.length > 0,
    'variables of the link': linked.includes('cluster') && linked.every((name) => variables.includes(name)),
  };
  return Object.keys(checks).filter((name) => checks[name] === false);
}

describe('every alert', () => {
  const generated = generate(ALL);
  const alerts = alertsOf(generated);

  test('waits, goes on, and says what is wrong where, how much, and what to do first', () => {
    expect(alerts.length).toBeGreaterThan(30);
    expect(alerts.flatMap((rule) => faultsOf(rule, generated).map((fault) => `${rule.alert}: ${fault}`))).toEqual([]);
  });

  test.each<[string, (rule: AlertingRule) => Partial<AlertingRule>]>([
    ['for', () => ({ for: '' })],
    ['keep_firing_for', () => ({ keepFiringFor: 'long' })],
    [
      'static summary',
      ({ annotations }) => ({ annotations: { ...annotations, summary: '{{ $labels.node }} is full.' } }),
    ],
    [
      'humanised value',
      ({ annotations }) => ({
        annotations: { ...annotations, description: '{{ $labels.a }} {{ $value }} First: look.' },
      }),
    ],
    [
      'labels',
      ({ annotations }) => ({ annotations: { ...annotations, description: '{{ $value | humanize }} First: look.' } }),
    ],
    [
      'first step',
      ({ annotations }) => ({
        annotations: { ...annotations, description: '{{ $labels.a }} {{ $value | humanize }}' },
      }),
    ],
    ['runbook', ({ annotations }) => ({ annotations: { ...annotations, runbook_url: 'docs/runbooks/Other.md' } })],
    [
      'variables of the link',
      ({ annotations }) => ({
        annotations: { ...annotations, dashboard_url: '/d/zone-traffic?var-cluster=a&var-pod=b' },
      }),
    ],
  ])('that lacks its %s would be found', (fault, change) => {
    for (const rule of alerts.filter(({ alert }) => !UNLABELLED.has(alert))) {
      expect([rule.alert, faultsOf({ ...rule, ...change(rule) }, generated)]).toEqual([rule.alert, [fault]]);
    }
  });
});

describe('alerts that a single burst must not fire', () => {
  const specs = [...allowanceAlerts, ...dnsAlerts, ...resourceAlerts, ...trafficAlerts];
  const sustained = new Set(specs.filter((spec) => spec.sustained).map(({ alert }) => alert));

  test.each(['5m', '10m', '7m'])('wait for two windows of %s', (window) => {
    const rules = alertsOf(generate({ ...ALL, rules: { window, infoLookback: '10m' } })).filter(({ alert }) =>
      sustained.has(alert),
    );
    expect(rules.length).toBeGreaterThan(12);
    // A burst of a window's length is seen for twice as long.
    const hasty = rules.filter((rule) => seconds(rule.for) < 2 * seconds(window));
    expect(hasty.map(({ alert, for: pending }) => `${alert} ${pending}`)).toEqual([]);
  });

  test('have such times by default, as their reasons and runbooks state them', () => {
    const tiers = specs
      .filter((spec) => spec.sustained)
      .flatMap(({ alert, tier, escalation }) =>
        [tier, ...(escalation === undefined ? [] : [escalation])].map((one) => ({ alert, ...one })),
      );
    expect(tiers.filter((one) => seconds(one.for) < 600).map(({ alert }) => alert)).toEqual([]);
  });
});
