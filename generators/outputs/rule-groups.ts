import { isRecording, type Rule, type RuleFile, type RuleGroup } from '../model/rules.ts';
import { because, type Tree } from '../model/tree.ts';
import { seconds } from '../promql/index.ts';
import { LABEL_NAME, PROMETHEUS_DURATION, matching } from '../schema/formats.ts';
import { closed, COUNT, listOf, mapOf, oneOf, type Schema, SOME_TEXT, TEXT } from '../schema/objects.ts';
import { type Problem, show } from '../schema/problems.ts';
import { yamlDocument } from './yaml.ts';

/** The longest query that VictoriaMetrics takes by default, in bytes. Upstream: app/vmselect, -search.maxQueryLen. */
const MAX_QUERY = 16_384;

const isLong = (text: string): boolean => Buffer.byteLength(text) > MAX_QUERY;

/** The text of an expression, with half of its indentation, or none, where it would be too long. */
function fitted(text: string): string {
  if (!isLong(text)) return text;
  const halved = text.replaceAll(/^ +/gm, (indent) => ' '.repeat(indent.length / 2));
  return isLong(halved) ? text.replaceAll(/^ +/gm, '') : halved;
}

const isZero = (duration: string): boolean => seconds(duration) === 0;

function ruleTree(rule: Rule): Tree {
  if (isRecording(rule)) return because(rule.comment, { record: rule.record, expr: fitted(rule.expr.text) });
  return because(rule.comment, {
    alert: rule.alert,
    expr: fitted(rule.expr.text),
    for: isZero(rule.for) ? undefined : rule.for,
    keep_firing_for: isZero(rule.keepFiringFor) ? undefined : rule.keepFiringFor,
    labels: rule.labels,
    annotations: rule.annotations,
  });
}

/** A rule as a rule file holds it: what `RULE_GROUPS` has seen. */
export interface WrittenRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A group of rules as a rule file holds it. */
export interface WrittenGroup {
  readonly name: string;
  readonly interval?: string;
  readonly rules: readonly WrittenRule[];
}

/** Rule groups in the format of Prometheus, under the key `groups`. */
export const ruleGroupsTree = (groups: readonly RuleGroup[]): Tree => ({
  groups: groups.map(({ name, interval, rules, plain }) => plain ?? { name, interval, rules: rules.map(ruleTree) }),
});

/** Rule files as a chart takes them: one key each. */
export const rulesByName = (ruleFiles: readonly RuleFile[]): Tree =>
  Object.fromEntries(ruleFiles.map(({ name, groups }) => [`azimuth-${name}`, ruleGroupsTree(groups)]));

/** The text of a plain rule file; outputs that carry one as text carry exactly this. */
export const plainRuleFile = ({ header, groups }: RuleFile): string => yamlDocument(header, ruleGroupsTree(groups));

const RULE_LABELS = mapOf(TEXT, LABEL_NAME);

const RULE: Schema = {
  ...closed({
    record: matching('^[a-zA-Z_:][a-zA-Z0-9_:]*$', 'a metric name'),
    alert: SOME_TEXT,
    'expr!': SOME_TEXT,
    for: PROMETHEUS_DURATION,
    keep_firing_for: PROMETHEUS_DURATION,
    labels: RULE_LABELS,
    annotations: RULE_LABELS,
  }),
  oneOf: [{ required: ['record'] }, { required: ['alert'] }],
  expected: 'exactly one of record and alert',
};

/** Rule groups for any ruler. `query_offset` (Prometheus 2.53) and `labels` of a group (3.0) are not used. */
export const RULE_GROUPS: Schema = closed({
  'groups!': listOf(
    closed({
      'name!': SOME_TEXT,
      interval: PROMETHEUS_DURATION,
      limit: COUNT,
      partial_response_strategy: oneOf('abort', 'warn'),
      'rules!': listOf(RULE),
    }),
  ),
});

/** Groups with the same name, which rulers reject. */
export function repeatedGroups(path: string, data: unknown): readonly Problem[] {
  const { groups } = data as { readonly groups: readonly { readonly name: string }[] };
  const names = groups.map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ path, message: `got the group ${show(name)} twice, expected each name once` }));
}
