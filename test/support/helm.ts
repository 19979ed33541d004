/**
 * What Helm's `tpl` makes of text whose only actions are string literals, which is how braces are escaped.
 * @throws SyntaxError for any other action: it would be run.
 */
export function rendered(text: string): string {
  const literal = /\{\{-?\s*(?:`([^`]*)`|"([^"\\]*)")\s*-?\}\}/g;
  if (text.replaceAll(literal, '').includes('{{')) throw new SyntaxError(`Helm would run an action of ${text}`);
  return text.replaceAll(literal, (_, raw?: string, quoted?: string) => raw ?? quoted ?? '');
}
