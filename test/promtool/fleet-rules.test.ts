import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { promtool } from '../../bench/process/prometheus.ts';
import { sharedRules, unsharedRecords } from '../../generators/fleet/rules.ts';
import { isRecording, type RuleFile } from '../../generators/index.ts';
import { plainRuleFile } from '../../generators/outputs/rule-groups.ts';
import { asWritten, matches, within } from '../../generators/promql/index.ts';
import { built } from '../support/fleet.ts';
import { generate } from '../support/generate.ts';
import { seriesText, testRules } from '../support/rule-test.ts';
import { inTempDir } from '../support/temp-dir.ts';

describe('more conditions in a query', () => {
  test.each([
    ['up', 'up{cluster=~"a|b"}'],
    ['up{}', 'up{cluster=~"a|b"}'],
    ['up offset 5m', 'up{cluster=~"a|b"} offset 5m'],
    ['up{job="},{"}', 'up{job="},{", cluster=~"a|b"}'],
    ['up{job="x",}', 'up{job="x", cluster=~"a|b"}'],
    ['{__name__=~"a.+" , }', '{__name__=~"a.+" , cluster=~"a|b"}'],
    ['rate(a:b[5m])', 'rate(a:b{cluster=~"a|b"}[5m])'],
    ['a / on (x) b > 3', 'a{cluster=~"a|b"} / on (x) b{cluster=~"a|b"} > 3'],
    ['absent(up)', 'absent(up{cluster=~"a|b"})'],
    ['max_over_time((a - b)[1h:1m])', 'max_over_time((a{cluster=~"a|b"} - b{cluster=~"a|b"})[1h:1m])'],
    ['vector(1)', 'vector(1)'],
  ])('%s', (query, text) => {
    expect(within(asWritten(query), { cluster: matches('a|b') }).text).toBe(text);
  });
});

const ALERTS = ['PPSAllowanceExceeded', 'BWINAllowanceExceeded'] as const;
const METRICS = {
  PPSAllowanceExceeded: 'metric:pps_allowance_exceeded',
  BWINAllowanceExceeded: 'metric:bw_in_allowance_exceeded',
};

describe('rules for one ruler', () => {
  const clusters: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    plain: {},
    'low.er': { PPSAllowanceExceeded: { threshold: 10, escalation: { threshold: 20 } } },
    off: { PPSAllowanceExceeded: false },
    info: { BWINAllowanceExceeded: { severity: 'info' } },
    quick: { PPSAllowanceExceeded: { for: '0s' } },
    named: { BWINAllowanceExceeded: { labels: { team: 'net' }, annotations: { runbook_url: 'https://x' } } },
  };
  const common = {
    flows: { source: 'none' },
    targets: ['prometheus', 'helm-values'],
    fleet: { shared: ['prometheus'] },
  };
  const files = built({
    ...common,
    clusters: Object.fromEntries(Object.entries(clusters).map(([name, alerts]) => [name, { alerts }])),
  });
  const rules = [...files].filter(([path]) => path.startsWith('shared/rules/')).map(([, text]) => text);

  test('stand once, and nowhere else', () => {
    expect([...files.keys()].filter((path) => path.includes('rules/') && !path.startsWith('shared/'))).toEqual([]);
    expect(rules.length).toBeGreaterThan(2);
  });

  test('fire in each cluster when those of the cluster alone would', async () => {
    // Packets in the window of 5 minutes, a little above and below every threshold; a cluster that the fleet does not know has the common ones.
    const levels = [5, 15, 25, 90, 150, 900, 1500];
    const series = [...Object.keys(clusters), 'stranger', 'xlowxer'].flatMap((cluster) =>
      levels.flatMap((level) =>
        ALERTS.map((alert) => ({
          series: seriesText(METRICS[alert], { cluster, node: `n${level}`, device: 'ens5' }),
          values: `${level / 300}x60`,
        })),
      ),
    );
    const fires = (
      alerts: Readonly<Record<string, unknown>>,
      alert: string,
      cluster: string,
      level: number,
    ): readonly string[] => {
      const change = (alerts[alert] ?? {}) as
        { threshold?: number; escalation?: { threshold: number }; severity?: string } | false;
      if (change === false) return [];
      return [
        ...(level > (change.threshold ?? 100) ? [change.severity ?? 'warning'] : []),
        ...(level > (change.escalation?.threshold ?? 1000) ? ['critical'] : []),
      ].map((severity) => `${cluster} ${severity} n${level}`);
    };
    const all = { ...clusters, stranger: {}, xlowxer: {} };
    await testRules(rules, [
      {
        name: 'clusters',
        interval: '1m',
        input_series: series,
        promql_expr_test: [
          {
            expr: 'count by (cluster) (ALERTS{alertstate="firing", team="net"})',
            eval_time: '55m',
            // The levels above 100 for a warning, and above 1,000 as well.
            exp_samples: [{ labels: '{cluster="named"}', value: 4 }],
          },
          ...ALERTS.flatMap((alert) =>
            ['warning', 'critical', 'info'].map((severity) => {
              const expected = Object.entries(all).flatMap(([cluster, alerts]) =>
                levels.flatMap((level) =>
                  fires(alerts, alert, cluster, level).filter((text) => text.includes(` ${severity} `)),
                ),
              );
              const firing = `ALERTS{alertname="${alert}", alertstate="firing", severity="${severity}"}`;
              return {
                expr: `count by (who) (label_join(${firing}, "who", " ", "cluster", "severity", "node"))`,
                eval_time: '55m',
                exp_samples: expected.map((who) => ({ labels: `{who="${who}"}`, value: 1 })),
              };
            }),
          ),
        ],
      },
    ]);
  });

  test('have names that Prometheus and its linter take', async () => {
    await inTempDir(async (dir) => {
      for (const [index, text] of rules.entries()) {
        const path = join(dir, `${index}.yaml`);
        await writeFile(path, text);
        expect(await promtool(['check', 'rules', '--lint=all', '--lint-fatal', path])).toMatchObject({ code: 0 });
      }
    });
  });

  test('are many groups where many clusters differ, none of them too long', () => {
    const rulesOf = (alerts: object): readonly RuleFile[] =>
      generate({ flows: { source: 'none' }, alerts }).bundle.ruleFiles;
    const usual = rulesOf({});
    const many = Array.from({ length: 60 }, (_, index) => ({
      cluster: `c${index}`,
      ruleFiles: rulesOf({ PPSAllowanceExceeded: { for: `${index + 31}m` } }),
    }));
    const groups = sharedRules('cluster', usual, many).flatMap((file) => file.groups);
    expect(Math.max(...groups.map(({ rules: all }) => all.length))).toBeLessThanOrEqual(20);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    expect(
      groups
        .flatMap((group) => group.rules)
        .filter((rule) => !isRecording(rule) && rule.alert === 'PPSAllowanceExceeded'),
    ).toHaveLength(62);
  });

  test('hold an alert that is on in one cluster alone', () => {
    const rulesOf = (alerts: boolean) => generate({ controlPlane: { alerts } }).bundle.ruleFiles;
    const texts = sharedRules('cluster', rulesOf(false), [
      { cluster: 'a', ruleFiles: rulesOf(false) },
      { cluster: 'b', ruleFiles: rulesOf(true) },
    ]).map(plainRuleFile);
    expect(texts.join('').match(/alert: APIServerLatencyHigh[^]*?cluster: b/g)).toHaveLength(2);
  });

  test('must record what the alerts of every cluster read', () => {
    const rulesOf = (window: string) => generate({ rules: { window } }).bundle.ruleFiles;
    expect(unsharedRecords(rulesOf('5m'), rulesOf('10m')).missing.length).toBeGreaterThan(10);
    const given = { ...common, clusters: { slow: { rules: { window: '10m' } } } };
    expect(() => built(given)).toThrow(
      /^fleet\.yaml: 1 problem\n {2}clusters\.slow: its settings record \S+10m and \d+ more, which shared rules do not: /,
    );
  });
});
