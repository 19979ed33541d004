import { rewritten, type Tree } from '../model/tree.ts';

const doubled = (text: string): string => text.replaceAll('$', '$$$$');

/** A relabelling replacement that is taken as it is: a dollar sign would start the reference to a group. */
export const literal = doubled;

/**
 * An argument of a container that is taken as it is: `$(NAME)` would be replaced by a variable, and `$$` stands for one sign.
 * Upstream: Kubernetes, third_party/forked/golang/expansion.
 */
export const argument = doubled;

/** The configuration of an OpenTelemetry collector, which replaces $NAME and ${NAME} by the environment; `$$` stands for one sign. */
export const escapedForCollector = (tree: Tree): Tree => rewritten(tree, { text: doubled });

/**
 * Values that a chart passes through Helm's template engine (its function tpl): two braces would start an action. Only for those: in
 * any other file the escape would be read as it stands.
 */
export const escapedForHelm = (tree: Tree): Tree =>
  rewritten(tree, { text: (text) => text.replaceAll('{{', '{{`{{`}}') });
