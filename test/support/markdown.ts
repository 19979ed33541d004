/** Texts of the code blocks of a language, without the indentation of the list around them. */
export function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, 'gm'));
  return [...fences].map(([, indent = '', text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

/** Code within lines, outside of blocks. */
export const inlineCode = (markdown: string): string[] =>
  [...markdown.replaceAll(/^( *)```\w*\n[\s\S]*?^\1```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');

/** What stands below a heading, up to the next one of its level or above. @throws TypeError when there is no such heading. */
export function section(markdown: string, title: string): string {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.replace(/^##+ /, '') === title && line !== title);
  if (start === -1) throw new TypeError(`no section ${title}`);
  const level = lines[start]?.indexOf(' ');
  const end = lines.findIndex((line, index) => index > start && new RegExp(`^#{2,${level}} `).test(line));
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
}

/** The cells of a table's rows: the table of a section whose first column has this title. @throws Error when there is none. */
export function tableRows(markdown: string, heading: string, title: string): string[][] {
  const tables = section(markdown, heading)
    .split(/\n(?!\|)/)
    .map((part) =>
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
  if (rows.length === 0) throw new Error(`no table "${title}" in the section "${heading}"`);
  return rows;
}
