import { dump } from 'js-yaml';
import { NOTICE } from '../model/artifact.ts';
import { Commented, plain, type Tree } from '../model/tree.ts';

const WIDTH = 110;

/** Words in lines of at most this length. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** A command goes on behind a backslash, so that it can be copied. */
const COMMAND = /^(helm|kubectl|kube-burner) /;

/** Breaks a comment into lines of readable length; paragraphs stay apart. */
function commentLines(comment: string): string[] {
  return comment.split(/\r\n|[\n\r\u0085\u2028\u2029]/).flatMap((paragraph) => {
    if (!COMMAND.test(paragraph)) return wrapped(paragraph, WIDTH).map((line) => (line === '' ? '#' : `# ${line}`));
    const lines = wrapped(paragraph, WIDTH - 4);
    return lines.map((line, index) => `# ${index === 0 ? '' : '  '}${line}${index === lines.length - 1 ? '' : ' \\'}`);
  });
}

/**
 * Anything without comments inside goes through js-yaml, which knows every rule of quoting. Only the last line break is cut:
 * blank lines before it belong to the text. After text that ends in several, js-yaml ends the whole document, which it is not.
 */
const dumped = (value: unknown): string[] =>
  dump(value, { lineWidth: -1, noRefs: true })
    .replace(/\n\.\.\.\n$/, '\n')
    .replace(/\n$/, '')
    .split('\n');

const indent = (lines: readonly string[], by: string): string[] => lines.map((line) => (line === '' ? '' : by + line));

const isBranch = (tree: Tree): tree is readonly Tree[] | { readonly [key: string]: Tree | undefined } =>
  typeof tree === 'object' &&
  tree !== null &&
  !(tree instanceof Commented) &&
  Object.values(tree).some((value) => value !== undefined);

function itemLines(item: Tree): string[] {
  const [value, comment] = item instanceof Commented ? [item.value, commentLines(item.comment)] : [item, []];
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  if (!isBranch(value)) return [...comment, ...dumped([plain(value)])];
  const lines = treeLines(value);
  // The dash goes before the first line of content; comments above it stay comments of the item.
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return [...comment, ...lines.slice(0, first), `- ${lines[first] ?? ''}`, ...indent(lines.slice(first + 1), '  ')];
}

function entryLines(key: string, entry: Tree): string[] {
  const [value, comment] = entry instanceof Commented ? [entry.value, commentLines(entry.comment)] : [entry, []];
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  const [head = '', ...more] = dumped({ [key]: null });
  // A key that takes several lines leaves no place for comments inside.
  if (!isBranch(value) || more.length > 0 || head.startsWith('?'))
    return [...comment, ...dumped({ [key]: plain(value) })];
  return [...comment, head.replace(/ null$/, ''), ...indent(treeLines(value), '  ')];
}

function treeLines(tree: Tree): string[] {
  if (Array.isArray(tree)) return (tree as readonly Tree[]).flatMap(itemLines);
  if (!isBranch(tree)) return dumped(plain(tree));
  return Object.entries(tree).flatMap(([key, value]) => (value === undefined ? [] : entryLines(key, value)));
}

/** A YAML document of ours: the notice, what the file is for, and the data with its comments. */
export const yamlDocument = (header: string, tree: Tree): string =>
  `${[...commentLines(NOTICE), ...commentLines(header), ...treeLines(tree)].join('\n')}\n`;
