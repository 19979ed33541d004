import type { VariableQuery } from './variable-query.ts';

/** The value that means all options. */
export const ALL = '$__all';

/** A value to choose, and what people read for it. */
export interface VariableOption {
  readonly value: string;
  readonly text: string;
}

/** How options are sorted, as Grafana numbers it: 0 not at all, then by letters, by number, without case, naturally; odd up, even down. */
export type VariableSort = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What all kinds of variables have. */
interface VariableBase {
  readonly name: string;
  /** What people read before it; its name where it has none. */
  readonly label: string;
  readonly description: string;
  /** What is left out of the page: nothing, the label, or all of it. */
  readonly hide: 'nothing' | 'label' | 'variable';
  readonly multi: boolean;
  readonly includeAll: boolean;
  /** The expression that stands for All; undefined is all of the options. */
  readonly allValue: string | undefined;
  /** A value may be chosen that is not among the options. */
  readonly allowCustomValue: boolean;
  /** The values that the dashboard was saved with, which may be `$__all`. */
  readonly current: readonly string[] | undefined;
}

/** Where the options of a kind come from. */
export type VariableKind =
  | { readonly kind: 'datasource'; readonly pluginId: string; readonly regex: string }
  | {
      readonly kind: 'query';
      /** With its variables not yet filled in. */
      readonly query: VariableQuery;
      readonly regex: string;
      readonly sort: VariableSort;
      /** The uid of its data source, often a variable. */
      readonly datasource: string | undefined;
    }
  | { readonly kind: 'custom' | 'interval'; readonly options: readonly VariableOption[] }
  | { readonly kind: 'textbox' | 'constant'; readonly value: string }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** A variable of a dashboard. */
export type Variable = VariableBase & VariableKind;
