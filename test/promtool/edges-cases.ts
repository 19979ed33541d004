import type { Generated } from '../support/generate.ts';
import type { AlertTest, RuleTest } from '../support/rule-test.ts';
import { counting, fires, INTERVAL, type Labels } from './allowances-input.ts';
import type { Edge } from './edges-input.ts';
import { severityOf } from './pipeline-cases.ts';
import { PIPELINE } from './pipeline-input.ts';

const countedBy = (
  alertname: string,
  [minute, ...found]: readonly [number, ...(readonly [Labels, number])[]],
): AlertTest => ({
  alertname,
  eval_time: `${minute}m`,
  exp_alerts: found.map(([labels, value]) => ({
    exp_labels: { ...labels, severity: severityOf(alertname) },
    exp_annotations: { counted: String(value) },
  })),
});

/** The rule file and the cases of an alert's edges; promtool names the case that fails. */
export const casesOf = (
  generated: Generated,
  alert: string,
  edges: readonly Edge[],
): readonly [rules: readonly string[], tests: readonly RuleTest[]] => [
  [counting(generated.file(PIPELINE))],
  edges.map(({ name, series, firing, counted }) => ({
    name,
    interval: INTERVAL,
    input_series: series,
    promql_expr_test: firing.map(([minute, ...where]) => fires(alert, severityOf(alert), minute, where)),
    alert_rule_test: counted === undefined ? [] : [countedBy(alert, counted)],
  })),
];
