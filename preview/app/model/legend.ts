import { escapeQuoted } from './escape.ts';

/** Labels of a series, its name as `__name__` among them. */
export type Labels = Readonly<Record<string, string>>;

/** A series as Prometheus writes it: `up{job="node"}`. The labels are in order of their names. */
export function seriesNotation(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}="${escapeQuoted(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}

/**
 * What a series is called, by the `legendFormat` of its query: `{{label}}` is the label's value, without a format it is Prometheus' notation.
 * Undefined leaves it to @grafana/data, which tells several series apart by the labels that differ: for `__auto`, unless the series is the
 * only one, and for a series without any label. Variables have to be filled in before.
 */
export function legendOf(format: string | undefined, labels: Labels, isOnlySeries: boolean): string | undefined {
  if (format === '__auto' && !isOnlySeries) return undefined;
  if (format === undefined || format === '' || format === '__auto') return seriesNotation(labels) || undefined;
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
