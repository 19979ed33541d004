/** Texts of the code blocks of a language, without the indentation of the list around them. */
export function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'));
  return [...fences].map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

/** Code within lines, outside of blocks. */
export const inlineCode = (markdown: string): string[] =>
  [...markdown.replaceAll(/^( *)```\w*\n[\s\S]*?^\1```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
