import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

/** A number that an expression compares with. */
interface Threshold {
  readonly from: number;
  readonly to: number;
  readonly value: number;
  /** Whether the condition holds above or below the number. */
  readonly holds: 'above' | 'below';
}

/** A threshold that changed. */
export interface ThresholdChange {
  readonly before: number;
  readonly after: number;
  /** Whether the alert fires for less than before. */
  readonly isLooser: boolean;
}

const OPERATORS: Readonly<Record<string, 'above' | 'below'>> = {
  Gtr: 'above',
  Gte: 'above',
  Lss: 'below',
  Lte: 'below',
};

const flipped = (holds: 'above' | 'below'): 'above' | 'below' => (holds === 'above' ? 'below' : 'above');

const childrenOf = (node: SyntaxNode): readonly SyntaxNode[] => {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
};

/** The number that a node is, with its sign and in parentheses. */
function numberOf(node: SyntaxNode | undefined, text: string): number | undefined {
  if (node === undefined) return undefined;
  const written = text.slice(node.from, node.to).replaceAll(/[\s()]/g, '');
  const isNumber = ['NumberLiteral', 'NumberDurationLiteral', 'UnaryExpr', 'ParenExpr'].includes(node.name);
  const value = Number(written);
  return isNumber && written !== '' && !Number.isNaN(value) ? value : undefined;
}

/** Numbers that are compared with. On the right of `unless`, what makes a condition easier to meet makes the whole harder to meet. */
function thresholdsIn(node: SyntaxNode, text: string, isExcluded = false): readonly Threshold[] {
  const children = childrenOf(node);
  if (node.name !== 'BinaryExpr') return children.flatMap((child) => thresholdsIn(child, text, isExcluded));
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
        const own = { from: side.from, to: side.to, value, holds: isExcluded ? flipped(direction) : direction };
        return [...(other === undefined ? [] : thresholdsIn(other, text, isExcluded)), own];
      }
    }
  }
  const isUnless = children.some(({ name }) => name === 'Unless');
  return children.flatMap((child) => thresholdsIn(child, text, isUnless && child === right ? !isExcluded : isExcluded));
}

const read = (text: string): readonly Threshold[] =>
  [...thresholdsIn(parser.parse(text).topNode, text)].toSorted((a, b) => a.from - b.from);

/** An expression without the numbers that it compares with, and without layout. */
function frameOf(text: string, thresholds: readonly Threshold[]): string {
  const blank = thresholds.reduceRight((rest, { from, to }) => `${rest.slice(0, from)}#${rest.slice(to)}`, text);
  return blank.replaceAll(/\s+/g, ' ');
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
    return [{ before: one.value, after: other.value, isLooser: one.holds === 'above' ? isHigher : !isHigher }];
  });
}
