/** What became of a panel. `quiet` has no data, but says so itself, by the text that its field options give for it. */
export type PanelState = 'loading' | 'drawn' | 'empty' | 'quiet' | 'failed';

/** A panel on the page; those of collapsed rows are not. */
export interface PanelReport {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly state: PanelState;
  /** Why it failed; empty otherwise. */
  readonly message: string;
}

/** Something in a dashboard that Grafana, or the preview, does not know. */
export interface PageProblem {
  /** Title of the panel, or null for what belongs to the dashboard. */
  readonly panel: string | null;
  readonly message: string;
}

/** A text that does not fit its place. */
export interface CutOff {
  readonly panel: string;
  readonly text: string;
}

/** What the page tells whoever drives it, as `window.azimuthPreview`. */
export interface PageState {
  readonly uid: string;
  readonly revision: number;
  /** Every panel on the page has its data, or its failure, and is drawn. */
  readonly settled: boolean;
  readonly problems: readonly PageProblem[];
  readonly panels: readonly PanelReport[];
  /** Measured when called. */
  readonly cutOff: () => readonly CutOff[];
}
