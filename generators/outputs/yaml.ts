import { dump } from 'js-yaml';
import { NOTICE } from '../model/artifact.ts';
import { Commented, plain, type Tree } from '../model/tree.ts';

const WIDTH = 110;

/** Wraps a text at spaces into lines of at most this length. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** Commands are wrapped with backslashes, so that they can be copied. */
const COMMAND = /^(helm|kubectl|kube-burner|aws) /;

/** Wraps a comment; line breaks in it start a new paragraph. */
function commentLines(comment: string): string[] {
  return comment.split(/\r\n|[\n\r\u0085\u2028\u2029]/).flatMap((paragraph) => {
    if (!COMMAND.test(paragraph)) return wrapped(paragraph, WIDTH).map((line) => (line === '' ? '#' : `# ${line}`));
    const lines = wrapped(paragraph, WIDTH - 4);
    return lines.map((line, index) => `# ${index === 0 ? '' : '  '}${line}${index === lines.length - 1 ? '' : ' \\'}`);
  });
}

/** What was dumped before, by its JSON: most rules and values stand in several outputs. */
const known = new Map<string, readonly string[]>();

/** More than all outputs of one configuration hold. */
const MAX_KNOWN = 10_000;

/**
 * Dumps values without comments with js-yaml, which knows all rules of quoting. Removes only the last line break: blank lines before it belong
 * to the text. After a text that ends in several line breaks, js-yaml ends the document with `...`, which is removed too.
 */
function dumped(value: unknown): readonly string[] {
  const json = JSON.stringify(value);
  const before = known.get(json);
  if (before !== undefined) return before;
  const lines = dump(value, { lineWidth: -1, noRefs: true })
    .replace(/\n\.\.\.\n$/, '\n')
    .replace(/\n$/, '')
    .split('\n');
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(json, lines);
  return lines;
}

const indent = (lines: readonly string[], by: string): string[] => lines.map((line) => (line === '' ? '' : by + line));

const isBranch = (tree: Tree): tree is readonly Tree[] | { readonly [key: string]: Tree | undefined } =>
  typeof tree === 'object' &&
  tree !== null &&
  !(tree instanceof Commented) &&
  Object.values(tree).some((value) => value !== undefined);

/** Whether a comment stands somewhere in a tree. Calls of js-yaml are dear, so all that has none is dumped at once. */
const isCommented = (tree: Tree): boolean =>
  tree instanceof Commented ||
  (typeof tree === 'object' &&
    tree !== null &&
    Object.values<Tree | undefined>(tree).some((value) => value !== undefined && isCommented(value)));

function itemLines(item: Tree): readonly string[] {
  const [value, comment] = item instanceof Commented ? [item.value, commentLines(item.comment)] : [item, []];
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  if (!isBranch(value) || !isCommented(value)) return [...comment, ...dumped([plain(value)])];
  const lines = treeLines(value);
  // The dash goes before the first line of content, after the comments of the item.
  const first = lines.findIndex((line) => !line.startsWith('#'));
  return [...comment, ...lines.slice(0, first), `- ${lines[first] ?? ''}`, ...indent(lines.slice(first + 1), '  ')];
}

function entryLines(key: string, entry: Tree): readonly string[] {
  const [value, comment] = entry instanceof Commented ? [entry.value, commentLines(entry.comment)] : [entry, []];
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  const whole = (): string[] => [...comment, ...dumped({ [key]: plain(value) })];
  if (!isBranch(value) || !isCommented(value)) return whole();
  const [head = '', ...more] = dumped({ [key]: null });
  // Below a key of several lines, comments are not possible.
  if (more.length > 0 || head.startsWith('?')) return whole();
  return [...comment, head.replace(/ null$/, ''), ...indent(treeLines(value), '  ')];
}

function treeLines(tree: Tree): readonly string[] {
  if (!isBranch(tree) || !isCommented(tree)) return dumped(plain(tree));
  if (Array.isArray(tree)) return (tree as readonly Tree[]).flatMap(itemLines);
  return Object.entries(tree).flatMap(([key, value]) => (value === undefined ? [] : entryLines(key, value)));
}

/** A generated YAML document: the notice, the header, and the data with its comments. */
export const yamlDocument = (header: string, tree: Tree): string =>
  `${[...commentLines(NOTICE), ...commentLines(header), ...treeLines(tree)].join('\n')}\n`;
