/** Strings (of three kinds), comments and names are skipped whole; brackets change the depth; operators count outside of brackets only. */
const TOKEN = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[\w:$.]+|[()[\]{}]|[-+*/%^=!<>]/g;

const WORD_OPERATORS = new Set(['and', 'or', 'unless', 'atan2']);

/**
 * Whether an operator stands outside of all brackets, so that what is put beside the query could take it apart. Queries are
 * built from many parts, so this scans instead of parsing; a needless yes (`offset -5m`) costs a pair of parentheses.
 */
export function isOperation(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^[([{]$/.test(token)) depth += 1;
    else if (/^[)\]}]$/.test(token)) depth -= 1;
    else if (depth === 0 && (/^[-+*/%^=!<>]$/.test(token) || WORD_OPERATORS.has(token.toLowerCase()))) return true;
  }
  return false;
}
