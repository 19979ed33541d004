import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel as SdkPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Query } from '../promql/index.ts';
import type { Skipped } from './report.ts';

/** One query of a panel. */
export interface PanelTarget {
  readonly expr: Query;
  /** `range` draws over time, `instant` reads the end of the time range. */
  readonly mode: 'range' | 'instant';
  readonly format: 'time_series' | 'table';
  /** Name of the series in legends; a Grafana template such as `{{source_zone}}`. */
  readonly legend: string;
}

/** A panel without its place. `build` makes a new SDK builder at each call, as builders are mutable. */
export interface Panel {
  readonly title: string;
  /** What the panel answers and how to read it; shown on hover. */
  readonly description: string;
  readonly targets: readonly PanelTarget[];
  readonly build: () => Builder<SdkPanel>;
}

/** A panel under its stable key, by which a configuration changes or removes it. Width in columns of 24. */
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
  | { readonly kind: 'datasource' }
  | {
      readonly kind: 'query';
      readonly name: string;
      readonly label: string;
      readonly description: string;
      /** `label_values(<selector>, <label>)`. */
      readonly query: { readonly selector: Query; readonly label: string };
      /** Several values and All at once; otherwise exactly one value. */
      readonly multi: boolean;
    };

/** A dashboard, free of Grafana's JSON. */
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
  /** Panels that the chosen source cannot fill, and why. */
  readonly skipped?: readonly Skipped[];
}
