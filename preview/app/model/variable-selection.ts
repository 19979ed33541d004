import type { ScopedValue } from './interpolate.ts';
import { ALL, type Variable, type VariableOption } from './variable.ts';

/** What is chosen of a variable. */
export interface Selection {
  readonly all: boolean;
  /** The chosen values; empty when all are, or when there is nothing to choose. */
  readonly values: readonly string[];
}

const EVERYTHING: Selection = { all: true, values: [] };

const meansAll = (variable: Variable, values: readonly string[]): boolean =>
  variable.includeAll && values.some((value) => value === ALL || value === 'All');

/** Of these values those that are among the options. */
export const keepKnown = (values: readonly string[], options: readonly VariableOption[]): string[] =>
  values.filter((value) => options.some((option) => option.value === value));

const atMost = (variable: Variable, values: readonly string[]): readonly string[] =>
  variable.multi ? values : values.slice(0, 1);

/** What the address asks for. A value that is not among the options counts if the variable allows it, as it does in Grafana. */
function asked(
  variable: Variable,
  options: readonly VariableOption[],
  wanted: readonly string[],
): Selection | undefined {
  if (meansAll(variable, wanted)) return EVERYTHING;
  const chosen = [...new Set(wanted.filter((value) => value !== ALL))];
  const known = keepKnown(chosen, options);
  const allowed = variable.allowCustomValue ? chosen.filter((value) => value !== '' || known.includes('')) : known;
  return allowed.length === 0 ? undefined : { all: false, values: atMost(variable, allowed) };
}

/** What the dashboard was saved with, as far as it still exists; then the first option. */
function saved(variable: Variable, options: readonly VariableOption[]): Selection {
  const current = variable.current ?? [];
  if (meansAll(variable, current)) return EVERYTHING;
  const known = keepKnown(current, options);
  const first = options.slice(0, 1).map(({ value }) => value);
  return { all: false, values: atMost(variable, known.length === 0 ? first : known) };
}

/**
 * What is chosen: what the address asks for (`wanted`, undefined when it says nothing), or else what the dashboard was saved with, or else the
 * first option. After a change of a variable that this one depends on, pass `keepKnown(wanted, options)`, so that what is gone is dropped.
 */
export function selectionOf(
  variable: Variable,
  options: readonly VariableOption[],
  wanted: readonly string[] | undefined,
): Selection {
  switch (variable.kind) {
    case 'constant':
      return { all: false, values: [variable.value] };
    case 'textbox':
      return { all: false, values: [wanted?.[0] ?? variable.current?.[0] ?? variable.value] };
    default:
      return asked(variable, options, wanted ?? []) ?? saved(variable, options);
  }
}

/** The values as addresses carry them. */
export const urlValues = (selection: Selection): readonly string[] => (selection.all ? [ALL] : selection.values);

/** What takes the variable's place in texts: All is `allValue` as it is, if there is one, and all of the options otherwise. */
export function scopedValue(variable: Variable, selection: Selection, options: readonly VariableOption[]): ScopedValue {
  const multi = variable.multi || variable.includeAll;
  const url = urlValues(selection);
  if (selection.all && variable.allValue !== undefined)
    return { value: variable.allValue, text: 'All', multi, raw: true, url };
  if (selection.all) return { value: options.map(({ value }) => value), text: 'All', multi, url };
  const textOf = (value: string): string => options.find((option) => option.value === value)?.text ?? value;
  const value = variable.multi ? selection.values : (selection.values[0] ?? '');
  return { value, text: selection.values.map(textOf).join(' + '), multi, url };
}
