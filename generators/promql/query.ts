import { isOperation } from './operation.ts';

/** A piece of PromQL that is no expression by itself: a label list, a duration, a quoted string, a number. */
export class Fragment {
  readonly text: string;
  /** Only the helpers of this folder make fragments, each after it checked or escaped what it was given. */
  constructor(text: string) {
    this.text = text;
  }
}

/** A PromQL expression. Made by the `promql` tag and by `selector`; its text is readable over several lines. */
export class Query {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What the `promql` tag accepts between `${` and `}`: never a plain string, so nothing reaches a query unescaped. */
export type Interpolation = Query | Fragment | number;

const describe = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));

const MARK = '\uE000';

/** Removes the indentation that all lines share, and blank lines at both ends. */
function dedent(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .trimEnd()
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n');
}

const indentBy = (text: string, indent: string): string => text.replaceAll('\n', `\n${indent}`);

/** The text of a query where it is put: in parentheses unless what stands around it already encloses it. */
function embed(query: Query, before: string, after: string): string {
  const opens = /(^|[(,])\s*$/.test(before);
  const closes = /^\s*($|[),])/.test(after);
  const indent = /[^\n]*$/.exec(before)?.[0].match(/^\s*/)?.[0] ?? '';
  if ((opens && closes) || !isOperation(query.text)) return indentBy(query.text, indent);
  return query.text.includes('\n')
    ? `(\n${indent}  ${indentBy(query.text, `${indent}  `)}\n${indent})`
    : `(${query.text})`;
}

/**
 * Makes a query from a template. Interpolated queries keep their meaning: a binary operation is put in parentheses where its
 * neighbours could take it apart, and several lines are indented to where they stand.
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
  const parts = dedent(strings.join(MARK)).split(MARK);
  let text = parts[0] ?? '';
  values.forEach((value, index) => {
    const after = parts[index + 1] ?? '';
    // What follows decides about parentheses; another interpolation right behind counts as "not closed".
    const following = after.trim() === '' && index + 1 < values.length ? MARK : after;
    if (value instanceof Query) text += embed(value, text, following);
    else if (value instanceof Fragment) text += value.text;
    // A power binds tighter than a sign: -2 ^ 2 is -4.
    else text += value < 0 ? `(${value})` : String(value);
    text += after;
  });
  return new Query(text);
}
