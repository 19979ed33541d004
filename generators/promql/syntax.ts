import { parser } from '@prometheus-io/lezer-promql';

/** Where a query stops being PromQL. Line and column count from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  /** The line with a caret under the place. */
  readonly excerpt: string;
}

/**
 * Replaces Grafana's variables by literals of the same length, so that positions stay true: an interval inside brackets, a
 * number elsewhere. Variables inside string literals are left, as any text is legal there.
 */
function substituteVariables(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\])*"|\$\{[^}]*\}|\$\w+/g, (token) => {
    if (token.startsWith('"')) return token;
    return (/interval|range/.test(token) ? '5m' : '1').padEnd(token.length);
  });
}

/** Parses a query and returns the first problem, or undefined when it is PromQL. Syntax only: types are promtool's affair. */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  const source = substituteVariables(text);
  if (source.trim() === '') return { line: 1, column: 1, excerpt: '(empty)' };
  let at: number | undefined;
  parser.parse(source).iterate({
    enter: (node) => {
      if (node.type.isError) at ??= node.from;
    },
  });
  if (at === undefined) return undefined;
  const before = text.slice(0, at).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return {
    line: before.length,
    column,
    excerpt: `${text.split('\n')[before.length - 1] ?? ''}\n${' '.repeat(column - 1)}^`,
  };
}
