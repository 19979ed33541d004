import { rewritten, type Tree } from '../model/tree.ts';

/**
 * Values that a chart passes through Helm's template engine (its function tpl): two braces would start an action. Only for those: in
 * any other file the escape would be read as it stands.
 */
export const escapedForHelm = (tree: Tree): Tree =>
  rewritten(tree, { text: (text) => text.replaceAll('{{', '{{`{{`}}') });
