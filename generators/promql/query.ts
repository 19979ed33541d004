/** A piece of PromQL that is not an expression: a label list, a duration, a quoted string. */
export class Fragment {
  readonly text: string;
  /** Only the helpers of this folder build fragments, from text that they have checked or escaped. */
  constructor(text: string) {
    this.text = text;
  }
}

/** More than the queries of a build of everything. */
const MAX_KNOWN = 20_000;

/** What is known of texts: most queries are the same in every configuration, and embedded many times. */
const operations = new Map<string, boolean>();

/** A PromQL expression, built by the `promql` tag or by `selector`; its text is laid out over several lines. */
export class Query {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** Whether it needs parentheses beside an operator. */
  get operation(): boolean {
    const known = operations.get(this.text);
    if (known !== undefined) return known;
    if (operations.size >= MAX_KNOWN) operations.clear();
    const operation = isOperation(this.text);
    operations.set(this.text, operation);
    return operation;
  }
}

/** A query that a user wrote; its text stays as it is. */
export const asWritten = (text: string): Query => new Query(text);

/** Values that the `promql` tag accepts between `${` and `}`: never a plain string, so no text reaches a query unescaped. */
export type Interpolation = Query | Fragment | number;

/** Strings of three kinds, and comments. */
const TEXTS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*/g;

const BRACKETS = /([()[\]{}])/;
const OPENING = new Set('([{');

const OPERATOR = /[-+*/%^=!<>]|(?<![\w:$.])(?:and|or|unless|atan2)(?![\w:$.])/i;

/**
 * Whether an operator stands outside of all brackets, so that an operator next to the query could change its meaning. It scans instead
 * of parsing, as queries are built from many parts; a false positive (`offset -5m`) only costs a pair of parentheses.
 */
export function isOperation(text: string): boolean {
  let depth = 0;
  // Brackets stand at every second place.
  return text
    .replaceAll(TEXTS, '""')
    .split(BRACKETS)
    .some((part, index) => {
      if (index % 2 === 0) return depth === 0 && OPERATOR.test(part);
      depth += OPENING.has(part) ? 1 : -1;
      return false;
    });
}

const describe = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));

/** The query without indentation, where its length matters. A line break is never inside of a string. */
export const flat = (query: Query): Query => new Query(query.text.replaceAll(/\n +/g, '\n'));

const MARK = '\uE000';

/** Removes the common indentation, and blank lines at both ends. */
function dedent(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n');
}

const templates = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The fixed parts of a template without their common indentation; found out once for each place in the code. */
function partsOf(strings: TemplateStringsArray): readonly string[] {
  const parts = templates.get(strings) ?? dedent(strings.join(MARK)).split(MARK);
  templates.set(strings, parts);
  return parts;
}

const indentBy = (text: string, indent: string): string =>
  indent === '' ? text : text.replaceAll('\n', `\n${indent}`);

/** The text of a query inside another: in parentheses, unless its surroundings enclose it already. */
function embed(query: Query, before: string, after: string): string {
  const ahead = before.trimEnd();
  const opens = ahead === '' || ahead.endsWith('(') || ahead.endsWith(',');
  const closes = /^\s*($|[),])/.test(after);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const indent = line.slice(0, line.length - line.trimStart().length);
  if ((opens && closes) || !query.operation) return indentBy(query.text, indent);
  return query.text.includes('\n')
    ? `(\n${indent}  ${indentBy(query.text, `${indent}  `)}\n${indent})`
    : `(${query.text})`;
}

/**
 * Builds a query from a template. Interpolated queries keep their meaning: a binary operation gets parentheses where an operator
 * next to it could change that meaning, and multi-line text is indented to its position.
 *
 * @throws TypeError when a value is undefined, a plain string or a number that is not finite: all are bugs of the caller.
 */
export function promql(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Query {
  values.forEach((value: unknown, index) => {
    if (value instanceof Query || value instanceof Fragment) return;
    if (typeof value === 'number' && Number.isFinite(value)) return;
    throw new TypeError(
      `promql: value ${index + 1} (after ${describe(strings[index]?.slice(-30))}) is ${describe(value)}, ` +
        'expected a query, a fragment (labels, duration, quoted) or a finite number',
    );
  });
  const parts = partsOf(strings);
  let text = parts[0] ?? '';
  values.forEach((value, index) => {
    const after = parts[index + 1] ?? '';
    // The text after a query decides about parentheses; another interpolation right behind it does not close it.
    const following = after.trim() === '' && index + 1 < values.length ? MARK : after;
    if (value instanceof Query) text += embed(value, text, following);
    else if (value instanceof Fragment) text += value.text;
    // `^` binds tighter than a sign: -2 ^ 2 is -4.
    else text += value < 0 ? `(${value})` : String(value);
    text += after;
  });
  return new Query(text);
}
