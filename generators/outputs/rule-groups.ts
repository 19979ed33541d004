import { because, type Tree } from '../model/tree.ts';
import { isRecording, type Rule, type RuleFile, type RuleGroup } from '../model/rules.ts';
import { seconds } from '../promql/index.ts';
import { yamlDocument } from './yaml.ts';

const isZero = (duration: string): boolean => seconds(duration) === 0;

function ruleTree(rule: Rule): Tree {
  if (isRecording(rule)) return because(rule.comment, { record: rule.record, expr: rule.expr.text });
  return because(rule.comment, {
    alert: rule.alert,
    expr: rule.expr.text,
    for: isZero(rule.for) ? undefined : rule.for,
    keep_firing_for: isZero(rule.keepFiringFor) ? undefined : rule.keepFiringFor,
    labels: rule.labels,
    annotations: rule.annotations,
  });
}

/** Rule groups as every Prometheus-like ruler reads them, under the key `groups`. */
export const ruleGroupsTree = (groups: readonly RuleGroup[]): Tree => ({
  groups: groups.map(({ name, interval, rules }) => ({ name, interval, rules: rules.map(ruleTree) })),
});

/** Rule files as a chart takes them: one key each. */
export const rulesByName = (ruleFiles: readonly RuleFile[]): Tree =>
  Object.fromEntries(ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]));

/** The text of a plain rule file; outputs that carry one as text carry exactly this. */
export const plainRuleFile = ({ about, groups }: RuleFile): string => yamlDocument(about, ruleGroupsTree(groups));
