import type { Query } from '../promql/index.ts';

/** A recording rule. Its labels and meaning are part of the contract and are shown by `list`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: Query;
  /** Labels of the recorded series. */
  readonly labels: readonly string[];
  /** Unit of the value: `flows/s`, `packets/s`, `1` for info series. */
  readonly unit: string;
  /** How many series there are of it. */
  readonly cardinality: string;
  /** Why the rule is as it is; written above it in the rule file. */
  readonly comment: string;
}

/** critical wakes someone, warning is for today, info is context. */
export type Severity = 'critical' | 'warning' | 'info';

/** An alerting rule, complete: thresholds and texts resolved, links attached. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: Query;
  readonly for: string;
  readonly keepFiringFor: string;
  readonly labels: Readonly<Record<string, string>> & { readonly severity: Severity };
  readonly annotations: Readonly<Record<string, string>> & { readonly summary: string; readonly description: string };
  readonly comment: string;
}

export type Rule = RecordingRule | AlertingRule;

/** Rules that run in order at one timestamp. A chain of rules that read each other stays in one group. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

/** Groups that are shipped together; `name` becomes the name of the file, of the PrometheusRule, of the map entry. */
export interface RuleFile {
  readonly name: string;
  /** What the rules are for; written at the top of the file. */
  readonly header: string;
  readonly groups: readonly RuleGroup[];
}

export const isRecording = (rule: Rule): rule is RecordingRule => 'record' in rule;

/** Name of a rule as messages show it. */
export const ruleName = (rule: Rule): string => (isRecording(rule) ? rule.record : rule.alert);
