import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { ALL, alertsIn, expectAlerts, PIPELINE, skippedAlerts } from './pipeline-input.ts';
import { ENGINES, FAILING, firing, rulesFor, SLOW } from './rulers.ts';

describe('amp', () => {
  const amp = { targets: ['amp'], amp: { workspaceId: 'ws-1' } };
  const reason = 'rules.ruler is amp, which has no metrics that a rule can read';

  test('has no metrics, so both alerts are left out with the reason, and no other', () => {
    const given = { rules: { ruler: 'amp' } };
    expect(alertsIn(generate(given))).toEqual(alertsIn(generate()).filter((name) => ![FAILING, SLOW].includes(name)));
    expect(skippedAlerts({ ...ALL, ...given })).toEqual({ [FAILING]: reason, [SLOW]: reason });
  });

  test('is hinted at where AMP evaluates the rules', () => {
    const doubts = (given: object) => generate(given).warnings.filter(({ kind }) => kind === 'doubtful');
    expect(doubts(amp)).toEqual([
      {
        kind: 'doubtful',
        settings: ['rules.ruler', 'targets'],
        reason:
          'AMP has no metrics of prometheus, so RuleEvaluationFailing and RuleGroupSlow never fire: expected rules.ruler: amp',
      },
    ]);
    expect(doubts({ ...amp, rules: { ruler: 'amp' } })).toEqual([]);
    expect(doubts({ ...amp, targets: ['amp', 'prometheus'] })).toHaveLength(1);
    expect(doubts({ ...amp, targets: ['amp', 'kube-prometheus-stack'] })).toHaveLength(1);
    expect(doubts({})).toEqual([]);
  });
});

describe('without traffic', () => {
  const none = { flows: { source: 'none' }, grafana: { url: 'https://grafana.example.com' } };

  test('both alerts exist, and no other of their file', () => {
    const { bundle } = generate(none);
    expect(alertsIn(generate(none))).toEqual([FAILING, SLOW]);
    expect(bundle.ruleFiles.map(({ name }) => name)).toEqual([
      'traffic-pipeline',
      'ena-allowances',
      'workload-resources',
      'dns',
      'zone-routing',
      'control-plane',
    ]);
    expect(Object.keys(skippedAlerts(none))).not.toContain(FAILING);
  });

  test.each(ENGINES)('they fire: $ruler', async ({ ruler, at, failing, taking }) => {
    const group = 'azimuth-ena-allowances';
    await expectAlerts(
      rulesFor(ruler, none),
      [...failing(group, 1), ...taking(group, 50)],
      firing(FAILING, at(group)),
      firing(SLOW, at(group)),
    );
  });

  test('they link to a dashboard that is there', () => {
    const generated = generate(none);
    const [uid] = generated.bundle.dashboards.map((dashboard) => dashboard.uid);
    expect(uid).toBe('node-allowances');
    const links = [...generated.file(PIPELINE).matchAll(/grafana\.example\.com\/d\/([a-z-]+)/g)].map(
      ([, linked]) => linked,
    );
    expect(new Set(links)).toEqual(new Set([uid]));
  });

  test('nothing is left of the file without them', () => {
    const off = { ...none, alerts: { [FAILING]: false, [SLOW]: false } };
    expect(generate(off).bundle.ruleFiles.map(({ name }) => name)).toEqual([
      'ena-allowances',
      'workload-resources',
      'dns',
      'zone-routing',
      'control-plane',
    ]);
    expect(generate({ ...none, rules: { ruler: 'amp' } }).bundle.ruleFiles.map(({ name }) => name)).toEqual([
      'ena-allowances',
      'workload-resources',
      'dns',
      'zone-routing',
      'control-plane',
    ]);
  });
});
