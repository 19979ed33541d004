import { didYouMean } from './nearest.ts';

/** What the options of a Prometheus variable are asked with. Variables in it are not yet filled in. */
export type VariableQuery =
  | { readonly kind: 'label_values'; readonly selector: string | undefined; readonly label: string }
  | { readonly kind: 'label_names'; readonly selector: string | undefined }
  | { readonly kind: 'metrics'; readonly pattern: string }
  | { readonly kind: 'query_result'; readonly expr: string }
  | { readonly kind: 'series'; readonly selector: string };

const FUNCTIONS = ['label_values', 'label_names', 'metrics', 'query_result'];

/** The text of a query in both of its shapes: as text, or as an object with `query`. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query.trim();
  const inner = (query as { readonly query?: unknown } | null | undefined)?.query;
  return typeof inner === 'string' ? inner.trim() : undefined;
}

/** `label` or `selector, label`: the label is what follows the last comma. */
function labelValues(inside: string): VariableQuery | undefined {
  const [, selector, label] = /^(?:(.+),)?\s*(\$?\w+|\$\{\w+\}|\[\[\w+\]\])$/s.exec(inside.trim()) ?? [];
  return label === undefined ? undefined : { kind: 'label_values', selector: selector?.trim(), label };
}

function called(name: string, inside: string): VariableQuery | undefined {
  if (name === 'label_values') return labelValues(inside);
  if (name === 'label_names')
    return { kind: 'label_names', selector: inside.trim() === '' ? undefined : inside.trim() };
  if (inside.trim() === '') return undefined;
  if (name === 'metrics') return { kind: 'metrics', pattern: inside.trim() };
  return { kind: 'query_result', expr: inside.trim() };
}

/**
 * Reads what the options of a Prometheus variable are asked with: `label_values(up, job)`, `label_values(job)`, `label_names()`,
 * `metrics(^node_)`, `query_result(topk(5, up))`, or a selector of series; as text or as `{ query }`.
 *
 * @throws Error that shows the query when it is none of these
 */
export function parseVariableQuery(query: unknown): VariableQuery {
  const text = textOf(query);
  if (text === undefined || text === '') throw new Error('has no query');
  const [, name = '', inside = ''] = /^(\w+)\s*\((.*)\)$/s.exec(text) ?? [];
  if (name === '') return { kind: 'series', selector: text };
  if (!FUNCTIONS.includes(name)) throw new Error(`query function "${name}" is unknown${didYouMean(name, FUNCTIONS)}`);
  const parsed = called(name, inside);
  if (parsed === undefined) throw new Error(`query "${text}" is incomplete`);
  return parsed;
}

/** All text of a query in which variables may be named. */
export const textsOf = (query: VariableQuery): string[] =>
  Object.entries(query).flatMap(([key, text]) => (key === 'kind' || text === undefined ? [] : [text]));
