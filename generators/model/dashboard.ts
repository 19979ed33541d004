import type { Query } from '../promql/index.ts';
import type { Skipped } from './report.ts';

/** One query of a panel. */
export interface PanelTarget {
  readonly expr: Query;
  /** `range`: over the time range. `instant`: at its end. */
  readonly mode: 'range' | 'instant';
  readonly format: 'time_series' | 'table';
  /** Legend of the series, a Grafana template such as `{{source_zone}}`. */
  readonly legend: string;
  /** Name of the query, where a panel type or a transformation asks for one; by default a letter. */
  readonly refId?: string;
}

/** Builds the JSON of a panel: its type, options and field configuration. Builders of Grafana's SDK are such. */
export interface PanelBuilder {
  build(): { readonly type: string };
}

/** A panel without its position. `build` returns a new builder at each call, because those of the SDK are mutable. */
export interface Panel {
  readonly title: string;
  /** Shown on hover: the question that the panel answers, and how to read it. */
  readonly description: string;
  readonly targets: readonly PanelTarget[];
  readonly build: () => PanelBuilder;
}

/** A panel with its stable key, by which a configuration changes or removes it. Width in columns of a 24-column grid. */
export interface PlacedPanel {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly panel: Panel;
}

/** Panels under an optional heading. */
export interface Section {
  readonly title?: string;
  readonly panels: readonly PlacedPanel[];
}

/** A variable of a dashboard. */
export type Variable =
  | {
      readonly kind: 'datasource';
      /** Its label; "Data source" by default. */
      readonly label?: string;
      /** Which data sources are offered: a regular expression on their names, such as `/^prod/`; all by default. */
      readonly regex?: string;
    }
  | {
      readonly kind: 'query';
      readonly name: string;
      readonly label: string;
      readonly description: string;
      /** `label_values(<selector>, <label>)`. */
      readonly query: { readonly selector: Query; readonly label: string };
      /** Whether several values, or All, can be selected; otherwise exactly one. */
      readonly multi: boolean;
    }
  | {
      readonly kind: 'largest';
      readonly name: string;
      readonly label: string;
      readonly description: string;
      /** The values are those of `label` in the answer, the largest sample first: without a choice, that one is chosen. */
      readonly query: { readonly expr: Query; readonly label: string };
    }
  | {
      readonly kind: 'list';
      readonly name: string;
      readonly label: string;
      readonly description: string;
      /** Values with the texts that people read; several can be chosen. */
      readonly options: readonly { readonly value: string; readonly text: string }[];
      /** The value that is chosen at first. */
      readonly first: string;
    };

/** The name of a variable, as queries and links have it. */
export const variableName = (variable: Variable): string => ('name' in variable ? variable.name : variable.kind);

/** Marks on all graphs of a dashboard, where a query has a value: one for each series and moment. */
export interface Annotation {
  readonly name: string;
  readonly expr: Query;
  /** Its title, a Grafana template such as `{{change}}`. */
  readonly title: string;
  readonly text: string;
  readonly colour: string;
}

/** A dashboard, independent of Grafana's JSON. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Start of the time range, such as `now-6h`. */
  readonly from: string;
  readonly refresh: string;
  readonly variables: readonly Variable[];
  readonly sections: readonly Section[];
  readonly annotations?: readonly Annotation[];
  /** Grafana's JSON of it, where a user wrote it: written again, with a version. */
  readonly plain?: Readonly<Record<string, unknown>>;
  /** Panels without data from the chosen source, and why. */
  readonly skipped?: readonly Skipped[];
}
