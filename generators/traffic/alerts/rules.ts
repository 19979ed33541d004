import { promql } from '../../promql/index.ts';
import { noRulerMetrics, onRuler, perGroup, rulerOf } from '../../shared/rulers.ts';
import { alert, type Alert, warning } from './common.ts';

/** Alerts on the evaluation of the rules themselves; they exist with or without traffic. */
export const rulerAlerts: readonly Alert[] = [
  alert({
    alert: 'RuleEvaluationFailing',
    tier: warning(0, '0s', '15m'),
    summary: 'A rule of Azimuth fails, so its figures are out of date.',
    description: (config) =>
      `${onRuler(config)}: {{ $value | humanize }} evaluations of group ${rulerOf(config).group} failed in the last 15 minutes. ` +
      'A failing rule keeps its last value for minutes: do not ' +
      `trust the figures of this group. First: find the error ${rulerOf(config).errors}.`,
    expr: (config, threshold) => promql`
      sum by (${perGroup(config)}) (
        ${rulerOf(config).failures('15m')}
      ) > ${threshold}`,
    without: noRulerMetrics,
    comment: 'Dashboards do not show a failing rule: the recorded series keeps its last value until it goes stale.',
  }),
  alert({
    alert: 'RuleGroupSlow',
    tier: warning(0.8, '15m'),
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    description: (config) =>
      `${onRuler(config)}: group ${rulerOf(config).group} takes {{ $value | humanizePercentage }} of its interval. ` +
      'Above 100 %, evaluations are skipped. ' +
      'First: lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
    expr: (config, threshold) => promql`
      max by (${perGroup(config)}) (
        ${rulerOf(config).load}
      ) > ${threshold}`,
    without: noRulerMetrics,
    comment: 'Skipped evaluations leave gaps in every record of the group.',
  }),
];
