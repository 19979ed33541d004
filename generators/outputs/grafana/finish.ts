import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

type Json = Record<string, unknown>;

const without = (object: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

/** Keys in a stable order at every depth, whatever order the builders set them in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

/** A table's footer is a setting of its fields since Grafana 12; the SDK still writes the old one, which says that there is none. */
function withoutFooter(panel: Json): Json {
  const { options } = panel as { options?: Json };
  return panel['type'] === 'table' && options !== undefined ? { ...panel, options: without(options, 'footer') } : panel;
}

/**
 * What the SDK leaves undone: panel ids, and fields that it writes but Grafana's classic model does not want. Links and
 * annotations would hide in a menu, and only interval variables know `auto`.
 */
export function finish(dashboard: Dashboard): unknown {
  // The builders leave functions in targets; only data survives this.
  const json = JSON.parse(JSON.stringify(dashboard)) as Json & {
    panels?: Json[];
    links?: Json[];
    templating?: { list?: Json[] };
    annotations?: { list?: Json[] };
  };
  return sorted({
    ...json,
    panels: (json.panels ?? []).map((panel, index) => ({ ...withoutFooter(panel), id: index + 1 })),
    links: (json.links ?? []).map((link) => without(link, 'placement')),
    annotations: { list: (json.annotations?.list ?? []).map((annotation) => without(annotation, 'placement')) },
    templating: {
      list: (json.templating?.list ?? []).map((variable) => without(variable, 'auto', 'auto_min', 'auto_count')),
    },
  });
}
