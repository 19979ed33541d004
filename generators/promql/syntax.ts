import { parser } from '@prometheus-io/lezer-promql';

/** The place of a syntax error. Line and column count from 1. */
interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  /** The line, with a caret under the error. */
  readonly excerpt: string;
}

/**
 * Replaces Grafana variables with literals of the same length, so that positions stay correct: intervals with a duration, others with
 * a number. Variables in string literals stay, as any text is valid there.
 */
export function substituteVariables(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\])*"|\$\{[^}]*\}|\$\w+/g, (token) => {
    if (token.startsWith('"')) return token;
    return (/interval|range/.test(token) ? '5m' : '1').padEnd(token.length);
  });
}

/** Queries without an error: a program that builds again and again, such as the preview, has mostly the same ones. */
const sound = new Set<string>();

/** More than one configuration has. */
const MAX_SOUND = 5000;

/** The first syntax error of a query; undefined if there is none. It checks the syntax only; promtool checks types. */
export function syntaxProblem(text: string): SyntaxProblem | undefined {
  if (sound.has(text)) return undefined;
  const problem = parsed(text);
  if (sound.size >= MAX_SOUND) sound.clear();
  if (problem === undefined) sound.add(text);
  return problem;
}

function parsed(text: string): SyntaxProblem | undefined {
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
