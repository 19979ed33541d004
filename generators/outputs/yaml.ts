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

/** More than all outputs of one configuration hold. */
const MAX_KNOWN = 10_000;

/** Remembers lines by what they are made of: most comments, rules and values stand in several outputs. */
function memory(): (key: string, make: () => readonly string[]) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (key, make) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const lines = make();
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, lines);
    return lines;
  };
}

const comments = memory();

/** Wraps a comment; line breaks in it start a new paragraph. */
const commentLines = (comment: string): readonly string[] =>
  comments(comment, () =>
    comment.split(/\r\n|[\n\r\u0085\u2028\u2029]/).flatMap((paragraph) => {
      if (!COMMAND.test(paragraph)) return wrapped(paragraph, WIDTH).map((line) => (line === '' ? '#' : `# ${line}`));
      const lines = wrapped(paragraph, WIDTH - 4);
      return lines.map(
        (line, index) => `# ${index === 0 ? '' : '  '}${line}${index === lines.length - 1 ? '' : ' \\'}`,
      );
    }),
  );

const values = memory();

/**
 * Dumps values without comments with js-yaml, which knows all rules of quoting. Removes only the last line break: blank lines before it belong
 * to the text. After a text that ends in several line breaks, js-yaml ends the document with `...`, which is removed too.
 */
const dumped = (value: unknown): readonly string[] =>
  values(JSON.stringify(value), () =>
    dump(value, { lineWidth: -1, noRefs: true })
      .replace(/\n\.\.\.\n$/, '\n')
      .replace(/\n$/, '')
      .split('\n'),
  );

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

/** Adds lines, indented; each once, however deep it lies. */
function add(to: string[], lines: readonly string[], by: string): void {
  for (const line of lines) to.push(line === '' ? '' : by + line);
}

function addItem(to: string[], item: Tree, by: string): void {
  const value = item instanceof Commented ? item.value : item;
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  if (item instanceof Commented) add(to, commentLines(item.comment), by);
  if (!isBranch(value) || !isCommented(value)) {
    add(to, dumped([plain(value)]), by);
    return;
  }
  let first = to.length;
  const deeper = `${by}  `;
  addTree(to, value, deeper);
  const shallow = (): string => (to[first] ?? '').slice(deeper.length);
  // The dash goes before the first line of content, after the comments of the item.
  for (; shallow().startsWith('#'); first += 1) to[first] = by + shallow();
  to[first] = `${by}- ${shallow()}`;
}

function addEntry(to: string[], key: string, entry: Tree, by: string): void {
  const value = entry instanceof Commented ? entry.value : entry;
  if (value instanceof Commented) throw new TypeError('a value has one comment');
  if (entry instanceof Commented) add(to, commentLines(entry.comment), by);
  const [head = '', ...more] = isBranch(value) && isCommented(value) ? dumped({ [key]: null }) : [];
  // Below a key of several lines, comments are not possible.
  if (head === '' || more.length > 0 || head.startsWith('?')) {
    add(to, dumped({ [key]: plain(value) }), by);
    return;
  }
  to.push(by + head.replace(/ null$/, ''));
  addTree(to, value, `${by}  `);
}

function addTree(to: string[], tree: Tree, by: string): void {
  if (!isBranch(tree) || !isCommented(tree)) add(to, dumped(plain(tree)), by);
  else if (Array.isArray(tree)) for (const item of tree as readonly Tree[]) addItem(to, item, by);
  else
    for (const [key, value] of Object.entries(tree)) {
      if (value !== undefined) addEntry(to, key, value, by);
    }
}

function treeLines(tree: Tree): readonly string[] {
  const lines: string[] = [];
  addTree(lines, tree, '');
  return lines;
}

/** A generated YAML document: the notice, the header, and the data with its comments. */
export const yamlDocument = (header: string, tree: Tree): string =>
  `${[...commentLines(NOTICE), ...commentLines(header), ...treeLines(tree)].join('\n')}\n`;
