import { rewritten, type Tree } from '../model/tree.ts';

const doubled = (text: string): string => text.replaceAll('$', '$$$$');

/** A literal relabelling replacement: a single dollar sign would start a capture group reference. */
export const literal = doubled;

/**
 * A literal container argument: Kubernetes expands `$(NAME)` to an environment variable and `$$` to a single dollar sign.
 * Upstream: Kubernetes, third_party/forked/golang/expansion.
 */
export const argument = doubled;

/** Configuration of an OpenTelemetry collector, which expands $NAME and ${NAME} from its environment and `$$` to a dollar sign. */
export const escapedForCollector = (tree: Tree): Tree => rewritten(tree, { text: doubled });

/**
 * Values that a chart renders with Helm's tpl function, where two braces start a template action. Only for those: elsewhere the escape
 * would end up in the output.
 */
export const escapedForHelm = (tree: Tree): Tree =>
  rewritten(tree, { text: (text) => text.replaceAll('{{', '{{`{{`}}') });
