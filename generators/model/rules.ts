import type { Query } from '../promql/index.ts';
import type { Tree } from './tree.ts';

/** A recording rule. Its name, labels and unit are a stable contract; `azimuth list` shows them. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: Query;
  /** Labels of the recorded series. */
  readonly labels: readonly string[];
  /** Unit of the value: `flows/s`, `packets/s`, `1` for info series. */
  readonly unit: string;
  /** Expected number of series, in words. */
  readonly cardinality: string;
  /** Comment above the rule in the rule file. */
  readonly comment: string;
}

/** critical pages someone; warning is for working hours; info is context. */
export type Severity = 'critical' | 'warning' | 'info';

/** A complete alerting rule, with thresholds, texts and links. Durations are Prometheus durations such as `5m`. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: Query;
  readonly for: string;
  readonly keepFiringFor: string;
  readonly labels: Readonly<Record<string, string>> & { readonly severity: Severity };
  readonly annotations: Readonly<Record<string, string>> & { readonly summary: string; readonly description: string };
  readonly comment: string;
}

/** A rule of either type; `isRecording` tells them apart. */
export type Rule = RecordingRule | AlertingRule;

/** A rule group: its rules are evaluated in order at one timestamp. Rules that read each other are in one group. */
export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
  /** The group as its user wrote it, and as it is written again. */
  readonly plain?: Tree;
}

/** Rule groups of one file. `name` becomes the name of the file, of the PrometheusRule object and of the key in Helm values. */
export interface RuleFile {
  readonly name: string;
  /** Header of the file: the purpose of the rules. */
  readonly header: string;
  readonly groups: readonly RuleGroup[];
}

/** Whether a rule is a recording rule. */
export const isRecording = (rule: Rule): rule is RecordingRule => 'record' in rule;

/** The name of a rule: its record or its alert. */
export const ruleName = (rule: Rule): string => (isRecording(rule) ? rule.record : rule.alert);

/** Properties of an alert that the checks of its changes need. */
export interface AlertTraits {
  /** Whether the threshold is a ratio from 0 to 1. */
  readonly ratio: boolean;
  readonly threshold: number;
  readonly escalation?: { readonly threshold: number };
}
