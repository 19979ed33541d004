import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import { DURATION, seconds } from '../promql/index.ts';

type Direction = 'above' | 'below';

/** A number that an expression compares with. */
interface Threshold {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** Whether the alert fires above or below the number; undefined where that cannot be told. */
  readonly holds: Direction | undefined;
}

/** A threshold that changed. */
export interface ThresholdChange {
  readonly before: number;
  readonly after: number;
  /** Whether the alert fires for less than before; undefined where that cannot be told. */
  readonly isLooser: boolean | undefined;
}

const OPERATORS: Readonly<Record<string, Direction>> = {
  Gtr: 'above',
  Gte: 'above',
  Lss: 'below',
  Lte: 'below',
};

const flipped = (holds: Direction): Direction => (holds === 'above' ? 'below' : 'above');

/** What leaves the series of its operand as they are, but for labels: a comparison inside decides as it would outside. */
const KEEPS = new Set(['PromQL', 'ParenExpr', 'BinaryExpr']);
const RENAMES = /^(?:label_replace|label_join|sort|sort_desc)\s*\(/;

const childrenOf = (node: SyntaxNode): readonly SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

/** How a condition acts on the whole: as it does by itself, the other way round, or in a way that cannot be told. */
type Sense = 'same' | 'opposite' | 'unknown';

/** The number that a node is, with its sign and in parentheses. */
function numberOf(node: SyntaxNode | undefined, text: string): number | undefined {
  if (node === undefined) return undefined;
  const written = text.slice(node.from, node.to).replaceAll(/[\s()]/g, '');
  const isNumber = ['NumberLiteral', 'NumberDurationLiteral', 'UnaryExpr', 'ParenExpr'].includes(node.name);
  const value = DURATION.test(written) ? seconds(written) : Number(written);
  return isNumber && written !== '' && !Number.isNaN(value) ? value : undefined;
}

/**
 * Numbers that are compared with. On the right of `unless`, what makes a condition easier to meet makes the whole harder to meet. Inside of an
 * aggregation, a function or another comparison, nothing can be told.
 * @param sense how a condition here acts on the whole.
 */
function thresholdsIn(node: SyntaxNode, text: string, sense: Sense = 'same'): readonly Threshold[] {
  const children = childrenOf(node);
  if (node.name !== 'BinaryExpr') {
    const isKept =
      KEEPS.has(node.name) || RENAMES.test(text.slice(node.from, node.to)) || node.name === 'FunctionCallBody';
    return children.flatMap((child) => thresholdsIn(child, text, isKept ? sense : 'unknown'));
  }
  const [left, right] = [children[0], children.at(-1)];
  const holds = children.map(({ name }) => OPERATORS[name]).find((each) => each !== undefined);
  if (holds !== undefined) {
    for (const [side, direction] of [
      [right, holds],
      [left, flipped(holds)],
    ] as const) {
      const value = numberOf(side, text);
      if (side !== undefined && value !== undefined) {
        const other = side === right ? left : right;
        const known = sense === 'same' ? direction : flipped(direction);
        const own = { from: side.from, to: side.to, value, holds: sense === 'unknown' ? undefined : known };
        return [...(other === undefined ? [] : thresholdsIn(other, text, 'unknown')), own];
      }
    }
  }
  const isSet = children.some(({ name }) => ['And', 'Or', 'Unless'].includes(name));
  const isUnless = children.some(({ name }) => name === 'Unless');
  const turned = { same: 'opposite', opposite: 'same', unknown: 'unknown' } as const;
  return children.flatMap((child) => {
    const inside = isSet ? sense : 'unknown';
    return thresholdsIn(child, text, isUnless && child === right ? turned[inside] : inside);
  });
}

const read = (text: string): readonly Threshold[] =>
  [...thresholdsIn(parser.parse(text).topNode, text)].toSorted((a, b) => a.from - b.from);

/** An expression without the numbers that it compares with, and without layout. */
function frameOf(text: string, thresholds: readonly Threshold[]): string {
  const blank = thresholds.reduceRight((rest, { from, to }) => `${rest.slice(0, from)}#${rest.slice(to)}`, text);
  // Spaces inside of strings count.
  return blank.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\s+/g, (part) =>
    part.trim() === '' ? ' ' : part,
  );
}

/**
 * How two expressions differ, where only the numbers do that they compare with; undefined where they differ otherwise.
 * @example thresholdChanges('a > 1', 'a > 2') is [{ before: 1, after: 2, isLooser: true }]
 */
export function thresholdChanges(before: string, after: string): readonly ThresholdChange[] | undefined {
  const [some, others] = [read(before), read(after)];
  if (some.length !== others.length || frameOf(before, some) !== frameOf(after, others)) return undefined;
  return some.flatMap((one, index) => {
    const other = others[index];
    if (other === undefined || one.value === other.value) return [];
    const isHigher = other.value > one.value;
    const isLooser = one.holds === undefined ? undefined : (one.holds === 'above') === isHigher;
    return [{ before: one.value, after: other.value, isLooser }];
  });
}
