import { parser } from '@prometheus-io/lezer-promql';
import { substituteVariables } from './syntax.ts';

/** What a query selects, by how the query names it. */
export interface Reads {
  /** Names of metrics, each once, in the order of the query. */
  readonly names: readonly string[];
  /** Regular expressions on the name, as in `{__name__=~"a|b"}`. */
  readonly patterns: readonly string[];
}

/** More than the queries of a build of everything. */
const MAX_KNOWN = 5000;

const known = new Map<string, Reads>();

/** The value of a string literal; of escapes, names of metrics need only those of quotes. */
const unquoted = (literal: string): string => literal.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1');

const NAME_MATCHER = /^__name__\s*(=~|=)\s*(["'`].*)$/s;

function parsed(text: string): Reads {
  const source = substituteVariables(text);
  const names = new Set<string>();
  const patterns = new Set<string>();
  parser.parse(source).iterate({
    enter: ({ name, node, from, to }) => {
      const written = source.slice(from, to);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.add(written);
      // {"a.metric"}: a name that is no identifier, from Prometheus 3 on.
      if (name === 'QuotedLabelName' && node.parent?.name === 'LabelMatchers') names.add(unquoted(written));
      if (name !== 'UnquotedLabelMatcher' && name !== 'QuotedLabelMatcher') return;
      const [, operator, value] = NAME_MATCHER.exec(written) ?? [];
      if (value !== undefined) (operator === '=' ? names : patterns).add(unquoted(value));
    },
  });
  return { names: [...names], patterns: [...patterns] };
}

/**
 * The metrics that a query selects. Grafana variables may stand in it. A query that is no PromQL selects what can still be read of it.
 * @example readsOf('sum(rate(a_total[5m])) / b').names is ['a_total', 'b']
 */
export function readsOf(text: string): Reads {
  const found = known.get(text) ?? parsed(text);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, found);
  return found;
}

const TEXTS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g;
const NAMED = /__name__\s*=~?\s*"([\w:|]+)"/g;
const RECORD = /(?<![\w:.$])[A-Za-z_]\w*(?::\w+)+/g;

/**
 * The records that one of our queries reads: names with colons, which no exporter uses. It scans instead of parsing, as every build asks for those
 * of every panel.
 */
export function recordsIn(text: string): readonly string[] {
  const named = Array.from(text.matchAll(NAMED), ([, names = '']) => names.split('|')).flat();
  const bare = text.replaceAll(TEXTS, '""').replaceAll(/\{[^}]*\}/g, '');
  const written = Array.from(bare.matchAll(RECORD), ([name]) => name);
  return [...new Set([...written, ...named.filter((name) => name.includes(':'))])];
}
