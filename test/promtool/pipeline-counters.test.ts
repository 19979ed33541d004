import { describe, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { fires, type Labels, silent } from './allowances-input.ts';
import { ABSENT, constant, counting, during, expectAlerts, holding, type Turn } from './pipeline-input.ts';

const generated = generate();
const QUIET = 20;
/** Instead of growth, where a process starts again and counts from 0. */
const RESTART = ABSENT;

describe('alerts on the rules themselves', () => {
  const at = (rule_group: string, labels: Labels = {}): Labels => ({ instance: 'prometheus-0', ...labels, rule_group });
  const OURS = [
    '/etc/prometheus/rules/zone-traffic.rules.yaml;azimuth-identity',
    '/etc/prometheus/rules/prometheus-kps-rulefiles-0/monitoring-kps-zone-traffic-0f;azimuth-network-flows',
    'traffic-pipeline.rules.yaml;azimuth-double-count',
    'ena-allowances.rules.yaml;azimuth-ena-allowances',
    'inter-az.rules.yaml;inter_az_traffic_analysis.rules',
  ];
  const OTHERS = [
    '/rules/azimuth-zone-traffic.yaml;node-exporter',
    '/rules/other.yaml;my-azimuth-network-flows',
    '/rules/other.yaml;inter_az_traffic_analysis_rules',
    '/rules/azimuth.yaml;azimuth',
  ];
  const failures = (labels: Labels, ...turns: readonly Turn[]) =>
    counting('prometheus_rule_evaluation_failures_total', labels, during(...turns));
  const slow = (labels: Labels, seconds: number, interval: number) => [
    holding('prometheus_rule_group_last_duration_seconds', labels, during([30, seconds])),
    constant('prometheus_rule_group_interval_seconds', labels, interval, 30),
  ];
  const firing = (alert: string, minute: number, ...where: readonly Labels[]) => fires(alert, 'warning', minute, where);

  test('look at our groups, wherever their file lies, and at no other', async () => {
    const groups = [...OURS, ...OTHERS].map((group) => at(group));
    await expectAlerts(
      generated,
      groups.flatMap((labels) => [failures(labels, [30, 1]), ...slow(labels, 60, 60)]),
      firing('RuleEvaluationFailing', 25, ...OURS.map((group) => at(group))),
      firing('RuleGroupSlow', 25, ...OURS.map((group) => at(group))),
    );
  });

  test('measure a group against its own interval, once for two jobs', async () => {
    const twice = at('a.yaml;azimuth-identity');
    const [often, rarely] = ['a.yaml;azimuth-network-flows', 'a.yaml;azimuth-double-count'];
    await expectAlerts(
      generated,
      [
        ...slow(at(often), 55, 60),
        ...slow(at(rarely), 55, 240),
        ...['one', 'two'].flatMap((job) => slow({ ...twice, job }, 30, 60)),
      ],
      firing('RuleGroupSlow', 25, at(often)),
    );
  });

  test('tell apart the instances of one cluster, and those of two clusters with the same name', async () => {
    const [group = ''] = OURS;
    const same = { instance: 'localhost:9090' };
    const [first, second] = [at(group, { ...same, cluster: 'one' }), at(group, { ...same, cluster: 'two' })];
    const replica = at(group, { instance: 'prometheus-1' });
    await expectAlerts(
      generated,
      [
        ...[first, replica].flatMap((labels) => [failures(labels, [30, 0]), ...slow(labels, 1, 60)]),
        ...[second, at(group)].flatMap((labels) => [failures(labels, [30, 2]), ...slow(labels, 59, 60)]),
      ],
      ...['RuleEvaluationFailing', 'RuleGroupSlow'].map((alert) => firing(alert, 25, second, at(group))),
    );
  });

  test('take a restart of Prometheus for no failure, and see the failures after it', async () => {
    const [group = ''] = OURS;
    await expectAlerts(
      generated,
      [failures(at(group), [QUIET, 0], [1, RESTART], [9, 0], [1, 1], [9, 0])],
      ...silent('RuleEvaluationFailing', 'warning', [QUIET, QUIET + 1, QUIET + 2, QUIET + 10]),
      firing('RuleEvaluationFailing', QUIET + 11, at(group)),
    );
  });
});
