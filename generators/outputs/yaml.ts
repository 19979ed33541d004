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

const opened = (item: Tree): readonly [value: Exclude<Tree, Commented>, comment: readonly string[]] => {
  if (!(item instanceof Commented)) return [item, []];
  if (item.value instanceof Commented) throw new TypeError('a value has one comment');
  return [item.value, commentLines(item.comment)];
};

/** The lines of a document, each indented as it is added. */
class Lines {
  readonly #lines: string[] = [];

  add(lines: readonly string[], indent: string): void {
    for (const line of lines) this.#lines.push(line === '' ? '' : indent + line);
  }

  tree(tree: Tree, indent: string): void {
    if (!isBranch(tree) || !isCommented(tree)) this.add(dumped(plain(tree)), indent);
    else if (Array.isArray(tree)) for (const item of tree as readonly Tree[]) this.item(item, indent);
    else {
      for (const [key, value] of Object.entries(tree)) if (value !== undefined) this.entry(key, value, indent);
    }
  }

  item(item: Tree, indent: string): void {
    const [value, comment] = opened(item);
    this.add(comment, indent);
    if (!isBranch(value) || !isCommented(value)) {
      this.add(dumped([plain(value)]), indent);
      return;
    }
    const from = this.#lines.length;
    this.tree(value, `${indent}  `);
    // The dash goes before the first line of content, and the comments above it are those of the item.
    let first = from;
    for (; this.#lines[first]?.trimStart().startsWith('#') === true; first += 1) {
      this.#lines[first] = indent + this.#lines[first]?.slice(indent.length + 2);
    }
    this.#lines[first] = `${indent}- ${this.#lines[first]?.slice(indent.length + 2)}`;
  }

  entry(key: string, entry: Tree, indent: string): void {
    const [value, comment] = opened(entry);
    this.add(comment, indent);
    const [head = '', ...more] = dumped({ [key]: null });
    // Below a key of several lines, comments are not possible.
    if (!isBranch(value) || !isCommented(value) || more.length > 0 || head.startsWith('?')) {
      this.add(dumped({ [key]: plain(value) }), indent);
      return;
    }
    this.add([head.replace(/ null$/, '')], indent);
    this.tree(value, `${indent}  `);
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** A generated YAML document: the notice, the header, and the data with its comments. */
export function yamlDocument(header: string, tree: Tree): string {
  const lines = new Lines();
  lines.add([...commentLines(NOTICE), ...commentLines(header)], '');
  lines.tree(tree, '');
  return lines.text;
}
