import { labelsOf, type RecordLabels } from './labels.ts';
import { isRemovedAgain } from './removed-again.ts';
import { argumentsOf, childOf, type Node, nodesOf, parse } from './syntax.ts';

/** Kinds of mutations of an expression. */
export type ExpressionKind =
  | 'threshold'
  | 'comparison'
  | 'window'
  | 'resolution'
  | 'offset'
  | 'matcher dropped'
  | 'matcher negated'
  | 'label dropped'
  | 'label added'
  | 'function'
  | 'choice'
  | 'operand';

/** Replaces a part of an expression. Offsets count from its beginning. */
export interface Edit {
  readonly kind: ExpressionKind;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>': '>=',
  '>=': '>',
  '<': '<=',
  '<=': '<',
  '==': '!=',
  '!=': '==',
};

const MATCHES: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

const FUNCTIONS: Readonly<Record<string, string>> = {
  rate: 'irate',
  irate: 'rate',
  increase: 'rate',
  delta: 'idelta',
  sum: 'max',
  avg: 'max',
  max: 'min',
  min: 'max',
  count: 'sum',
  max_over_time: 'min_over_time',
  min_over_time: 'max_over_time',
  sum_over_time: 'max_over_time',
  avg_over_time: 'max_over_time',
  count_over_time: 'sum_over_time',
};

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** Seconds of a duration with one unit, such as `5m`; undefined for any other text. */
export function secondsOf(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const size = UNITS.find(([name]) => name === unit)?.[1];
  return size === undefined ? undefined : Number(count) * size;
}

/** A duration in its largest whole unit. */
export function durationOf(seconds: number): string {
  const [unit, size] = UNITS.find(([, candidate]) => seconds % candidate === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}

/** Shorter durations: by a minute (an hour, of days), and half of what is ten minutes or longer. */
function shorter(text: string): string[] {
  const seconds = secondsOf(text);
  if (seconds === undefined || seconds <= 1) return [];
  if (seconds <= 60) return [durationOf(Math.floor(seconds / 2))];
  const next = seconds - (seconds >= 86_400 ? 3600 : 60);
  return seconds >= 600 ? [durationOf(next), durationOf(Math.floor(seconds / 2))] : [durationOf(next)];
}

/** The neighbours of a number: one away from a count, a hundredth or one unit of its last written digit from a ratio. */
export function neighbours(text: string): string[] {
  const [, mantissa = '', exponent = ''] = /^([\d.]+)(e[-+]?\d+)?$/i.exec(text) ?? [];
  if (mantissa === '') return [];
  const written = mantissa.split('.')[1]?.length ?? 0;
  // A quotient, written as precisely as a number can be: a hundredth of itself.
  if (written > 8) return [0.99, 1.01].map((factor) => String(Number(text) * factor));
  const digits = written === 0 ? 0 : Math.max(written, 2);
  const units = Math.round(Number(mantissa) * 10 ** digits);
  return [units - 1, units + 1].map((value) => `${(value / 10 ** digits).toFixed(digits)}${exponent}`);
}

type Operator = (node: Node, query: string, records: RecordLabels) => Edit[];

const textOf = ({ from, to }: Node, query: string): string => query.slice(from, to);
const edit = (kind: ExpressionKind, { from, to }: { from: number; to: number }, text: string): Edit => ({
  kind,
  from,
  to,
  text,
});

/** Numbers of one side of a comparison, also within its arithmetic. */
function numbersIn(node: Node): Node[] {
  if (node.name === 'NumberDurationLiteral') return [node];
  if (!['ParenExpr', 'UnaryExpr', 'BinaryExpr'].includes(node.name)) return [];
  // A comparison within a comparison has its own turn.
  if (node.children.some(({ name }) => name in COMPARISON_NAMES)) return [];
  return node.children.flatMap(numbersIn);
}

const COMPARISON_NAMES: Readonly<Record<string, true>> = {
  Gtr: true,
  Gte: true,
  Lss: true,
  Lte: true,
  Eql: true,
  Neq: true,
};

const comparisons: Operator = (node, query) => {
  const [left, operator] = node.children;
  const right = node.children.at(-1);
  if (node.name !== 'BinaryExpr' || left === undefined || operator === undefined || right === undefined) return [];
  const swapped = COMPARISONS[textOf(operator, query)];
  if (swapped === undefined) return [];
  const numbers = [left, right].flatMap(numbersIn);
  return [
    edit('comparison', operator, swapped),
    ...numbers.flatMap((number) =>
      neighbours(textOf(number, query)).map((text) =>
        // After an operator, `- -1` would be a unary minus twice; parentheses keep it one number.
        edit('threshold', number, text.startsWith('-') ? `(${text})` : text),
      ),
    ),
  ];
};

const durations: Operator = (node, query) => {
  const parts = node.children;
  const [range, step] = parts.filter(({ name }) => name === 'DurationExpr');
  if (node.name === 'OffsetDurationExpr') return shorter(textOf(node, query)).map((text) => edit('offset', node, text));
  if ((node.name !== 'MatrixSelector' && node.name !== 'SubqueryExpr') || range === undefined) return [];
  const seconds = step === undefined ? undefined : secondsOf(textOf(step, query));
  return [
    ...shorter(textOf(range, query)).map((text) => edit('window', range, text)),
    ...(step === undefined || seconds === undefined ? [] : [edit('resolution', step, durationOf(seconds * 2))]),
  ];
};

/** Where an item of a list is, with the comma that goes with it. */
function itemAt(items: readonly Node[], index: number): { from: number; to: number } {
  const item = items[index];
  const [before, after] = [items[index - 1], items[index + 1]];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  if (after !== undefined) return { from: item.from, to: after.from };
  return { from: before?.to ?? item.from, to: item.to };
}

const matchers: Operator = (node, query) => {
  if (node.name !== 'LabelMatchers') return [];
  const items = node.children;
  return items.flatMap((item, index) => {
    const [label, operator] = item.children;
    // Without a name, a selector would be invalid.
    if (label === undefined || operator === undefined || textOf(label, query) === '__name__') return [];
    const negated = MATCHES[textOf(operator, query)];
    return [
      edit('matcher dropped', itemAt(items, index), ''),
      ...(negated === undefined ? [] : [edit('matcher negated', operator, negated)]),
    ];
  });
};

/** Labels that a list could have as well: those of what is grouped, or of both sides of an operation. */
function addable(list: Node, query: string, records: RecordLabels): string[] {
  const clause = list.parent;
  const owner = clause?.parent;
  if (clause === undefined || owner === undefined) return [];
  if (owner.name === 'AggregateExpr') {
    const subject = argumentsOf(owner).at(-1);
    const kept = subject === undefined ? undefined : labelsOf(subject, query, records);
    return [...(kept ?? [])].filter((label) => !isRemovedAgain(owner, label, query));
  }
  // Labels of group_left are copied, not matched.
  const place = clause.children.indexOf(list);
  if (clause.children[place - 1]?.name.startsWith('Group') === true) return [];
  const [left, right] = [owner.children[0], owner.children.at(-1)].map((side) =>
    side === undefined ? undefined : labelsOf(side, query, records),
  );
  const others = clause.children.slice(place + 1).flatMap(({ children }) => children);
  const copied = new Set(others.map((one) => textOf(one, query)));
  return [...(left ?? [])].filter((label) => right?.has(label) === true && !copied.has(label));
}

const labels: Operator = (node, query, records) => {
  if (node.name !== 'GroupingLabels') return [];
  const items = node.children;
  const present = new Set(items.map((item) => textOf(item, query)));
  const added = addable(node, query, records).filter((label) => !present.has(label));
  const end = node.to - 1;
  return [
    ...items.map((_, index) => edit('label dropped', itemAt(items, index), '')),
    ...added.map((label) => edit('label added', { from: end, to: end }, items.length === 0 ? label : `, ${label}`)),
  ];
};

const functions: Operator = (node, query) => {
  if (node.name === 'FunctionIdentifier' || node.name === 'AggregateOp') {
    const other = FUNCTIONS[textOf(node, query)];
    return other === undefined ? [] : [edit('function', node, other)];
  }
  const chosen = childOf(node, 'AggregateOp');
  const [count] = argumentsOf(node);
  if (chosen === undefined || count?.name !== 'NumberDurationLiteral') return [];
  return [edit('choice', count, String(Number(textOf(count, query)) + 1))];
};

const operands: Operator = (node, query) => {
  const [left, operator] = node.children;
  const right = node.children.at(-1);
  if (node.name !== 'BinaryExpr' || left === undefined || operator === undefined || right === undefined) return [];
  if (!['Or', 'And', 'Unless'].includes(operator.name)) return [];
  const [first, second] = [textOf(left, query), textOf(right, query)];
  const dropped = edit('operand', { from: left.to, to: right.to }, '');
  if (operator.name !== 'Or') return [dropped];
  return [
    dropped,
    edit('operand', { from: left.from, to: right.from }, ''),
    edit('operand', node, `${second}${query.slice(left.to, right.from)}(${first})`),
  ];
};

const OPERATORS: readonly Operator[] = [comparisons, durations, matchers, labels, functions, operands];

/**
 * Every mutation of an expression, in the order of its text.
 * @param records the labels of records that it may read.
 * @example editsOf('rate(x[5m]) > 1', () => undefined) // 5m to 4m, rate to irate, > to >=, 1 to 0, 1 to 2
 */
export const editsOf = (query: string, records: RecordLabels): readonly Edit[] =>
  nodesOf(parse(query)).flatMap((node) => OPERATORS.flatMap((operator) => operator(node, query, records)));

/** An expression after an edit. */
export const applied = (query: string, { from, to, text }: Edit): string =>
  query.slice(0, from) + text + query.slice(to);
