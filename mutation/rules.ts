import { load } from 'js-yaml';
import type { WrittenGroup as Group, WrittenRule as Rule } from '../generators/index.ts';
import { labelsOf, type RecordLabels } from './labels.ts';
import { parse, type Reads, selectorsOf } from './syntax.ts';

export type { Group, Rule };

/** The groups of a rule file. @throws YAMLException when it is no YAML. */
export const groupsOf = (text: string): readonly Group[] => (load(text) as { groups: readonly Group[] }).groups;

/** What a rule is called in reports: its record, or its alert with the severity, as tiers of an alert share the name. */
export const nameOf = ({ record, alert, labels }: Rule): string =>
  record ?? `${alert ?? '?'}${labels?.['severity'] === undefined ? '' : ` (${labels['severity']})`}`;

/** The metrics that rules write about alerts. */
const ALERT_METRICS = ['ALERTS', 'ALERTS_FOR_STATE'];

/** Which rules a query reads directly. */
export function readers(query: string): (rule: Rule) => boolean {
  const selectors = selectorsOf(query);
  return ({ record, alert }) =>
    selectors.some(({ reads, equal }) =>
      record === undefined
        ? ALERT_METRICS.some((name) => reads(name)) && [alert, undefined].includes(equal['alertname'])
        : reads(record),
    );
}

/** The rules that some queries need, directly or through other rules. */
export function needed(rules: readonly Rule[], queries: readonly string[]): ReadonlySet<Rule> {
  const found = new Set<Rule>();
  const pending = [...queries];
  for (let query = pending.pop(); query !== undefined; query = pending.pop()) {
    const isRead = readers(query);
    for (const rule of rules) {
      if (found.has(rule) || !isRead(rule)) continue;
      found.add(rule);
      pending.push(rule.expr);
    }
  }
  return found;
}

/** Whether any of the queries reads a metric. */
function reading(queries: readonly string[]): Reads {
  const selectors = queries.flatMap(selectorsOf);
  const known = new Map<string, boolean>();
  return (name) => {
    const isRead = known.get(name) ?? selectors.some(({ reads }) => reads(name));
    known.set(name, isRead);
    return isRead;
  };
}

/** Groups with only these rules, some replaced by others. */
export const reduced = (groups: readonly Group[], become: (rule: Rule) => readonly Rule[]): readonly Group[] =>
  groups
    .map(({ name, rules }) => ({ name, rules: rules.flatMap((rule) => become(rule)) }))
    .filter(({ rules }) => rules.length > 0);

/** The series, by their selectors, that any of the queries reads. */
export function seriesRead<S extends { readonly series: string }>(
  series: readonly S[],
  queries: readonly string[],
): readonly S[] {
  const isRead = reading(queries);
  return series.filter((one) => isRead(/^[^{]*/.exec(one.series)?.[0] ?? ''));
}

/** The labels of the records of some rules, as far as their expressions tell. */
export function recordLabels(rules: readonly Rule[]): RecordLabels {
  const byName = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.record === undefined) continue;
    byName.set(rule.record, [...(byName.get(rule.record) ?? []), rule]);
  }
  const known = new Map<string, ReadonlySet<string> | undefined>();
  const labels: RecordLabels = (name) => {
    if (known.has(name)) return known.get(name);
    // A record that reads itself has the labels that it gets otherwise.
    known.set(name, new Set());
    const found = byName
      .get(name)
      ?.flatMap(({ expr, labels: own = {} }) => [...(labelsOf(parse(expr), expr, labels) ?? []), ...Object.keys(own)]);
    known.set(name, found === undefined ? undefined : new Set(found));
    return known.get(name);
  };
  return labels;
}
