/** Texts of the code blocks of a language, without the indentation of the list around them. */
export function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'));
  return [...fences].map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

/** Code within lines, outside of blocks. */
export const inlineCode = (markdown: string): string[] =>
  [...markdown.replaceAll(/^( *)```\w*\n[\s\S]*?^\1```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');

/**
 * The cells of a table's rows: the table of a section (`## heading`) whose first column has this title.
 * @throws Error when there is none.
 */
export function tableRows(markdown: string, section: string, title: string): string[][] {
  const text = markdown.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const tables = text.split(/\n(?!\|)/).map((part) =>
    part
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
  const [, , ...rows] = tables.find(([head]) => head?.[0] === title) ?? [];
  if (rows.length === 0) throw new Error(`no table "${title}" in the section "${section}"`);
  return rows;
}
