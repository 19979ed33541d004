import { isMatcherOperator, type Matcher, type Matchers } from './selector.ts';

const ONE = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(?:,|$)/y;

/** The text between quotes, without its escapes. */
const unquote = (text: string): string =>
  text.slice(1, -1).replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char));

/**
 * Reads matchers as PromQL writes them between braces, with or without the braces: `type="Trace", verdict!="DROPPED"`.
 * Undefined where the text is no such list.
 */
export function parseMatchers(text: string): Matchers | undefined {
  const list = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const found: Record<string, readonly Matcher[]> = {};
  ONE.lastIndex = 0;
  while (ONE.lastIndex < list.length) {
    const [, label = '', operator = '', value = ''] = ONE.exec(list) ?? [];
    if (label === '' || !isMatcherOperator(operator)) return undefined;
    found[label] = [...(found[label] ?? []), { operator, value: unquote(value) }];
  }
  return list === '' ? undefined : found;
}
