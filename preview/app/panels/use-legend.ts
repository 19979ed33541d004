import { type DataFrame, FieldType, getFieldDisplayName } from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { type PanelContext, SeriesVisibilityChangeMode, usePanelContext } from '@grafana/ui';
import { useMemo, useState } from 'react';

const NONE: ReadonlySet<string> = new Set();

const namesOf = (data: readonly DataFrame[]): string[] =>
  data.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => getFieldDisplayName(field, frame, [...data])),
  );

/** Which series are hidden after a click on some: it isolates them, and shows all again when they already are. */
function hiddenAfter(
  hidden: ReadonlySet<string>,
  all: readonly string[],
  clicked: readonly string[],
  mode: SeriesVisibilityChangeMode,
): ReadonlySet<string> {
  const others = new Set(all.filter((name) => !clicked.includes(name)));
  if (mode === SeriesVisibilityChangeMode.SetExactly) return others;
  if (mode === SeriesVisibilityChangeMode.ToggleSelection) {
    const isIsolated = hidden.size === others.size && [...others].every((name) => hidden.has(name));
    return isIsolated ? NONE : others;
  }
  const toggled = new Set(hidden);
  for (const name of clicked) if (!toggled.delete(name)) toggled.add(name);
  return toggled;
}

/** Frames whose hidden series are not drawn; the legend still lists them. */
const withHidden = (data: readonly DataFrame[], hidden: ReadonlySet<string>): DataFrame[] =>
  data.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      if (!hidden.has(getFieldDisplayName(field, frame, [...data]))) return field;
      const custom = field.config.custom as { readonly hideFrom?: object } | undefined;
      const hideFrom = { ...custom?.hideFrom, viz: true, tooltip: true };
      return { ...field, config: { ...field.config, custom: { ...custom, hideFrom } } };
    }),
  }));

/** A legend that acts: a click on a series isolates it, one with Ctrl hides it, one on a column's head sorts. */
export function useLegend(data: readonly DataFrame[], given: VizLegendOptions) {
  const outer = usePanelContext();
  const [hidden, setHidden] = useState(NONE);
  const [sort, setSort] = useState({ sortBy: given.sortBy, sortDesc: given.sortDesc });
  const frames = useMemo(() => (hidden.size === 0 ? [...data] : withHidden(data, hidden)), [data, hidden]);
  const context: PanelContext = {
    ...outer,
    onToggleSeriesVisibility: (label, mode) =>
      setHidden((before) => (label === null ? NONE : hiddenAfter(before, namesOf(data), [label].flat(), mode))),
    onToggleLegendSort: (sortBy) =>
      setSort((before) => ({ sortBy, sortDesc: before.sortBy === sortBy ? before.sortDesc !== true : true })),
  };
  // A chart is made anew when other series are to be drawn.
  return { frames, context, legend: { ...given, ...sort }, revision: [...hidden].join('\0') };
}
