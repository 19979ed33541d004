import type { OwnRuleFile } from '../model/extra.ts';
import type { Rule, RuleGroup, Severity } from '../model/rules.ts';
import type { Tree } from '../model/tree.ts';
import { repeatedGroups, RULE_GROUPS, type WrittenGroup, type WrittenRule } from '../outputs/rule-groups.ts';
import { asWritten } from '../promql/index.ts';
import type { Problem } from '../schema/problems.ts';
import { schemaProblems } from '../schema/validator.ts';
import { readYaml } from '../schema/yaml.ts';
import { queryProblems } from '../verify/bundle.ts';

/** What the checks and the lists see of a rule. What is written is the text of the user. */
function ruleOf({ record, alert = '', expr, labels = {}, annotations = {}, ...rule }: WrittenRule): Rule {
  const query = asWritten(expr);
  if (record !== undefined) {
    return { record, expr: query, labels: [], unit: '', cardinality: 'of your own', comment: '' };
  }
  return {
    alert,
    expr: query,
    for: rule.for ?? '0s',
    keepFiringFor: rule.keep_firing_for ?? '0s',
    labels: { ...labels, severity: (labels['severity'] ?? '') as Severity },
    annotations: {
      ...annotations,
      summary: annotations['summary'] ?? '',
      description: annotations['description'] ?? '',
    },
    comment: '',
  };
}

const groupOf = (written: WrittenGroup): RuleGroup => ({
  name: written.name,
  interval: written.interval ?? '',
  rules: written.rules.map(ruleOf),
  plain: written as unknown as Tree,
});

/** Expressions that are no PromQL, with the position in them. */
const expressionProblems = (groups: readonly WrittenGroup[]): readonly Problem[] =>
  groups.flatMap(({ rules }, group) =>
    rules.flatMap(({ expr }, rule) => queryProblems(`groups.${group}.rules.${rule}.expr`, asWritten(expr))),
  );

/**
 * A rule file of the user's own.
 * @param name the name of the generated file, without extension.
 * @param from the path that the file has in the configuration, for the header.
 * @returns the file, or what is wrong in it.
 */
export function ownRules(
  name: string,
  from: string,
  text: string,
): { readonly file?: OwnRuleFile; readonly problems: readonly Problem[] } {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return { problems };
  const { data, problems: unreadable } = documents();
  if (unreadable.length > 0) return { problems: unreadable };
  if (data.length !== 1)
    return { problems: [{ path: '', message: `has ${data.length} documents, expected one with groups` }] };
  const [document] = data;
  const wrong = schemaProblems(RULE_GROUPS, document);
  if (wrong.length > 0) return { problems: wrong };
  const { groups } = document as { readonly groups: readonly WrittenGroup[] };
  const found = [...repeatedGroups('groups', document), ...expressionProblems(groups)];
  if (found.length > 0) return { problems: found };
  return {
    file: { name, from, header: `Rules of your own, from ${from}.`, groups: groups.map(groupOf) },
    problems: [],
  };
}
