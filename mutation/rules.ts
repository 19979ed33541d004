import { load } from 'js-yaml';
import type { RecordLabels } from './labels.ts';
import { argumentsOf, childOf, parse, type Reads, selectorsOf } from './syntax.ts';

/** A rule as a rule file holds it. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A group of rules as a rule file holds it. */
export interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

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
export function reading(queries: readonly string[]): Reads {
  const selectors = queries.flatMap(selectorsOf);
  const known = new Map<string, boolean>();
  return (name) => {
    const isRead = known.get(name) ?? selectors.some(({ reads }) => reads(name));
    known.set(name, isRead);
    return isRead;
  };
}

/** The labels of the records of some rules, as far as their outermost aggregation tells. */
export function recordLabels(rules: readonly Rule[]): RecordLabels {
  const known = new Map(
    rules.flatMap(({ record, expr, labels = {} }) => {
      const grouped = record === undefined ? undefined : groupedBy(expr);
      return record === undefined || grouped === undefined
        ? []
        : [[record, new Set([...grouped, ...Object.keys(labels)])] as const];
    }),
  );
  return (name) => known.get(name);
}

function groupedBy(expr: string): string[] | undefined {
  const node = parse(expr);
  const modifier = node.name === 'AggregateExpr' ? childOf(node, 'AggregateModifier') : undefined;
  if (modifier === undefined || childOf(modifier, 'By') === undefined) return undefined;
  // A choice keeps the labels of what it chooses from.
  if (argumentsOf(node).length !== 1) return undefined;
  const list = childOf(modifier, 'GroupingLabels');
  return list?.children.map(({ from, to }) => expr.slice(from, to));
}
