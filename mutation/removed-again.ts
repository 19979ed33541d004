import { namesIn } from './labels.ts';
import { argumentsOf, childOf, type Node } from './syntax.ts';

/** Aggregations of aggregations that are one: the sum of sums is the sum of all. */
const ASSOCIATIVE = new Set(['sum', 'max', 'min', 'group']);

const operatorOf = (aggregate: Node, query: string): string => {
  const operator = childOf(aggregate, 'AggregateOp');
  return operator === undefined ? '' : query.slice(operator.from, operator.to);
};

/**
 * Whether a label that an aggregation keeps beside its own changes no answer, as an aggregation around it removes it again: the same
 * one, or `group`, which reads no values. Between them may be what acts on each series alone and does not look at the label: `and` and
 * `unless` on other labels and, within a sum, a factor for many series.
 * @example sum by (a) (sum by (a, b) (x)) // true of every further label of the inner sum
 */
export function isRemovedAgain(aggregate: Node, label: string, query: string): boolean {
  const operator = operatorOf(aggregate, query);
  const names = (list: Node | undefined) => namesIn(list, query);
  const isFactor = (operation: Node, matching: Node) =>
    operator === 'sum' &&
    ['Mul', 'Div'].includes(operation.name) &&
    childOf(matching, 'GroupLeft') !== undefined &&
    // Which labels are matched and which are copied makes no difference here: it must be none of them.
    !matching.children.flatMap(names).includes(label);
  let node = aggregate;
  for (let { parent } = node; parent !== undefined; { parent } = node) {
    const [left, operation] = parent.children;
    if (parent.name === 'AggregateExpr') {
      const by = childOf(parent, 'AggregateModifier');
      const outer = operatorOf(parent, query);
      return (
        argumentsOf(parent).length === 1 &&
        // Without any list, nothing is kept.
        (by === undefined ||
          (childOf(by, 'By') !== undefined && !names(childOf(by, 'GroupingLabels')).includes(label))) &&
        (outer === 'group' || (outer === operator && ASSOCIATIVE.has(outer)))
      );
    }
    if (parent.name === 'BinaryExpr') {
      const matching = childOf(parent, 'MatchingModifierClause');
      if (left !== node || operation === undefined || matching === undefined) return false;
      if (childOf(matching, 'On') === undefined) return false;
      const isFilter =
        ['And', 'Unless'].includes(operation.name) && !names(childOf(matching, 'GroupingLabels')).includes(label);
      if (!isFilter && !isFactor(operation, matching)) return false;
    } else if (parent.name !== 'ParenExpr' && parent.name !== 'FunctionCallBody') return false;
    node = parent;
  }
  return false;
}
